import { locateBucket, requestUrl } from '../../../../cos/location/endpoint';
import { objectKey } from '../../../../cos/location/objectKey';
import {
	deleteRequest,
	getRequest,
	headRequest,
	imageInfoRequest,
	putRequest,
} from '../../../../cos/requests/object';

const key = objectKey('照片/a b.jpg');

describe('the request for an object', () => {
	it.each([
		['GET', getRequest(key)],
		['HEAD', headRequest(key)],
		['DELETE', deleteRequest(key)],
	])('by %s has neither parameters nor headers', (method, request) => {
		expect(request).toStrictEqual({ method, key, query: [], headers: {} });
	});

	it('by PUT describes its body', () => {
		expect(putRequest(key, { contentType: 'image/png', contentLength: 0 })).toStrictEqual({
			method: 'PUT',
			key,
			query: [],
			headers: { 'Content-Type': 'image/png', 'Content-Length': '0' },
		});
	});

	it('asks for image information with a parameter that has no value', () => {
		const request = imageInfoRequest(key);
		expect(request).toStrictEqual({
			method: 'GET',
			key,
			query: [['imageInfo', '']],
			headers: {},
		});
		const location = locateBucket({ bucket: 'a-1', region: 'ap-tokyo', endpoint: 'default' });
		expect(requestUrl(location, request.key, request.query)).toBe(
			'https://a-1.cos.ap-tokyo.myqcloud.com/%E7%85%A7%E7%89%87/a%20b.jpg?imageInfo',
		);
	});
});
