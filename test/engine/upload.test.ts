import { authorize, createAccount, headRequest, objectKey, requestUrl } from '../../cos';
import type { EngineItem } from '../../dev/engine/engine';
import { shortenPauses } from '../quickSleep';
import { byKey, image, NODE, type RunSettings, type Scene } from './bucketAndEngine';
import { parameters, PNG, REPAIRS, useFaultScene } from './faultScene';

/** Where the original of an upload goes, and with what. */

let scene: Scene;
let original: Buffer;
useFaultScene((opened) => {
	({ scene, original } = opened);
});

beforeEach(async () => {
	shortenPauses(100);
	await scene.sandbox.deleteObjects();
	await scene.sandbox.resetLedger();
});

const billed = async () =>
	(await scene.sandbox.ledger()).calls.filter((call) => call.billed).length;
const heads = async () =>
	(await scene.sandbox.calls()).filter(({ kind }) => kind === 'head').map(({ key }) => key);
const named = (fileName?: string, content: Buffer = original, mimeType = PNG): EngineItem => ({
	json: {},
	binary: { data: { content, mimeType, fileName } },
});

/** What the service tells of an object. */
async function headersOf(key: string): Promise<Headers> {
	const { secretId, secretKey, bucket, region, url } = scene.sandbox;
	const account = createAccount(
		{ secretId, secretKey },
		{ bucket, region, endpoint: 'custom', customDomain: url },
	);
	const { method, headers } = headRequest(objectKey(key));
	const address = requestUrl(account.location, key);
	const signed = authorize(account, { method, url: address, headers }, Date.now());
	return (await fetch(signed.url, signed)).headers;
}

const retry: RunSettings = {
	node: { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
};

describe('Object Key', () => {
	test('a folder takes in what strangers upload, under names that follow the bytes', async () => {
		const jpeg = await image('jpeg');
		const files: Array<[given: EngineItem, key: string, type: string]> = [
			[named('C:\\fakepath\\cat.png'), 'inbox/cat.png', PNG],
			[named('../../etc/photo.png', jpeg), 'inbox/photo.jpg', 'image/jpeg'],
			[named(' .hidden\r\n'), 'inbox/hidden.png', PNG],
			[named('{id}.png'), 'inbox/{id}.png', PNG],
			[named('x'.repeat(400)), `inbox/${'x'.repeat(196)}.png`, PNG],
			[named(undefined, jpeg), 'inbox/image.jpg', 'image/jpeg'],
		];
		const result = await scene.run(
			parameters('upload', {}, { objectKey: byKey('inbox/') }),
			files.map(([given]) => given),
		);
		expect(result.error).toBeUndefined();
		const output = result.output(NODE).map(({ json }) => json);
		expect(output.map(({ key }) => key)).toEqual(files.map(([, key]) => key));
		const results = output.map(({ results: list }) => (list as Array<{ key: string }>)[0]?.key);
		expect(results.slice(0, 2)).toEqual(['inbox/cat-repaired.png', 'inbox/photo-repaired.jpg']);
		const stored = await scene.sandbox.keys();
		expect(stored).toEqual(expect.arrayContaining([...files.map(([, key]) => key), ...results]));
		expect(await scene.sandbox.getObject('inbox/photo.jpg')).toEqual(jpeg);
		for (const [, key, type] of files) {
			expect([key, (await headersOf(key)).get('content-type')]).toEqual([key, type]);
		}
		expect(await heads()).toEqual(files.map(([, key]) => key));
	});

	test('{date} is the day in the time zone of the workflow, and a typed extension stays', async () => {
		const result = await scene.run(
			parameters('upload', {}, { objectKey: byKey('{date}/typed.png') }),
			[named('a.jpg', await image('jpeg'))],
			{ settings: { timezone: 'Pacific/Kiritimati' } },
		);
		const day = new Date(Date.now() + 14 * 3_600_000).toISOString().slice(0, 10);
		expect(result.output(NODE)[0]?.json.key).toBe(`${day}/typed.png`);
		expect((await headersOf(`${day}/typed.png`)).get('content-type')).toBe('image/jpeg');
	});

	test('a random key is that of all tries: neither a stored upload nor a lost one is paid for again', async () => {
		shortenPauses(30);
		const third = await image('webp');
		await scene.sandbox.setFaults([
			{
				kind: REPAIRS,
				nth: 2,
				times: 1,
				fault: { fault: 'reset', processed: 'later', workMs: 2000 },
			},
			{
				kind: REPAIRS,
				nth: 3,
				times: 1,
				fault: { fault: 'status', status: 403, code: 'AccessDenied' },
			},
		]);
		const result = await scene.run(
			parameters(
				'upload',
				{ maxConcurrency: 1 },
				{ objectKey: byKey('=r/{{ $now.toMillis() }}-{id}/') },
			),
			[named('a.png'), named('b.png'), named('c.webp', third)],
			retry,
		);
		expect(result.error).toBeUndefined();
		const keys = result.output(NODE).map(({ json }) => json.key);
		expect(keys).toEqual([
			expect.stringMatching(/^r\/\d+-\w{8}\/a\.png$/),
			expect.stringMatching(/^r\/\d+-\w{8}\/b\.png$/),
			expect.stringMatching(/^r\/\d+-\w{8}\/c\.webp$/),
		]);
		expect((await scene.sandbox.keys()).length).toBe(6);
		expect(await billed()).toBe(3);
	});
});
