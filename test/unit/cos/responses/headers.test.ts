import { contentLength, dateOf, header } from '../../../../cos/responses/headers';

describe('a header of a response', () => {
	it.each<[unknown, string | undefined]>([
		['one', 'one'],
		[['one', 'two'], 'one'],
		['', undefined],
		[[], undefined],
		[[''], undefined],
		[7, undefined],
		[undefined, undefined],
	])('with the value %j is read as %j', (value, read) => {
		expect(header({ name: value }, 'name')).toBe(read);
	});

	it('is not a member that every object has', () => {
		expect(header({}, 'constructor')).toBeUndefined();
	});
});

describe('the clock of the service', () => {
	it('is the Date of the response', () => {
		const date = 'Tue, 09 Sep 2025 20:02:20 GMT';
		expect(dateOf({ date })).toBe(Date.UTC(2025, 8, 9, 20, 2, 20));
		expect(dateOf({ date: [date, 'soon'] })).toBe(Date.UTC(2025, 8, 9, 20, 2, 20));
	});

	it.each([{}, { date: '' }, { date: 'soon' }, { date: 7 }])('is unknown with %j', (headers) => {
		expect(dateOf(headers)).toBeNaN();
	});
});

describe('the length of a body', () => {
	it.each([
		['0', 0],
		['288132', 288132],
		[['7', '8'], 7],
		['-1', undefined],
		['1e3', undefined],
		['9'.repeat(16), undefined],
		['', undefined],
		[7, undefined],
	])('told as %j is %j', (value, length) => {
		expect(contentLength({ 'content-length': value })).toBe(length);
	});

	it('is unknown without the header', () => {
		expect(contentLength({})).toBeUndefined();
	});
});
