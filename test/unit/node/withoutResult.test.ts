import fc from 'fast-check';

import { compareKeys } from '../../../cos/location/objectKey';
import { keyOfFileid } from '../../../cos/location/resultKey';
import { isInRange, type ListRange } from '../../../cos/requests/list';
import type { ListBucketResult, ListedObject } from '../../../cos/responses/list';
import type { List } from '../../../nodes/ImageRepair/withoutResult/stream';
import { imagesWithoutResult } from '../../../nodes/ImageRepair/withoutResult/withoutResult';
import { rangesToList } from '../../../nodes/ImageRepair/withoutResult/ranges';
import type { ImageFilter } from '../../../nodes/shared/imageFilter';
import { LeftOut } from '../../../nodes/shared/leftOut';
import { fillResultKey } from '../../../nodes/shared/resultKey';
import { resultKeyMatcher } from '../../../nodes/shared/resultKeyMatch';
import { thrownBy } from '../cos/thrown';

const START = Date.parse('2026-01-01T00:00:00Z');

/** A bucket: its keys, and the second in which each was stored. */
type Bucket = ReadonlyMap<string, number>;

function objectOf(key: string, second: number): ListedObject {
	return { key, size: 1, lastModified: new Date(START + second * 1000).toISOString() };
}

interface Lister {
	list: List;
	/** Objects and folders of each page. */
	pages: string[][];
}

