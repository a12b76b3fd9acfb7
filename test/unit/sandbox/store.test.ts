import { pbkdf2 } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';

import fc from 'fast-check';

import { CHARACTER } from '../../character';
import { Clock } from '../../../dev/sandbox/clock';
import { compareKeys } from '../../../dev/sandbox/store/keyOrder';
import { CONTROL_PORT, Store, type NewObject } from '../../../dev/sandbox/store/store';
import { checkOnce, encodeKey, readTarget } from '../../../dev/sandbox/http/target';
import { codeOf } from './codeOf';

const slowHash = promisify(pbkdf2);
const bucket = 'examplebucket-1250000000';
const about = { contentType: 'image/png', lastModified: 0 };
let parent: string;
let folder: string;

beforeEach(() => {
	parent = fs.mkdtempSync(path.join(os.tmpdir(), 'sandbox-store-'));
	folder = path.join(parent, 'data');
});
afterEach(() => fs.rmSync(parent, { recursive: true, force: true }));

const openStore = () => new Store(folder, [bucket]);

it.each([
	['..', 'InvalidURI'],
	['../outside', 'InvalidURI'],
	['a/../../outside', 'InvalidURI'],
	['a/./b', 'InvalidURI'],
	['nul\0byte', 'InvalidURI'],
	['/etc/passwd', 'InvalidURI'],
	['\\x', 'InvalidURI'],
	['a\u0018b', 'InvalidURI'],
	['a\u001b', 'InvalidURI'],
	['', 'InvalidURI'],
	['x'.repeat(851), 'KeyTooLong'],
	['云'.repeat(284), 'KeyTooLong'],
])('the key %j is rejected', (key, code) => {
	expect(codeOf(() => openStore().put(bucket, key, Buffer.from('x'), about))).toBe(code);
});

it('every key is stored in the folder of its bucket', () => {
	const store = openStore();
	const keys = ['etc/passwd', 'a//', 'a\\..\\b', 'C:\\x', '...', 'a//b', 'x'.repeat(850), 'con'];
	for (const key of keys) store.put(bucket, key, Buffer.from(key), about);
	expect(fs.readdirSync(parent)).toEqual(['data']);
	expect(fs.readdirSync(folder).sort()).toEqual(['drafts', 'objects']);
	const files = fs.readdirSync(path.join(folder, 'objects', bucket));
	expect(files.every((name) => /^[0-9a-f]{64}(\.json)?$/.test(name))).toBe(true);
	expect(files).toHaveLength(keys.length * 2);
	for (const key of keys) expect(store.read(bucket, key)?.toString()).toBe(key);
});

it('keys that differ in case, slashes or Unicode composition are different objects', () => {
	const store = openStore();
	const keys = ['a', 'A', 'a//b', 'a/b', 'a/', 'é', 'e\u0301', 'a ', '%61'];
	for (const key of keys) store.put(bucket, key, Buffer.from(key), about);
	for (const key of keys) expect(store.read(bucket, key)?.toString()).toBe(key);
	expect(store.keys(bucket)).toHaveLength(keys.length);
});

it('reopening a folder finds its objects and deletes incomplete bodies', () => {
	const store = openStore();
	store.put(bucket, 'kept', Buffer.from('bytes'), { ...about, headers: { 'x-cos-meta-a': 'b' } });
	store.put(bucket, 'broken', Buffer.from('bytes'), about);
	fs.writeFileSync(path.join(folder, 'drafts', 'half'), 'ha');
	const broken = fs
		.readdirSync(path.join(folder, 'objects', bucket))
		.filter((name) => name.endsWith('.json'))
		.map((name) => path.join(folder, 'objects', bucket, name))
		.find((file) => fs.readFileSync(file, 'utf8').includes('broken'));
	fs.appendFileSync(String(broken).replace(/\.json$/, ''), 'more');
	const reopened = openStore();
	expect(reopened.keys(bucket)).toEqual(['kept']);
	expect(reopened.find(bucket, 'kept')).toEqual(store.find(bucket, 'kept'));
	expect(fs.readdirSync(path.join(folder, 'drafts'))).toEqual([]);
});

it('an interrupted body leaves no file behind, even if it is interrupted at once', async () => {
	const store = openStore();
	const brokenBody = (chunks: number) =>
		Readable.from(
			(function* () {
				for (let chunk = 0; chunk < chunks; chunk++) yield Buffer.alloc(100);
				throw new Error('connection lost');
			})(),
		);
	// Keeps all of Node's file threads busy, so that opening a file takes longer.
	const work = Array.from({ length: 8 }, async () => await slowHash('', '', 20_000, 64, 'sha1'));
	await Promise.all(
		[0, 1, 2].map(async (chunks) => {
			await expect(store.receive(brokenBody(chunks))).rejects.toThrow('connection lost');
		}),
	);
	await Promise.all(work);
	expect(fs.readdirSync(path.join(folder, 'drafts'))).toEqual([]);
});

