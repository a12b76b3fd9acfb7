import { readHead } from '../../../../cos/responses/head';

describe('the response to HEAD', () => {
	const stored = 'Tue, 09 Sep 2025 20:02:20 GMT';
	const later = 'Tue, 09 Sep 2025 20:02:50 GMT';
	const storedAt = Date.UTC(2025, 8, 9, 20, 2, 20);

	it('gives size, ETag without quotes, and when the object was stored', () => {
		expect(
			readHead({
				'content-length': '288132',
				etag: '"fa2a3d6081c1037f154401a64eec4b19"',
				'last-modified': stored,
				date: later,
				'content-type': 'image/jpeg',
			}),
		).toStrictEqual({
			size: 288132,
			etag: 'fa2a3d6081c1037f154401a64eec4b19',
			storedAt,
			age: 30_000,
		});
	});

	it('leaves out what is missing, and counts an unknown age as endless', () => {
		expect(readHead({})).toStrictEqual({ storedAt: NaN, age: Infinity });
	});

	it.each<[string, Record<string, unknown>, number, number]>([
		['stored this second', { 'last-modified': stored, date: stored }, storedAt, 0],
		[
			'stored later than the response',
			{ 'last-modified': later, date: stored },
			storedAt + 30_000,
			-30_000,
		],
		['without a Date', { 'last-modified': stored }, storedAt, Infinity],
		['with an invalid Date', { 'last-modified': stored, date: 'soon' }, storedAt, Infinity],
		['without Last-Modified', { date: later }, NaN, Infinity],
		['with an empty Last-Modified', { 'last-modified': '', date: later }, NaN, Infinity],
		['with an invalid Last-Modified', { 'last-modified': 'soon', date: later }, NaN, Infinity],
	])('measures age by the clock of the service: %s', (_, headers, time, age) => {
		expect(readHead(headers)).toStrictEqual({ storedAt: time, age });
	});

	it.each([
		['0', 0],
		['12', 12],
		[['34', '56'], 34],
		['', undefined],
		['many', undefined],
		[7, undefined],
	])('with Content-Length %j has the size %j', (value, size) => {
		expect(readHead({ 'content-length': value }).size).toBe(size);
	});

	it.each([
		['"abc-12"', 'abc-12'],
		['abc', 'abc'],
		['""', ''],
		['"a"b', '"a"b'],
		['', undefined],
	])('with the ETag %j has %j', (value, etag) => {
		expect(readHead({ etag: value }).etag).toBe(etag);
	});

	it('is not filled from members that every object has', () => {
		const headers: unknown = JSON.parse('{"__proto__":{"etag":"x","content-length":"1"}}');
		expect(readHead(headers as Record<string, unknown>)).toStrictEqual({
			storedAt: NaN,
			age: Infinity,
		});
	});
});
