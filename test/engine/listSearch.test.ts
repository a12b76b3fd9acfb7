import { NODE_TYPE, TRIGGER_TYPE } from '../../dev/packageNames';
import { openScene, type Scene } from './bucketAndEngine';

const PNG = 'image/png';
const SOME = Buffer.from('x');
let scene: Scene;

beforeAll(async () => {
	scene = await openScene();
});
afterAll(async () => {
	await scene.close();
});

type Method = 'searchImages' | 'searchFolders';

const search = async (method: Method, filter?: string, paginationToken?: string) =>
	await scene.engine.listSearch({
		nodeType: method === 'searchFolders' ? TRIGGER_TYPE : NODE_TYPE,
		method,
		nodeParameters: {},
		credentials: { bucket: scene.credential },
		filter,
		paginationToken,
	});

type Rows = Array<{ name: string; value: unknown }>;
const values = (rows: Rows) => rows.map(({ value }) => value);
/** Rows that can be chosen: the editor lets no row of a boolean value be. */
const choices = (rows: Rows) => values(rows).filter((value) => typeof value === 'string');

const days = (count: number) => new Date(Date.now() - count * 24 * 3600_000);

async function store(keys: readonly string[], contentType = PNG): Promise<void> {
	const objects = keys.map((key) => ({ key, bytes: SOME }));
	await scene.sandbox.putObjects(objects, contentType);
}

describe('in a bucket that a search looks through', () => {
	beforeAll(async () => {
		await scene.sandbox.deleteObjects();
		const images: Array<[key: string, age: number]> = [
			['a/deep/oldest.png', 9],
			['shop/Kitchen Table.JPG', 1],
			['shop/old/KITCHEN.png', 3],
			['kitchen/b & ü+.webp', 2],
			['top.png', 5],
		];
		for (const [key, age] of images) await scene.sandbox.putObject(key, SOME, PNG, days(age));
		await store(['shop/kitchen.pdf', 'kitchen.tiff', 'a/deep/notes.txt', 'other/'], 'text/plain');
		const large = Buffer.alloc(2.5 * 1024 * 1024);
		await scene.sandbox.putObject('shop/large.png', large, PNG, days(0));
	});

	test('images of all folders come first, newest first, with size and date, then folders', async () => {
		const { results, paginationToken } = await search('searchImages');
		expect(choices(results)).toEqual([
			'shop/large.png',
			'shop/Kitchen Table.JPG',
			'kitchen/b & ü+.webp',
			'shop/old/KITCHEN.png',
			'top.png',
			'a/deep/oldest.png',
			'a/',
			'kitchen/',
			'other/',
			'shop/',
		]);
		expect(results[0]?.name).toMatch(/^shop\/large\.png \(2\.5 MB, \d{4}-\d\d-\d\d\)$/);
		expect(results[6]?.name).toBe('Folder: a/ (to open it, type it in the search)');
		expect(paginationToken).toBeUndefined();
	});

	test.each([
		['shop/', ['shop/large.png', 'shop/Kitchen Table.JPG', 'shop/old/KITCHEN.png', 'shop/old/']],
		[' /shop/old/ ', ['shop/old/KITCHEN.png']],
		['other/', []],
	])('a folder that is typed, %j, shows what is in it', async (filter, expected) => {
		expect(choices((await search('searchImages', filter)).results)).toEqual(expected);
	});

	test.each([
		[
			'kitchen',
			['shop/Kitchen Table.JPG', 'kitchen/b & ü+.webp', 'shop/old/KITCHEN.png', 'kitchen/'],
		],
		['KITCHEN T', ['shop/Kitchen Table.JPG']],
		['SHOP/kit', ['shop/Kitchen Table.JPG']],
		['shop/kitchen', ['shop/Kitchen Table.JPG', 'shop/old/KITCHEN.png']],
		['eep', ['a/deep/oldest.png', 'a/deep/']],
		['nothing like this', []],
	])('%j finds every image whose key holds it, newest first', async (filter, expected) => {
		expect(choices((await search('searchImages', filter)).results)).toEqual(expected);
	});

	test.each([
		[undefined, ['/', 'a/', 'kitchen/', 'other/', 'shop/']],
		['shop/', ['shop/', 'shop/old/']],
		['/shop/', ['shop/', 'shop/old/']],
		['o', ['other/', 'shop/', 'shop/old/']],
		['OLD', ['shop/old/']],
		['eep/', ['a/deep/']],
		['nothing like this', []],
	])('folders for %j are found by any part of their name', async (filter, expected) => {
		expect(values((await search('searchFolders', filter)).results).sort()).toEqual(expected);
	});
});

