import { imageUrl } from '../../../../cos/location/imageUrl';
import { objectKey } from '../../../../cos/location/objectKey';
import { checkResults, resultKey } from '../../../../cos/location/resultKey';
import { requestUrl } from '../../../../cos/location/endpoint';
import {
	downloadRequest,
	inBucketRequest,
	publicImageRequest,
} from '../../../../cos/requests/imageRepair';
import { listRequest } from '../../../../cos/requests/list';
import type { CosRequest } from '../../../../cos/requests/request';
import { secretsOfRequest } from '../../../../cos/requests/sentSecrets';
import { authorize, createAccount, presign } from '../../../../cos/signing/authorize';
import { place } from '../location/examples';

const keys = {
	secretId: 'the-secret-id',
	secretKey: 'the-secret-key',
	securityToken: 'the/token=',
};
const account = createAccount(keys, place);
const NOW = Date.UTC(2025, 8, 9, 20, 2, 20);

const outgoing = ({ method, key, query, headers }: CosRequest) => ({
	method,
	url: requestUrl(account.location, key, query),
	headers,
});

const secretsOf = (request: CosRequest) => secretsOfRequest(account, outgoing(request), NOW);

/** What no request is sent without. */
function always(request: CosRequest): string[] {
	const { Authorization = '' } = authorize(account, outgoing(request), NOW).headers;
	return [...Object.values(keys), Authorization];
}

const key = objectKey('a.png');
const presigned = presign(account, objectKey('masks/m.png'), NOW, 900);
const signatureOf = (url: string) => new URL(url).searchParams.get('q-signature') ?? 'none';

describe('the secrets of a request', () => {
	it('are the keys of the account and what they signed', () => {
		const request = listRequest({ prefix: '', includeSubfolders: true });
		expect(secretsOf(request)).toEqual(always(request));
		expect(secretsOf(request).at(-1)).toMatch(
			/^q-sign-algorithm=sha1&.*&q-signature=[0-9a-f]{40}$/,
		);
	});

	it('leave out a token that there is none of', () => {
		const lasting = createAccount({ secretId: 'id', secretKey: 'key' }, place);
		const request = outgoing(listRequest({ prefix: '', includeSubfolders: true }));
		expect(secretsOfRequest(lasting, request, NOW).slice(0, -1)).toEqual(['id', 'key']);
	});

	it('belong to the request that was signed for its own date, whenever they are asked for', () => {
		const request = outgoing(listRequest({ prefix: '', includeSubfolders: true }));
		const dated = { ...request, headers: { Date: new Date(NOW).toUTCString() } };
		const sent = authorize(account, dated, NOW).headers.Authorization;
		expect(secretsOfRequest(account, dated, NOW + 3_600_000)).toContain(sent);
	});

	it('are the link of a mask and the signature in it', () => {
		const request = downloadRequest(key, { maskUrl: presigned });
		const signature = signatureOf(presigned);
		expect(secretsOf(request)).toEqual([...always(request), presigned, signature]);
		expect(signature).toMatch(/^[0-9a-f]{40}$/);
	});

	it('are the links of all masks of an upload or of a repair in the bucket', () => {
		const given = imageUrl(
			'https://images.example.com/b.png?key=Pa55word%2Bx&width=100',
			'maskUrl',
		);
		const request = inBucketRequest(key, {
			results: checkResults([
				{ target: resultKey('b.png', key), area: { maskUrl: presigned } },
				{ target: resultKey('c.png', key), area: { maskUrl: given } },
				{ target: resultKey('d.png', key), area: {} },
			]),
			returnImageInformation: true,
		});
		const secrets = secretsOf(request);
		expect(secrets.slice(0, 4)).toEqual(always(request));
		expect(secrets).toEqual(expect.arrayContaining([presigned, given, 'Pa55word+x']));
		expect(secrets).not.toContain('100');
	});

	it('are the address of an image with a query or a login', () => {
		const image = imageUrl('https://images.example.com/a.png?v=1', 'imageUrl');
		const mask = imageUrl('https://some:Pa55word@images.example.com/m.png', 'maskUrl');
		const request = publicImageRequest(image, { maskUrl: mask });
		expect(secretsOf(request)).toEqual([...always(request), mask, 'Pa55word', image]);
	});

	it('are not addresses that anybody may know', () => {
		const image = imageUrl('https://images.example.com/a.png', 'imageUrl');
		const request = publicImageRequest(image, { maskUrl: image });
		expect(secretsOf(request)).toEqual(always(request));
	});

	it.each([
		'',
		'{',
		'null',
		'[]',
		'{"rules":{}}',
		'{"rules":[null,{"rule":1}]}',
		'{"rules":[{"rule":"MaskPic=%&x"}]}',
	])('are told of a request with other rules, too: %j', (operations) => {
		const request: CosRequest = {
			method: 'PUT',
			key,
			query: [
				['MaskPic', '////'],
				['detect-url', 'no address'],
			],
			headers: { 'Pic-Operations': operations },
		};
		expect(secretsOf(request)).toEqual(always(request));
	});

	it('are found in a padded MaskPic of the other alphabet', () => {
		const url = 'https://images.example.com/m.png?sign=????>>>>~~~';
		const request: CosRequest = {
			method: 'GET',
			key,
			query: [['MaskPic', Buffer.from(url).toString('base64')]],
			headers: {},
		};
		expect(secretsOf(request)).toContain(url);
	});
});
