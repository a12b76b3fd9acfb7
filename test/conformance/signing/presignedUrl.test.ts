import COS from 'cos-nodejs-sdk-v5';
import fc from 'fast-check';

import { detectorCopyOperation } from '../../../cos/detections/copy';
import { requestUrl } from '../../../cos/location/endpoint';
import { keyToPath, objectKey } from '../../../cos/location/objectKey';
import { createAccount, presign } from '../../../cos/signing/authorize';
import { presignedQuery } from '../../../cos/signing/signature';
import { objectKeys, queries, sameOrder } from './requests';

const keys = {
	secretId: 'AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q',
	secretKey: 'BQYIM75p8x0iWVFSIgqEKwFprpRSVHlz',
};
// Without characters to encode: the SDK puts the token into the URL as it is.
const TOKEN = 'token-of_temporary.credentials';
const place = {
	bucket: 'examplebucket-1250000000',
	region: 'ap-guangzhou',
	endpoint: 'default',
} as const;
const { location } = createAccount(keys, place);
const temporary = createAccount({ ...keys, securityToken: TOKEN }, place);
const HOST = 'examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com';

// The SDK takes the key time from the temporary credentials it is given. They have to be valid on
// the day the test runs (from a full minute in 2020 until 2096).
const START = 1_600_000_020;
const VALIDITY = 3600;
const UNTIL = 4_000_000_000;

const permanentSdk = new COS({
	SecretId: keys.secretId,
	SecretKey: keys.secretKey,
	UseRawKey: true,
});
const temporarySdk = new COS({
	UseRawKey: true,
	getAuthorization: (_, callback) => {
		callback({
			TmpSecretId: keys.secretId,
			TmpSecretKey: keys.secretKey,
			SecurityToken: TOKEN,
			StartTime: START,
			ExpiredTime: UNTIL,
		});
	},
});

type Query = ReadonlyArray<readonly [name: string, value: string]>;

function sdkUrl(sdk: COS, key: string, query: Query): Promise<string> {
	return new Promise((resolve, reject) => {
		sdk.getObjectUrl(
			{
				Bucket: location.bucket,
				Region: location.region,
				Key: key,
				Sign: true,
				Expires: VALIDITY,
				Query: Object.fromEntries(query),
			},
			(failure: COS.CosError, data) => {
				if (failure) reject(new Error(failure.message));
				else resolve(data.Url);
			},
		);
	});
}

/** Every field of a query, decoded, in order. */
function fields(query: string): string[][] {
	return query
		.split('&')
		.map((part) => [part.split('=')[0], part.split('=').slice(1).join('=')])
		.map((pair) => pair.map((text = '') => decodeURIComponent(text)));
}

/** The SDK sorts its parameters, ours keep the given order: the order does not matter. */
function sorted(list: string[][]): string[] {
	return list.map((pair) => JSON.stringify(pair)).sort();
}

const keysOfObjects = objectKeys.filter((key) => key !== '');

describe('a presigned URL has the same fields as one from Tencent’s SDK', () => {
	const sortedQueries = queries.filter((query) => sameOrder(query.map(([name]) => name)));

	it('with temporary credentials and their key time, for 200 generated keys and queries', async () => {
		await fc.assert(
			fc.asyncProperty(keysOfObjects, sortedQueries, async (key, query) => {
				const theirs = await sdkUrl(temporarySdk, key, query);
				const ours = presignedQuery(
					{ method: 'GET', path: `/${key}`, query, headers: [['host', HOST]] },
					{ ...keys, securityToken: TOKEN },
					{ start: START, end: START + VALIDITY },
				);
				const [address = '', theirQuery = ''] = theirs.split('?');
				expect(address).toBe(requestUrl(location, key));
				expect(sorted(fields(ours))).toEqual(sorted(fields(theirQuery)));
				expect(fields(ours).slice(0, 8)).toEqual(fields(theirQuery).slice(0, 8));
			}),
			{ numRuns: 200, seed: 11 },
		);
	});

	it('with a permanent key, computed again for the key time of the SDK', async () => {
		for (const key of ['image.jpg', '掩码/a b+%.png', '/leading//two.png', "!'()*"]) {
			const theirs = new URL(await sdkUrl(permanentSdk, key, []));
			const [start = 0, end = 0] = (theirs.searchParams.get('q-sign-time') ?? '')
				.split(';')
				.map(Number);
			const ours = presignedQuery(
				{ method: 'GET', path: `/${key}`, query: [], headers: [['host', HOST]] },
				keys,
				{ start, end },
			);
			expect(end - start).toBe(VALIDITY);
			expect(fields(ours)).toEqual(fields(theirs.search.slice(1)));
		}
	});

	it('when the address of a mask is presigned', async () => {
		for (const key of ['mask.png', '掩码/a b+%.png', 'two//slashes.png']) {
			const ours = presign(
				temporary,
				objectKey(key),
				// Presigned URLs are valid from the minute before the present one, and for so long from now on.
				(START + 60) * 1000,
				VALIDITY - 60,
			);
			const theirs = await sdkUrl(temporarySdk, key, []);
			expect(ours.split('?')[0]).toBe(theirs.split('?')[0]);
			expect(fields(ours.split('?')[1] ?? '')).toEqual(fields(theirs.split('?')[1] ?? ''));
		}
	});
});

describe('a smaller copy for a detector', () => {
	it('has the operation among what is signed, as in an address of the SDK', async () => {
		for (const key of ['image.webp', '掩码/a b+%.png']) {
			const operation = detectorCopyOperation();
			const ours = presign(
				temporary,
				objectKey(key),
				(START + 60) * 1000,
				VALIDITY - 60,
				operation,
			);
			const theirs = await sdkUrl(temporarySdk, key, [[operation, '']]);
			const [address, query = ''] = ours.split('?');
			const [theirAddress, theirQuery = ''] = theirs.split('?');
			expect(address).toBe(theirAddress);
			expect(sorted(fields(query))).toEqual(sorted(fields(theirQuery)));
			expect(new URLSearchParams(query).get('q-url-param-list')).toMatch(/^imagemogr2%2f/);
		}
	});
});

describe('the address of an object', () => {
	it('equals the one from Tencent’s SDK, for 500 generated keys', () => {
		fc.assert(
			fc.property(keysOfObjects, (key) => {
				const theirs = permanentSdk.getObjectUrl({
					Bucket: location.bucket,
					Region: location.region,
					Key: key,
					Sign: false,
				});
				expect(`https://${HOST}${keyToPath(key)}`).toBe(theirs);
			}),
			{ numRuns: 500, seed: 12 },
		);
	});
});