/** Lists as the service does: in the order of UTF-8 bytes, names after a further slash as one folder. */
function listerOf(bucket: Bucket, pageSize: number): Lister {
	const sorted = [...bucket.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
	const pages: string[][] = [];
	async function* list(range: ListRange, after = ''): AsyncGenerator<ListBucketResult> {
		const { prefix, includeSubfolders } = range;
		const inRange = sorted.filter((key) => key.startsWith(prefix));
		const entries = [
			...new Set(
				inRange.map((key) => {
					const slash = includeSubfolders ? -1 : key.indexOf('/', prefix.length);
					return slash < 0 ? key : key.slice(0, slash + 1);
				}),
			),
		].filter((entry) => compareKeys(entry, after) > 0);
		for (let start = 0; start === 0 || start < entries.length; start += pageSize) {
			const page = entries.slice(start, start + pageSize);
			pages.push(page);
			const isFolder = (entry: string) => !includeSubfolders && entry.endsWith('/');
			const keys = page.filter((entry) => !isFolder(entry));
			const isLast = start + pageSize >= entries.length;
			yield await Promise.resolve({
				objects: keys.map((key) => objectOf(key, bucket.get(key) ?? 0)),
				folders: page.filter(isFolder),
				...(!isLast && { nextMarker: page.at(-1) }),
			});
		}
	}
	return { list, pages };
}

function filterOf(range: ListRange, templates: readonly string[]): ImageFilter {
	const matchers = templates.map((template) => resultKeyMatcher(template));
	return {
		...range,
		isWanted: ({ key }) => !key.endsWith('/') && !matchers.some((fits) => fits(key)),
		isOtherType: () => false,
		hasTypes: false,
	};
}

/** What it should be, with the whole bucket in memory and in the order of its keys. */
function naive(bucket: Bucket, filter: ImageFilter, templates: readonly string[]): string[] {
	return [...bucket.keys()]
		.sort(compareKeys)
		.filter((key) => isInRange(filter, key) && filter.isWanted({ key }))
		.filter((key) =>
			templates.some((template) => {
				const stored = bucket.get(keyOfFileid(fillResultKey(template, key), key));
				return stored === undefined || stored <= (bucket.get(key) ?? 0);
			}),
		);
}

interface Found {
	keys: string[];
	mostHeld: number;
	pages: string[][];
}

async function find(
	bucket: Bucket,
	range: ListRange,
	templates: readonly string[],
	{ pageSize = 1000, room = 2000, limit = Infinity } = {},
): Promise<Found> {
	const { list, pages } = listerOf(bucket, pageSize);
	const filter = filterOf(range, templates);
	const keys: string[] = [];
	let mostHeld = 0;
	const watch = (held: number) => {
		mostHeld = Math.max(mostHeld, held);
	};
	const leftOut = new LeftOut(filter, true);
	for await (const images of imagesWithoutResult(
		list,
		filter,
		{ templates },
		leftOut,
		room,
		watch,
	)) {
		keys.push(...images.map(({ key }) => key));
		if (keys.length >= limit) break;
	}
	return { keys, mostHeld, pages };
}

const NAMES = [
	'a',
	'a-b',
	'a.b',
	'ab',
	'z',
	'.h',
	'图',
	'\uffee',
	'😀',
	'-x',
	'a-repaired',
	'clean',
];
const FOLDERS = [
	'',
	'in/',
	'in/a/',
	'in/clean/',
	'in/a/clean/',
	'Clean/',
	'clean/',
	'out/in/',
	'in-2/',
];
const EXTENSIONS = ['', '.jpg', '.png', '.'];
const TEMPLATES = [
	'{name}-repaired{extension}',
	'{name}~{extension}',
	'{name}.png',
	'clean/{name}{extension}',
	'Clean/{name}{extension}',
	'/clean/{name}{extension}',
	'/Clean/{name}.jpg',
	'/out/{folder}{name}{extension}',
	'{folder}clean/{name}{extension}',
	'/{folder}clean/{name}{extension}',
	'{name}/{name}{extension}',
	'/{name}/x{extension}',
	'{extension}a{name}',
	'{extension}/a',
	'/all.jpg',
	'one.png',
	'/in/a-{name}{extension}',
	'/in/cl{name}/x.jpg',
	'{name}{extension}-{name}',
	'{folder}{name}.jpg',
	'b{name}{extension}',
];
const PREFIXES = ['', 'in/', 'in/a', 'in/a/', 'in/a.', 'out/', 'in/-', 'i', 'in/clean/'];

const keyOf = fc
	.tuple(fc.constantFrom(...FOLDERS), fc.constantFrom(...NAMES), fc.constantFrom(...EXTENSIONS))
	.map((parts) => parts.join(''));

interface Case {
	bucket: Map<string, number>;
	range: ListRange;
	templates: string[];
	pageSize: number;
	room: number;
}

/** Buckets with results of some of their images, of other images, and of images that are gone. */
const cases: fc.Arbitrary<Case> = fc
	.record({
		images: fc.array(fc.tuple(keyOf, fc.integer({ min: 0, max: 3 })), { maxLength: 40 }),
		results: fc.array(fc.tuple(keyOf, fc.nat(), fc.integer({ min: 0, max: 3 })), {
			maxLength: 40,
		}),
		prefix: fc.constantFrom(...PREFIXES),
		includeSubfolders: fc.boolean(),
		templates: fc.uniqueArray(fc.constantFrom(...TEMPLATES), { minLength: 1, maxLength: 3 }),
		pageSize: fc.integer({ min: 1, max: 12 }),
		room: fc.integer({ min: 0, max: 8 }),
		done: fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10),
	})
	.map(({ images, results, prefix, includeSubfolders, templates, pageSize, room, done }) => {
		const bucket = new Map<string, number>(images);
		images.forEach(([key], index) => {
			if (index >= images.length * done) return;
			for (const template of templates) {
				const result = keyOfFileid(fillResultKey(template, key), key);
				if (!bucket.has(result)) bucket.set(result, 2 + (index % 2));
			}
		});
		for (const [key, which, second] of results) {
			const template = templates[which % templates.length] ?? '';
			bucket.set(keyOfFileid(fillResultKey(template, key), key), second);
		}
		for (const key of bucket.keys()) {
			if (key === '' || key.startsWith('/')) bucket.delete(key);
		}
		return { bucket, range: { prefix, includeSubfolders }, templates, pageSize, room };
	});

describe('images without a result', () => {
	it('are exactly those that a look at every image finds, for any keys, pages and result keys', async () => {
		await fc.assert(
			fc.asyncProperty(cases, async ({ bucket, range, templates, pageSize, room }) => {
				const usable = templates.filter(
					(template) => thrownBy(() => resultKeyMatcher(template)) === undefined,
				);
				fc.pre(usable.length > 0);
				const { keys } = await find(bucket, range, usable, { pageSize, room });
				expect([...keys].sort(compareKeys)).toEqual(naive(bucket, filterOf(range, usable), usable));
			}),
			{ numRuns: 3000, seed: 16 },
		);
	});
});

