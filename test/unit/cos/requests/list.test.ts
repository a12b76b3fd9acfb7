import { listRequest, probeRequest } from '../../../../cos/requests/list';

describe('the request for a page of a listing', () => {
	it('asks for 1,000 objects by the beginning of their keys, percent-encoded', () => {
		expect(listRequest({ prefix: 'a b/', includeSubfolders: true })).toEqual({
			method: 'GET',
			key: '',
			query: [
				['prefix', 'a b/'],
				['max-keys', '1000'],
				['encoding-type', 'url'],
			],
			headers: {},
		});
	});

	it('groups what is in subfolders, and continues after a marker', () => {
		expect(listRequest({ prefix: '', includeSubfolders: false }, '图', 1).query).toEqual([
			['prefix', ''],
			['delimiter', '/'],
			['max-keys', '1'],
			['encoding-type', 'url'],
			['marker', '图'],
		]);
	});
});

describe('the request that proves keys, bucket and region', () => {
	it('asks the bucket for a single object', () => {
		expect(probeRequest()).toStrictEqual({
			method: 'GET',
			key: '',
			query: [['max-keys', '1']],
			headers: {},
		});
	});
});
