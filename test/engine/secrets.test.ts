import { canaries, testSecrets } from './secretsChecks';
import { CANARIES } from './secretsRun';
import { tracesOf } from './secretTraces';

describe('the search for secrets finds', () => {
	const signature = '0123456789abcdef0123456789abcdef01234567';
	const url = `http://127.0.0.1/mask.png?q-sign-algorithm=sha1&q-signature=${signature}`;
	const encoded = Buffer.from(url).toString('base64url');
	test.each<[what: string, text: string]>([
		['a secret key', `{"a":"${CANARIES.secretKey}"}`],
		['a token in a query', `?x-cos-security-token=${CANARIES.token}&b`],
		['a signature', url],
		['a percent-encoded signature', encodeURIComponent(encodeURIComponent(url))],
		['a presigned URL in MaskPic', `?ci-process=ImageRepair&MaskPic=${encoded}`],
		['a presigned URL in a percent-encoded MaskPic', encodeURIComponent(`MaskPic=${encoded}==`)],
		['a signature alone', `StringToSign ${signature}`],
	])('%s', (_, text) => {
		expect(tracesOf(text, canaries)).not.toEqual([]);
	});

	test('nothing in harmless text', () => {
		const harmless = `"etag":"${'ab'.repeat(16)}","requestId":"${encoded.slice(0, 20)}"`;
		expect(tracesOf(harmless, canaries)).toEqual([]);
	});
});

describe('after every fault in every mode', () => {
	testSecrets('faults', { faulty: 200, items: 70, thrown: 70, presigned: 50 });
});