describe('what is held while fifty pages are listed', () => {
	const PAGE = 100;
	/** Two pages are held before a folder is read by itself, and pages come whole. */
	const FEW = 5 * PAGE;
	const number = (index: number) => String(index).padStart(6, '0');
	const range = { prefix: 'in/', includeSubfolders: true };

	/** Images with results but one in a hundred, and results of images that are gone. */
	function bucketOf(template: string, imageOf: (index: number) => string, count = 2400) {
		const bucket = new Map<string, number>();
		const missing: string[] = [];
		for (let index = 0; index < count; index++) {
			const key = imageOf(index);
			const result = keyOfFileid(fillResultKey(template, key), key);
			if (index % 100 !== 1) bucket.set(key, 0);
			if (index % 100 === 0) missing.push(key);
			else bucket.set(result, 1);
		}
		return { bucket, missing: missing.sort(compareKeys) };
	}
	const flat = (index: number) => `in/IMG_${number(index)}.jpg`;
	const byDay = (index: number) =>
		`in/2026/01/${1000 + Math.floor(index / 90)}/${number(index)}.jpg`;
	const byCamera = (index: number) => `in/cam${Math.floor(index / 800)}/${number(index)}.jpg`;
	const nested = (index: number) =>
		`in/${number(Math.floor(index / 40))}${'-z'.repeat(index % 40)}.jpg`;
	const unordered = (index: number) => `in/${Math.floor(index / 10)}/${(index * 7919) % 2400}x.jpg`;

	test.each<[what: string, template: string, imageOf: (index: number) => string, more: number]>([
		['beside the images, before them', '{name}-repaired{extension}', flat, 0],
		['beside the images, after them', '{name}~{extension}', flat, 0],
		['beside the images, all as PNG', '{name}-repaired.png', flat, 0],
		['before all images', 'A{name}{extension}', flat, 1],
		['after all images', 'repaired_{name}{extension}', flat, 1],
		['in a folder that comes after the images', 'clean/{name}{extension}', flat, 1],
		['in a folder that comes before the images', 'Clean/{name}{extension}', flat, 1],
		['in a folder of each day', 'clean/{name}{extension}', byDay, 0],
		['in a folder of each camera', 'clean/{name}{extension}', byCamera, 4],
		['in another folder', '/cleaned/{folder}{name}{extension}', byCamera, 1],
		['in one folder for each image', '{name}/repaired{extension}', flat, 0],
		['beside images whose names hold one another', '{name}-repaired{extension}', nested, 0],
	])('is a few pages with results %s', async (_, template, imageOf, more) => {
		const { bucket, missing } = bucketOf(template, imageOf);
		const { keys, mostHeld, pages } = await find(bucket, range, [template], {
			pageSize: PAGE,
			room: 2 * PAGE,
		});
		expect(keys).toEqual(missing);
		expect(mostHeld).toBeLessThanOrEqual(FEW);
		expect(pages.length).toBeLessThanOrEqual(Math.ceil(bucket.size / PAGE) + more);
	});

	test('is all results where their order has nothing to do with that of the images', async () => {
		const template = '/cleaned/{name}{extension}';
		const { bucket, missing } = bucketOf(template, unordered);
		const { keys, mostHeld, pages } = await find(bucket, range, [template], {
			pageSize: PAGE,
			room: 2 * PAGE,
		});
		expect(keys).toEqual(missing);
		expect(mostHeld).toBeGreaterThan(2000);
		expect(pages.length).toBeLessThanOrEqual(Math.ceil(bucket.size / PAGE) + 1);
	});
});

test.each<[what: string, template: string, range: ListRange, expected: ListRange[]]>([
	[
		'beside the images: one list',
		'{name}-repaired{extension}',
		{ prefix: 'in/', includeSubfolders: false },
		[{ prefix: 'in/', includeSubfolders: false }],
	],
	[
		'in a subfolder that is listed: one list',
		'clean/{name}{extension}',
		{ prefix: 'in/', includeSubfolders: true },
		[{ prefix: 'in/', includeSubfolders: true }],
	],
	[
		'in a subfolder that is not listed: a list of its own',
		'clean/{name}{extension}',
		{ prefix: 'in/', includeSubfolders: false },
		[
			{ prefix: 'in/', includeSubfolders: false },
			{ prefix: 'in/clean/', includeSubfolders: false },
		],
	],
	[
		'of a prefix: not of the whole folder',
		'{name}-repaired{extension}',
		{ prefix: 'in/2025-', includeSubfolders: false },
		[{ prefix: 'in/2025-', includeSubfolders: false }],
	],
	[
		'in another folder',
		'/cleaned/{folder}{name}{extension}',
		{ prefix: 'in/', includeSubfolders: true },
		[
			{ prefix: 'in/', includeSubfolders: true },
			{ prefix: 'cleaned/in/', includeSubfolders: true },
		],
	],
	[
		'around the images: the larger list alone',
		'/{name}/{folder}x',
		{ prefix: 'in/', includeSubfolders: false },
		[{ prefix: '', includeSubfolders: true }],
	],
])('what is listed for results %s', (_, template, range, expected) => {
	expect(rangesToList([template], range)).toEqual(expected);
});
