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

describe('what describes a body is signed as it is sent', () => {
	const signedHeaders = (options: Omit<Parameters<typeof authenticate>[1], 'url'>) => {
		const { headers } = authenticate(credential, { url, ...options });
		const list = /q-header-list=([^&]*)/.exec(String(headers?.Authorization))?.[1];
		return { headers, list };
	};
	const bytes = Buffer.from('bytes');

	test('with the type that is given', () => {
		const { headers, list } = signedHeaders({
			method: 'PUT',
			body: bytes,
			headers: { 'content-type': 'image/png', 'Content-MD5': 'x' },
		});
		expect(list).toBe('content-length;content-md5;content-type;date;host');
		expect(headers).toMatchObject({ 'content-type': 'image/png', 'Content-Length': '5' });
		expect(headers).not.toHaveProperty('Content-Type');
	});

	test.each([
		['bytes without a type', bytes, '5'],
		['no body', undefined, '0'],
	])('with a type of its own for %s', (_, body, length) => {
		const { headers, list } = signedHeaders({ method: 'POST', body });
		expect(list).toBe('content-length;content-type;date;host');
		expect(headers).toMatchObject({
			'Content-Type': 'application/octet-stream',
			'Content-Length': length,
		});
	});

	test.each([
		['text, whose type n8n adds', { method: 'PUT' as const, body: 'text' }],
		['a form', { method: 'POST' as const, form: { a: 1 }, headers: { 'Content-Type': 'x' } }],
		['a form with files', { method: 'POST' as const, formData: { a: 1 } }],
		[
			'a form by its type',
			{
				method: 'POST' as const,
				body: { a: 1 },
				headers: { 'Content-Type': 'multipart/form-data' },
			},
		],
		[
			'a form that is made already',
			{
				method: 'POST' as const,
				body: { getHeaders: () => ({}) },
				headers: { 'Content-Type': 'x' },
			},
		],
		['a GET request', { method: 'GET' as const }],
	])('but not for %s', (_, options) => {
		const { headers, list } = signedHeaders(options);
		expect(list).toBe('date;host');
		expect(headers).not.toHaveProperty('Content-Length');
	});
});

describe('a request that somebody else could read is not signed', () => {
	const unverified =
		/^This credential does not sign requests whose server is not verified\. Switch "Ignore SSL Issues" off/;

	test.each([
		['without a check of the certificate', { rejectUnauthorized: false }],
		['without a check of the certificate', { skipSslCertificateValidation: true }],
		['with an authority of its own', { agentOptions: { ca: 'certificate' } }],
		['without a check of the name', { agentOptions: { checkServerIdentity: () => undefined } }],
		['without a check of the certificate', { agentOptions: { rejectUnauthorized: false } }],
		['for another name', { agentOptions: { servername: 'proxy.example.com' } }],
	])('%s: %j', (_, options) => {
		const request = { url, ...options };
		expect(() => authenticate(credential, request)).toThrow(unverified);
		expect(JSON.stringify(request)).not.toContain('q-sign');
	});

	test('unencrypted through a proxy', () => {
		const local = { ...credential, endpoint: 'custom', customDomain: 'http://127.0.0.1:9000' };
		const request = { url: 'http://127.0.0.1:9000/cat.jpg' };
		expect(authenticate(local, { ...request }).headers).toHaveProperty('Authorization');
		expect(() =>
			authenticate(local, { ...request, proxy: { host: 'proxy.example.com', port: 8080 } }),
		).toThrow(/^This credential does not sign requests that pass a proxy unencrypted\. /);
	});

	test.each([
		['with a verified certificate', { rejectUnauthorized: true }],
		['with a verified certificate', { skipSslCertificateValidation: false }],
		[
			'with a certificate of the client',
			{ agentOptions: { cert: 'c', key: 'k', passphrase: 'p' } },
		],
		['through a proxy, encrypted', { proxy: { host: 'proxy.example.com', port: 8080 } }],
	])('but one %s is: %j', (_, options) => {
		expect(authenticate(credential, { url, ...options }).headers).toHaveProperty('Authorization');
	});
});
