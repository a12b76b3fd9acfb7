import { authenticate } from '../../../credentials/authenticate';

const credential = {
	secretId: 'AKIDEXAMPLE',
	secretKey: 'secret-key',
	bucket: 'examplebucket-1250000000',
	region: 'ap-guangzhou',
};
const url = 'https://examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com/cat.jpg';

test('a request to the bucket of the credential is signed, without redirects', () => {
	const signed = authenticate(credential, { url });
	expect(signed.headers?.Authorization).toMatch(/^q-sign-algorithm=sha1&q-ak=AKIDEXAMPLE&/);
	expect(signed).toMatchObject({ url, disableFollowRedirect: true, qs: {} });
});

test('a field of the credential that is malformed is named, with what to do', () => {
	expect(() => authenticate({ ...credential, bucket: 'examplebucket' }, { url })).toThrow(
		/^Bucket in the credential "examplebucket" is not a full bucket name\. Enter the name with its APPID/,
	);
	expect(() => authenticate({ ...credential, endpoint: 'fastest' }, { url })).toThrow(
		/^Endpoint in the credential is "fastest", which is not on the list\. Choose from the list/,
	);
	expect(() => authenticate({ ...credential, secretKey: 7 }, { url })).toThrow(
		/^Secret Key in the credential is empty\. Open the credential/,
	);
});

test('another host is refused in words that name the right one', () => {
	expect(() => authenticate(credential, { url: 'https://example.com/cat.jpg' })).toThrow(
		'This credential signs requests to its own bucket only, not to example.com. Use an address that begins with https://examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com/.',
	);
});

test('an address that is none is refused as Node.js refuses it', () => {
	expect(() => authenticate(credential, { url: 'cat.jpg' })).toThrow('Invalid URL');
});