it('keys are listed in the order of their UTF-8 bytes', () => {
	fc.assert(
		fc.property(fc.string({ unit: CHARACTER }), fc.string({ unit: CHARACTER }), (a, b) => {
			const bytes = Buffer.compare(Buffer.from(a), Buffer.from(b));
			expect(Math.sign(compareKeys(a, b))).toBe(bytes);
		}),
	);
});

describe('listing', () => {
	const keys = ['a/1', 'a/2', 'a/b/3', 'a0', 'b', 'c/1', 'c/2', 'd', '😀', '\uFFFD'];
	const fill = () => {
		const store = openStore();
		for (const key of [...keys].reverse()) store.put(bucket, key, Buffer.from(key), about);
		return store;
	};
	const walk = (store: Store, prefix: string, delimiter: string, maxKeys: number) => {
		const found: string[] = [];
		let marker: string | undefined = '';
		for (let page = 0; marker !== undefined && page < 50; page++) {
			const { records, commonPrefixes, nextMarker } = store.list(bucket, {
				prefix,
				marker,
				delimiter,
				maxKeys,
			});
			expect(records.length + commonPrefixes.length).toBeLessThanOrEqual(maxKeys);
			found.push(...records.map((record) => record.key), ...commonPrefixes);
			marker = nextMarker;
		}
		return found.sort(compareKeys);
	};

	it.each([1, 2, 3, 1000])('returns every key once in pages of %d', (maxKeys) => {
		const store = fill();
		expect(walk(store, '', '', maxKeys)).toEqual([...keys].sort(compareKeys));
		expect(walk(store, '', '/', maxKeys)).toEqual(
			['a/', 'a0', 'b', 'c/', 'd', '\uFFFD', '😀'].sort(compareKeys),
		);
		expect(walk(store, 'a/', '/', maxKeys)).toEqual(['a/1', 'a/2', 'a/b/']);
		expect(walk(store, 'zzz', '/', maxKeys)).toEqual([]);
	});

	it('finds 1,000 objects in 100 folders', () => {
		const store = openStore();
		for (let index = 0; index < 1000; index++) {
			const key = `f${index % 100}/${String(index).padStart(5, '0')}`;
			store.put(bucket, key, Buffer.from('x'), about);
		}
		expect(walk(store, '', '/', 30)).toHaveLength(100);
		expect(walk(store, '', '', 30)).toHaveLength(1000);
	});
});

describe('versions', () => {
	let time = 1_000_000;
	const clock = new Clock(() => time);
	const openTimed = () => new Store(folder, [bucket], clock);
	const put = (store: Store, text: string, more: Partial<NewObject> = {}) =>
		store.put(bucket, 'a', Buffer.from(text), { ...about, ...more });
	const seen = (store: Store) => store.read(bucket, 'a')?.toString();

	it('every version of a key is counted, with who wrote it, and so is its deletion', () => {
		const store = openTimed();
		put(store, '1', { writer: 'one' });
		put(store, '2');
		store.delete(bucket, 'a', 'two');
		store.delete(bucket, 'a', 'two');
		store.put(bucket, 'b', Buffer.from('1'), about);
		expect(put(store, '3').version).toBe(4);
		const versions = store.versions().map(({ key, version, writer }) => [key, version, writer]);
		expect(versions).toEqual([
			['a', 1, 'one'],
			['a', 2, CONTROL_PORT],
			['a', 3, 'two'],
			['b', 1, CONTROL_PORT],
			['a', 4, CONTROL_PORT],
		]);
		expect(store.versions().map(({ md5 }) => md5 === null)).toEqual([
			false,
			false,
			true,
			false,
			false,
		]);
		expect(store.newest(bucket, 'a')?.version).toBe(4);
		expect(openTimed().newest(bucket, 'a')?.version).toBe(4);
	});

	it('a version that becomes visible late is neither read nor listed before', () => {
		const store = openTimed();
		put(store, 'late', { visibleAfterMs: 50 });
		expect([seen(store), store.keys(bucket), store.newest(bucket, 'a')?.version]).toEqual([
			undefined,
			[],
			1,
		]);
		time += 49;
		expect(seen(store)).toBeUndefined();
		time += 1;
		expect([seen(store), store.keys(bucket)]).toEqual(['late', ['a']]);
		expect(store.versions()[0]).toMatchObject({ storedAt: time - 50, visibleAt: time });
	});

	it('until a late version is visible, the one before it is', () => {
		const store = openTimed();
		put(store, 'old');
		put(store, 'new', { visibleAfterMs: 10 });
		expect(seen(store)).toBe('old');
		time += 10;
		expect(seen(store)).toBe('new');
	});

	it.each<[what: string, write: (store: Store) => void, left: string | undefined]>([
		['a newer version', (store) => put(store, 'newer'), 'newer'],
		['a deletion', (store) => store.delete(bucket, 'a'), undefined],
	])('%s is not undone by an older version that becomes visible', (_, write, left) => {
		const store = openTimed();
		put(store, 'late', { visibleAfterMs: 10 });
		write(store);
		time += 10;
		expect(seen(store)).toBe(left);
		expect(fs.readdirSync(path.join(folder, 'drafts'))).toEqual([]);
	});
});

