import { bucketName } from '../../../../cos/location/bucket';
import { objectKey } from '../../../../cos/location/objectKey';
import {
	checkResults,
	keyOfFileid,
	mapResults,
	resultKey,
	sourceAsResult,
	type ResultKey,
} from '../../../../cos/location/resultKey';
import type { InvalidReason } from '../../../../cos/invalidInput';
import { invalidInput } from '../thrown';

const source = objectKey('p1/test1.jpg');
const otherBucket = bucketName('results-1250000000');

describe('a fileid', () => {
	it.each([
		['/p2/test2.jpg', 'p1/test1.jpg', 'p2/test2.jpg', 'is absolute with a leading slash'],
		['p2/test2.jpg', 'p1/test1.jpg', 'p1/p2/test2.jpg', 'is relative without one'],
		['test2.jpg', 'p1/test1.jpg', 'p1/test2.jpg', 'is stored beside the source by its name alone'],
		['test2.jpg', 'test1.jpg', 'test2.jpg', 'is at the top for a source at the top'],
		['p2/test2.jpg', 'test1.jpg', 'p2/test2.jpg', 'makes a folder at the top'],
		['p1/test1.jpg', 'p1/test1.jpg', 'p1/test1.jpg', 'overwrites the source by its own key'],
		['/p1/test1.jpg', 'p1/test1.jpg', 'p1/test1.jpg', 'overwrites it by the absolute key'],
		['test1.jpg', 'p1/test1.jpg', 'p1/test1.jpg', 'overwrites it by the name alone'],
		['/top.jpg', 'a/b/c/d.jpg', 'top.jpg', 'leaves all folders when absolute'],
		['//a.jpg', 'p1/test1.jpg', '/a.jpg', 'keeps a second slash, which no key can begin with'],
	])('%j for %j means %j: it %s', (fileid, sourceKey, key) => {
		expect(keyOfFileid(fileid, sourceKey)).toBe(key);
	});
});

describe('a result key', () => {
	it.each([
		['b.jpg', 'p1/b.jpg'],
		['p2/test2.jpg', 'p1/p2/test2.jpg'],
		['/p2/test2.jpg', 'p2/test2.jpg'],
		['no extension', 'p1/no extension'],
		['.hidden', 'p1/.hidden'],
	])('may be %j, which is stored as %j', (fileid, key) => {
		expect(resultKey(fileid, source)).toStrictEqual({ fileid, key });
		expect(resultKey(fileid, source, otherBucket)).toStrictEqual({
			fileid,
			key,
			bucket: 'results-1250000000',
		});
	});

	it.each<[string, InvalidReason, string]>([
		['', 'fileid.empty', 'is empty'],
		['/', 'fileid.empty', 'is empty'],
		['p2/', 'fileid.folder', '"p2/" ends in "/", so the file would have no name'],
		['/p2/', 'fileid.folder', '"/p2/" ends in "/", so the file would have no name'],
		['../b.jpg', 'key.dotSegment', '"../b.jpg" has "." or ".." as a folder'],
		['/./b.jpg', 'key.dotSegment', '"./b.jpg" has "." or ".." as a folder'],
		['//p2.jpg', 'key.leading', 'begins with a slash, which no key can'],
		['/\\p2.jpg', 'key.leading', 'begins with a backslash, which no key can'],
		['a\0.jpg', 'key.characters', 'holds a character that no key can have'],
		['a\ud83d.jpg', 'key.characters', 'holds a character that no key can have'],
		['a'.repeat(851), 'key.tooLong', 'is longer than 850 bytes'],
	])('may not be %j', (fileid, reason, what) => {
		for (const bucket of [undefined, otherBucket]) {
			const refusal = invalidInput(() => resultKey(fileid, objectKey('a.jpg'), bucket));
			expect(refusal).toMatchObject({ field: 'resultKey', reason, what });
			expect(refusal.advice).toMatch(/^[A-Z].*\.$/);
		}
	});

	it('counts the folder of the source towards its length', () => {
		const deep = objectKey(`${'d'.repeat(400)}/a.jpg`);
		expect(resultKey('b'.repeat(449), deep).key).toHaveLength(850);
		expect(invalidInput(() => resultKey('b'.repeat(450), deep))).toMatchObject({
			field: 'resultKey',
			reason: 'key.tooLong',
		});
		expect(resultKey(`/${'b'.repeat(850)}`, deep).key).toHaveLength(850);
	});

	it.each(['', '/'])('of %j is refused with advice on what a result key can be', (fileid) => {
		const { advice } = invalidInput(() => resultKey(fileid, source));
		expect(advice).toMatch(/relative to the folder of the original/);
	});

	it.each(['p1/test1.jpg', '/p1/test1.jpg', 'test1.jpg'])(
		'may not be %j, which is the source itself, except in another bucket',
		(fileid) => {
			expect(invalidInput(() => resultKey(fileid, source))).toMatchObject({
				field: 'resultKey',
				reason: 'fileid.source',
				what: `"${fileid}" is the original itself, which would be overwritten`,
				advice: expect.stringContaining('Overwrite Original') as string,
			});
			expect(resultKey(fileid, source, otherBucket)).toStrictEqual({
				fileid,
				key: 'p1/test1.jpg',
				bucket: 'results-1250000000',
			});
		},
	);

	it.each(['a.jpg', 'p1/test1.jpg', 'a//b.jpg', '照片/😀.png'])(
		'that replaces the source %j is its key in absolute form',
		(key) => {
			const target = sourceAsResult(objectKey(key));
			expect(target).toStrictEqual({ fileid: `/${key}`, key });
			expect(keyOfFileid(target.fileid, key)).toBe(key);
		},
	);
});