describe('in a bucket of more objects than a search looks through', () => {
	const images = Array.from({ length: 1203 }, (_, index) => `many/${1000 + index} ü+.jpg`);

	beforeAll(async () => {
		await scene.sandbox.deleteObjects();
		const texts = Array.from({ length: 10_500 }, (_, index) => `first/${10_000 + index}.txt`);
		await store(texts, 'text/plain');
		await store(images);
		await store(['second/Red Bag.png', 'second/third/bag.png']);
	});

	/** A search that has to look through all that it may. */
	const searchThrough = async (method: Method, filter?: string) => {
		await scene.sandbox.resetCalls();
		const found = await search(method, filter);
		const { length } = await scene.sandbox.calls();
		expect(length).toBeGreaterThan(9);
		expect(length).toBeLessThanOrEqual(41);
		return found;
	};

	test('a search says how far it went, and goes on from there', async () => {
		const { results, paginationToken } = await searchThrough('searchImages', 'bag');
		expect(results).toEqual([
			{
				name: 'Only 10,000 files were searched. For more, put the folder first: photos/bag',
				value: false,
			},
		]);
		const further = await search('searchImages', 'bag', paginationToken);
		expect(choices(further.results).sort()).toEqual(['second/Red Bag.png', 'second/third/bag.png']);
		expect(further.paginationToken).toBeUndefined();
	});

	test.each([
		['a folder before the text', 'second/bag', ['second/Red Bag.png', 'second/third/bag.png']],
		['the beginning of the key', 'second/third/b', ['second/third/bag.png']],
		['the folder', 'second/third/', ['second/third/bag.png']],
	])('%s finds what is beyond', async (_, filter, expected) => {
		const { results } = await search('searchImages', filter);
		expect(choices(results).sort()).toEqual(expected);
	});

	test('a folder of more than 1,000 images is shown in pages', async () => {
		const first = await search('searchImages', 'many/');
		const second = await search('searchImages', 'many/', first.paginationToken);
		expect(second.paginationToken).toBeUndefined();
		expect(choices([...first.results, ...second.results]).sort()).toEqual(images);
		const last = first.results.at(-1);
		expect(last?.name).toMatch(/^There are more images/);
		expect(choices([last].flatMap((row) => row ?? []))).toEqual([]);
	});

	test('pages without an image are skipped', async () => {
		const { results, paginationToken } = await searchThrough('searchImages');
		const next = await search('searchImages', undefined, paginationToken);
		expect(choices([...results, ...next.results])).toEqual(
			expect.arrayContaining(images.slice(0, 500)),
		);
	});

	test('a folder is found by part of its name, also below another one', async () => {
		const { results } = await searchThrough('searchFolders', 'THIRD');
		expect(values(results)).toEqual(['second/third/', false]);
	});

	test('a folder without what is searched for is looked through, too', async () => {
		const { results } = await searchThrough('searchImages', 'first/bag');
		expect(choices(results)).toEqual([]);
	});
});

describe('says why there is no list', () => {
	test('without a credential', async () => {
		const request = { nodeType: NODE_TYPE, method: 'searchImages', nodeParameters: {} };
		await expect(scene.engine.listSearch(request)).rejects.toThrow(/credential/i);
	});

	test('with an invalid credential', async () => {
		const bucket = { ...scene.credential, secretKey: 'wrong' };
		const request = { nodeType: NODE_TYPE, nodeParameters: {}, credentials: { bucket } };
		for (const method of ['searchImages', 'searchFolders']) {
			for (const filter of ['', 'bag', 'second/']) {
				await expect(scene.engine.listSearch({ ...request, method, filter })).rejects.toThrow(
					/^The Secret Key does not belong to the Secret ID/,
				);
			}
		}
	});
});
