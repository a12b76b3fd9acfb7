import { readHead } from '../../../../cos/responses/head';

describe('the response to HEAD', () => {
	const stored = 'Tue, 09 Sep 2025 20:02:20 GMT';
	const later = 'Tue, 09 Sep 2025 20:02:50 GMT';
	const storedAt = Date.UTC(2025, 8, 9, 20, 2, 20);

	const own = { 'x-cos-request-id': 'request' };

	it('gives size, ETag without quotes, when the object was stored and when the service looked', () => {
		expect(
			readHead({
				...own,
				'content-length': '288132',
				etag: '"fa2a3d6081c1037f154401a64eec4b19"',
				'last-modified': stored,
				date: later,
				'content-type': 'image/jpeg',
			}),
		).toStrictEqual({
			size: 288132,
			etag: 'fa2a3d6081c1037f154401a64eec4b19',
			requestId: 'request',
			storedAt,
			lookedAt: storedAt + 30_000,
		});
	});

	it('tells how the object is encrypted', () => {
		const head = readHead({ 'x-cos-server-side-encryption': 'cos/kms' });
		expect(head).toStrictEqual({ encryption: 'cos/kms' });
	});

	it('leaves out what is missing', () => {
		expect(readHead({})).toStrictEqual({});
	});

	it('has both times of an object that is stored in the second of the look', () => {
		const head = readHead({ ...own, 'last-modified': stored, date: stored });
		expect([head.storedAt, head.lookedAt]).toEqual([storedAt, storedAt]);
	});

	it.each<[string, Record<string, unknown>]>([
		['stored later than the look', { ...own, 'last-modified': later, date: stored }],
		['without a Date', { ...own, 'last-modified': stored }],
		['with an invalid Date', { ...own, 'last-modified': stored, date: 'soon' }],
		['without Last-Modified', { ...own, date: later }],
		['with an empty Last-Modified', { ...own, 'last-modified': '', date: later }],
		['with an invalid Last-Modified', { ...own, 'last-modified': 'soon', date: later }],
		['from a cache', { ...own, 'last-modified': stored, date: later, age: '0' }],
		['from something in between', { 'last-modified': stored, date: later }],
	])('has no times when it is %s: they would prove nothing', (_, headers) => {
		expect(readHead(headers)).not.toHaveProperty('storedAt');
		expect(readHead(headers)).not.toHaveProperty('lookedAt');
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
		expect(readHead(headers as Record<string, unknown>)).toStrictEqual({});
	});
});