describe('in versioned buckets', () => {
	let time = 1_000_000;
	const clock = new Clock(() => time);
	const openVersioned = () => {
		const store = new Store(folder, [bucket], clock);
		store.setVersioned(true);
		return store;
	};
	const put = (store: Store, text: string, visibleAfterMs = 0) =>
		store.put(bucket, 'a', Buffer.from(text), { ...about, visibleAfterMs });
	const texts = (store: Store) =>
		store.remaining(bucket).map(({ versionId }) => {
			const file = store.findVersion(bucket, 'a', versionId)?.stored?.file;
			return file === undefined ? 'marker' : fs.readFileSync(file, 'utf8');
		});
	const removeNewest = (store: Store) =>
		store.deleteVersion(bucket, 'a', store.remaining(bucket)[0]?.versionId ?? '');

	it('a late version that a newer one has overtaken is kept as an older version', () => {
		const store = openVersioned();
		put(store, 'late', 10);
		put(store, 'newer');
		expect(texts(store)).toEqual(['newer']);
		time += 10;
		expect(texts(store)).toEqual(['newer', 'late']);
		removeNewest(store);
		expect(store.read(bucket, 'a')?.toString()).toBe('late');
	});

	it('a late version that was deleted before it could be seen is behind the delete marker', () => {
		const store = openVersioned();
		put(store, 'late', 10);
		store.delete(bucket, 'a');
		time += 10;
		expect(texts(store)).toEqual(['marker', 'late']);
		expect(store.find(bucket, 'a')).toBeUndefined();
	});

	it('what takes the place of a removed version is what the next one overwrites', () => {
		const store = openVersioned();
		put(store, '1');
		put(store, '2');
		removeNewest(store);
		expect(store.newest(bucket, 'a')?.version).toBe(1);
		store.delete(bucket, 'a');
		expect(store.newest(bucket, 'a')).toBeUndefined();
		removeNewest(store);
		expect(store.newest(bucket, 'a')?.version).toBe(1);
		expect(put(store, '4').version).toBe(4);
	});

	it('only what readers see is found again in the folder, and no bytes are left behind', () => {
		const store = openVersioned();
		put(store, '1');
		put(store, '2');
		removeNewest(store);
		put(store, '3');
		expect(texts(openVersioned())).toEqual(['3']);
		expect(fs.readdirSync(path.join(folder, 'objects', bucket))).toHaveLength(2);
		expect(fs.existsSync(path.join(folder, 'versions', bucket))).toBe(false);
	});

	it('emptying a bucket leaves no version', () => {
		const store = openVersioned();
		put(store, '1');
		put(store, '2');
		store.empty(bucket);
		expect([store.remaining(bucket), store.keys(bucket)]).toEqual([[], []]);
		expect(fs.readdirSync(path.join(folder, 'objects', bucket))).toEqual([]);
	});
});

describe('parsing a request target', () => {
	it.each([
		['/a/../b', 'InvalidURI'],
		['/a/%2E%2e/b', 'InvalidURI'],
		['/..%2F..%2Fetc', 'InvalidURI'],
		['/%00', 'InvalidURI'],
		['/%zz', 'InvalidURI'],
		['/%ff', 'InvalidURI'],
		['/a b', 'InvalidURI'],
		['http://host/a', 'InvalidURI'],
		['/a?x=%', 'InvalidURI'],
		['//a', 'InvalidURI'],
		['/%5Ca', 'InvalidURI'],
		['/%1A', 'InvalidURI'],
		[`/a?x=${'1'.repeat(8191)}`, 'InvalidURI'],
		['/a?=1', 'InvalidArgument'],
	])('rejects %s', (target, code) => {
		expect(codeOf(() => readTarget(target))).toBe(code);
	});

	it.each([
		['/a//b', 'a//b'],
		['/a%09%5Cb', 'a\t\\b'],
		['/a%2Fb', 'a/b'],
		['/a+b%20c%2B', 'a+b c+'],
		['/%25', '%'],
		['/...', '...'],
	])('reads %s as the key %j', (target, key) => {
		expect(readTarget(target).key).toBe(key);
	});

	it('keeps all values of a parameter that is given more than once, for the signature', () => {
		const target = readTarget('/a?x=2&x=1&y=3');
		expect([...target.repeated]).toEqual([['x', ['2', '1']]]);
		expect(codeOf(() => checkOnce(target))).toBe('InvalidArgument');
		expect(codeOf(() => checkOnce(readTarget('/a?x=1&X=2')))).toBe('InvalidArgument');
		expect(codeOf(() => checkOnce(readTarget('/a?x=1&y=2')))).toBe('accepted');
	});

	it('is the inverse of encoding a key', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), (key) => {
				fc.pre(key.split('/').every((part) => part !== '.' && part !== '..'));
				fc.pre(!/^[/\\]|[\0\x18-\x1b]/.test(key));
				expect(readTarget(`/${encodeKey(key)}`).key).toBe(key);
			}),
		);
	});
});
