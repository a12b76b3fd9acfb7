import { requestIdOf } from '../../../../cos/responses/requestId';

const SECRET = 'Zk3vQ9xWmB7tR2pLcY5nHdJ8sGfT4aUe';

describe('the id of a request', () => {
	it('is shown in the form of the service, without a look at what was sent', () => {
		const id = Buffer.from('5ac34406_90fa50_6de_3').toString('base64');
		const secrets = () => {
			throw new Error('asked');
		};
		expect(requestIdOf({ 'x-cos-request-id': id }, secrets)).toBe(id);
		expect(requestIdOf({}, secrets)).toBeUndefined();
	});

	it('is shown in any other form', () => {
		expect(requestIdOf({ 'x-cos-request-id': 'request 1' }, () => [SECRET])).toBe('request 1');
	});

	it.each([
		SECRET,
		SECRET.slice(5, 25),
		Buffer.from(SECRET).toString('base64'),
		Buffer.from(`5ac34406_${SECRET}`).toString('base64'),
		'AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q',
	])('is not shown when it repeats a secret: %s', (id) => {
		expect(requestIdOf({ 'x-cos-request-id': id }, () => [SECRET])).toBeUndefined();
	});

	it('is not shown when it is a signature in Base64', () => {
		const signature = '0123456789abcdef0123456789abcdef01234567';
		const id = Buffer.from(signature).toString('base64');
		expect(requestIdOf({ 'x-cos-request-id': id }, () => [signature])).toBeUndefined();
	});
});
