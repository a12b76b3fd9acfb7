import { createHash, createHmac } from 'node:crypto';
import COS from 'cos-nodejs-sdk-v5';

import { percentEncode } from '../../cos/signing/encoding';
import { authorizationHeader, keyTimeAt, type SignableRequest } from '../../cos/signing/signature';
import { picOperations } from './contenders/contender';
import { digits, type Part } from './report';
import { medians } from './statistics';

// The example account of Tencent's documentation, not a real secret.
const KEYS = {
	secretId: 'AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q',
	secretKey: 'BQYIM75p8x0iWVFSIgqEKwFprpRSVHlz',
};
const HOST = 'examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com';

const five = JSON.stringify({
	rules: Array.from({ length: 5 }, (_, n) => ({
		fileid: `/results/${n}.jpg`,
		rule: `ci-process=ImageRepair&MaskPoly=${'W1tbNjA4LDc5NF0sWzEwMjQsNzk0XV1d'.repeat(4)}`,
	})),
});

/** From the smallest request to the largest common one. */
const REQUESTS: Readonly<Record<string, SignableRequest>> = {
	download: {
		method: 'GET',
		path: '/folder/image.jpg',
		query: [['ci-process', 'ImageRepair']],
		headers: [['host', HOST]],
	},
	'repair in bucket': {
		method: 'POST',
		path: '/folder/image.jpg',
		query: [['image_process', '']],
		headers: [
			['host', HOST],
			['content-length', '0'],
			['pic-operations', picOperations(0)],
		],
	},
	'repair in bucket, five results': {
		method: 'POST',
		path: '/folder/image.jpg',
		query: [['image_process', '']],
		headers: [
			['host', HOST],
			['content-length', '0'],
			['pic-operations', five],
		],
	},
};

/** The hashes alone, with Node's own `crypto`: the minimum for any signature. */
function floor(request: SignableRequest, keyTime: string): string {
	const hmac = (key: string, text: string) => createHmac('sha1', key).update(text).digest('hex');
	const text = request.headers.map(([name, value]) => `${name}=${percentEncode(value)}`).join('&');
	const digest = createHash('sha1').update(`${request.path}\n${text}\n`).digest('hex');
	return hmac(hmac(KEYS.secretKey, keyTime), `sha1\n${keyTime}\n${digest}\n`);
}

function sdk({ method, path, query, headers }: SignableRequest, keyTime: string): string {
	return COS.getAuthorization({
		SecretId: KEYS.secretId,
		SecretKey: KEYS.secretKey,
		Method: method as 'GET',
		Key: path.slice(1),
		Query: Object.fromEntries(query),
		Headers: Object.fromEntries(headers),
		KeyTime: keyTime,
		UseRawKey: true,
	} as COS.StaticGetAuthorizationOptions);
}

const SIGNERS = ['floor', 'sdk', 'node'] as const;

/** (d) Microseconds per signature. */
export async function measureSigning(quick: boolean): Promise<Part> {
	const count = quick ? 2000 : 20_000;
	const now = Date.now();
	const keyTime = keyTimeAt(now);
	const text = `${keyTime.start};${keyTime.end}`;
	const sign = {
		floor: (request: SignableRequest) => floor(request, text),
		sdk: (request: SignableRequest) => sdk(request, text),
		node: (request: SignableRequest) => authorizationHeader(request, KEYS, keyTime),
	};
	const measured: Array<{ what: string; microseconds: Readonly<Record<string, number>> }> = [];
	for (const [what, request] of Object.entries(REQUESTS)) {
		if (sign.sdk(request) !== sign.node(request)) {
			throw new Error(`The SDK's signature of "${what}" is different: ${sign.sdk(request)}`);
		}
		const round = (name: (typeof SIGNERS)[number]) => {
			const start = performance.now();
			for (let n = 0; n < count; n++) sign[name](request);
			return Promise.resolve(((performance.now() - start) * 1000) / count);
		};
		measured.push({ what, microseconds: await medians(SIGNERS, 5, round) });
	}
	return {
		letter: 'd',
		title: 'Signing a request, in µs',
		how: `The median of five rounds of ${count} signatures in one process. Before the clock starts, the node and the SDK must produce the same signature for each request. The node signs with \`crypto-js\`, in JavaScript; the SDK and the hashes alone use Node's own \`crypto\`.`,
		columns: ['request', 'hashes alone', "Tencent's SDK", 'this node', 'node / SDK'],
		rows: measured.map(
			({ what, microseconds: { floor: least = NaN, sdk: theirs = NaN, node = NaN } }) => [
				what,
				digits(least),
				digits(theirs),
				digits(node),
				digits(node / theirs),
			],
		),
		goals: [],
		data: measured,
	};
}