describe('the results of one call', () => {
	const target = (fileid: string, bucket?: string): { target: ResultKey } => ({
		target: resultKey(fileid, source, bucket === undefined ? undefined : bucketName(bucket)),
	});
	const numbered = (count: number) =>
		Array.from({ length: count }, (_, index) => target(`out/${index + 1}.jpg`));

	it.each([1, 2, 5])('may be %i', (count) => {
		const results = numbered(count);
		expect(checkResults(results)).toEqual(results);
	});

	it.each([
		[6, 'holds 5 results, which makes 6 with the first'],
		[20, 'holds 19 results, which makes 20 with the first'],
	])('may not be %i', (count, what) => {
		expect(invalidInput(() => checkResults(numbered(count)))).toMatchObject({
			field: 'results',
			reason: 'results.tooMany',
			values: { count, additional: count - 1, limit: 5 },
			what,
			advice: expect.stringMatching(/up to 5 results.*second Tencent Image Repair node/) as string,
		});
	});

	it.each([
		['in the bucket of the source', target('a.jpg'), target('a.jpg')],
		['written in two ways', target('a.jpg'), target('/p1/a.jpg')],
		['in another bucket', target('a.jpg', 'b-1'), target('/p1/a.jpg', 'b-1')],
		['as the source', { target: sourceAsResult(source) }, { target: sourceAsResult(source) }],
	])('may not have the same key twice %s', (_, one, other) => {
		const { key } = one.target;
		for (const results of [
			[one, other],
			[target('x.jpg'), one, target('y.jpg', 'b-1'), other],
		]) {
			expect(invalidInput(() => checkResults(results))).toMatchObject({
				field: 'results',
				reason: 'results.sameKey',
				values: { key },
				what: `would store two results under "${key}"`,
				advice: 'Give each result a key of its own.',
			});
		}
	});

	it('may have the same key in different buckets', () => {
		const results = [target('a.jpg'), target('a.jpg', 'b-1'), target('a.jpg', 'c-1')];
		expect(checkResults(results)).toEqual(results);
		expect(
			checkResults([{ target: sourceAsResult(source) }, target('test1.jpg', 'b-1')]),
		).toHaveLength(2);
	});

	it('may have keys that differ in case only, or in a folder', () => {
		const results = [target('a.jpg'), target('A.jpg'), target('/a.jpg'), target('/p1//a.jpg')];
		expect(checkResults(results)).toEqual(results);
	});

	it('are changed in order, and keep their targets', () => {
		const results = checkResults(numbered(3).map((one, index) => ({ ...one, area: index })));
		const changed = mapResults(results, ({ area }) => ({ polygons: area }));
		expect(changed).toStrictEqual(numbered(3).map((one, index) => ({ ...one, polygons: index })));
	});
});
