import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { createHash } from 'node:crypto';
import sharp from 'sharp';

import { authorize, createAccount, headRequest, objectKey, requestUrl } from '../../cos';
import type { EngineItem, ExecutionResult } from '../../dev/engine/engine';
import { shortenPauses } from '../quickSleep';
import { image, NODE, type RunSettings, type Scene } from './bucketAndEngine';
import { continueOnError, errorOf, parameters, PNG, REPAIRS, useFaultScene } from './faultScene';

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

const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');
const NUMBER = { ifKeyExists: 'number' };
const FAIL = { ifKeyExists: 'fail' };
const toInbox = { storeAs: 'inbox/' };
const keysOf = (result: ExecutionResult) => result.output(NODE).map(({ json }) => json.key);
const originals = async () =>
	(await scene.sandbox.keys()).filter((key) => !key.includes('-repaired'));

describe('Image', () => {
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
			parameters('upload', {}, { storeAs: 'inbox/' }),
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
			parameters('upload', {}, { storeAs: '{date}/typed.png' }),
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
			parameters('upload', { maxConcurrency: 1 }, { storeAs: '=r/{{ $now.toMillis() }}-{id}/' }),
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

describe('If the Key Exists', () => {
	let images: Buffer[];
	beforeAll(async () => {
		images = [
			original,
			...(await Promise.all(
				[1, 2, 3].map(
					async (n) =>
						await sharp(original)
							.resize(120 + n)
							.png()
							.toBuffer(),
				),
			)),
		];
	});
	/** Results count as existing from the second after their originals. */
	const workForASecond = async () =>
		await scene.sandbox.setFaults([{ kind: REPAIRS, fault: { fault: 'work', workMs: 1100 } }]);
	const of = (index: number, fileName = 'a.png') => named(fileName, images[index]);

	test('Add a Number gives each image a key of its own, in the order of the items and night after night', async () => {
		await scene.sandbox.putObject('inbox/a.png', Buffer.from('somebody else'), PNG);
		await workForASecond();
		const night = async () =>
			await scene.run(parameters('upload', { ...NUMBER, skipExisting: true }, toInbox), [
				of(0),
				of(1),
				of(0),
				of(2, 'b.png'),
				of(3),
			]);
		const first = await night();
		expect(first.error).toBeUndefined();
		const keys = [
			'inbox/a-2.png',
			'inbox/a-3.png',
			'inbox/a-2.png',
			'inbox/b.png',
			'inbox/a-4.png',
		];
		expect(keysOf(first)).toEqual(keys);
		expect(first.output(NODE).map(({ json }) => json.requestedKey)).toEqual([
			'inbox/a.png',
			'inbox/a.png',
			'inbox/a.png',
			undefined,
			'inbox/a.png',
		]);
		expect(first.output(NODE)[2]?.json.sameAs).toBe(0);
		expect(await scene.sandbox.keys()).toContain('inbox/a-2-repaired.png');
		expect(String(await scene.sandbox.getObject('inbox/a.png'))).toBe('somebody else');
		expect(await billed()).toBe(4);

		await scene.sandbox.resetCalls();
		const second = await night();
		expect(keysOf(second)).toEqual(keys);
		expect(second.output(NODE).map(({ json }) => json.skipped)).toEqual(keys.map(() => true));
		expect(await billed()).toBe(4);
		expect(await originals()).toEqual([...new Set(['inbox/a.png', ...keys])].sort());
		const looks = (await heads()).filter((key) => key === 'inbox/a.png');
		expect(looks).toHaveLength(1);
	});

	test('Fail refuses a key that is there before anything is sent, and skips what is done', async () => {
		await scene.sandbox.putObject('inbox/a.png', original, PNG);
		await workForASecond();
		const run = async (options = {}) =>
			await scene.run(
				parameters('upload', { ...FAIL, ...options }, toInbox),
				[of(0), of(1, 'b.png'), of(2, 'b.png')],
				continueOnError,
			);
		const first = await run();
		expect(errorOf(first, 0)).toMatchObject({
			message: expect.stringMatching(/^Store As "inbox\/a.png" is in the bucket already/) as string,
			billed: 'no',
		});
		expect(keysOf(first)[1]).toBe('inbox/b.png');
		expect(errorOf(first, 2)?.message).toMatch(/is also stored by item 1 of this run/);
		expect(await originals()).toEqual(['inbox/a.png', 'inbox/b.png']);
		expect(await billed()).toBe(1);

		const second = await run({ skipExisting: true });
		expect(second.output(NODE)[1]?.json).toMatchObject({ key: 'inbox/b.png', skipped: true });
		expect(errorOf(second, 0)?.message).toMatch(/is in the bucket already/);
		expect(await billed()).toBe(1);
	});

	test.each([NUMBER, FAIL])(
		'%j: a lost upload is recognized in the next try, also where no ETag tells that it is the same image',
		async (options) => {
			shortenPauses(30);
			await scene.sandbox.setFaults([
				{ kind: REPAIRS, times: 1, fault: { fault: 'reset', processed: 'later', workMs: 2000 } },
				{
					kind: 'head',
					keyPattern: 'lost.png',
					fault: { fault: 'headers', headers: { ETag: null } },
				},
			]);
			const result = await scene.run(
				parameters('upload', options, toInbox),
				[of(0, 'lost.png')],
				retry,
			);
			expect(result.error).toBeUndefined();
			expect(keysOf(result)).toEqual(['inbox/lost.png']);
			expect(await originals()).toEqual(['inbox/lost.png']);
			expect(await billed()).toBe(1);
		},
	);

	test('what somebody stores after the look is not overwritten, and the next try takes another key', async () => {
		await scene.sandbox.putObject('inbox/a.png', Buffer.from('somebody else'), PNG);
		const hidden = {
			kind: 'head' as const,
			times: 1,
			fault: { fault: 'status' as const, status: 404 },
		};
		await scene.sandbox.setFaults([hidden]);
		const once = await scene.run(parameters('upload', NUMBER, toInbox), [of(0)], continueOnError);
		expect(errorOf(once, 0)).toMatchObject({
			message: expect.stringMatching(/^Something else was stored under the key/) as string,
			billed: 'no',
			code: 'FileAlreadyExists',
		});
		expect(errorOf(once, 0)).not.toHaveProperty('original');

		await scene.sandbox.setFaults([hidden]);
		const retried = await scene.run(parameters('upload', NUMBER, toInbox), [of(0)], retry);
		expect(keysOf(retried)).toEqual(['inbox/a-2.png']);
		expect(String(await scene.sandbox.getObject('inbox/a.png'))).toBe('somebody else');
		expect(await billed()).toBe(1);
	});

	test('an original that a refused upload has left is no reason to refuse the next attempt', async () => {
		const fault = {
			fault: 'status' as const,
			status: 503,
			code: 'SlowDown',
			processed: 'original' as const,
		};
		await scene.sandbox.setFaults([{ kind: REPAIRS, times: 1, fault }]);
		const result = await scene.run(parameters('upload', FAIL, toInbox), [of(0)]);
		expect(keysOf(result)).toEqual(['inbox/a.png']);
		expect(await billed()).toBe(1);
	});

	test('Add a Number and Skip Existing Results refuse what neither size nor ETag tells apart', async () => {
		await scene.sandbox.putObject('inbox/a.png', original, PNG);
		await scene.sandbox.setFaults([
			{ kind: 'head', fault: { fault: 'headers', headers: { ETag: '"0-2"' } } },
		]);
		const options = { ...NUMBER, skipExisting: true };
		const result = await scene.run(
			parameters('upload', options, toInbox),
			[of(0), of(1)],
			continueOnError,
		);
		expect(errorOf(result, 0)?.message).toMatch(
			/^If the Key Exists is Add a Number, but the node cannot tell whether "inbox\/a.png" is the same image/,
		);
		expect(keysOf(result)[1]).toBe('inbox/a-2.png');
	});

	test('a name that is used too often is refused after a hundred looks, and Dry Run shows the number', async () => {
		const taken = Array.from(
			{ length: 100 },
			(_, n) => `inbox/a${n === 0 ? '' : `-${String(n + 1)}`}.png`,
		);
		const objects = taken.map((key) => ({ key, bytes: Buffer.from(key) }));
		await scene.sandbox.putObjects(
			[...objects, { key: 'inbox/b.png', bytes: Buffer.from('b') }],
			PNG,
		);
		const result = await scene.run(
			parameters('upload', { ...NUMBER, dryRun: true }, toInbox),
			[of(0), of(1, 'b.png')],
			continueOnError,
		);
		expect(errorOf(result, 0)?.message).toMatch(
			/^Store As "inbox\/a.png" is in the bucket already, as is the same name with a number: 100 keys/,
		);
		expect(result.output(NODE)[1]?.json).toMatchObject({
			dryRun: true,
			key: 'inbox/b-2.png',
			requestedKey: 'inbox/b.png',
			results: [{ key: 'inbox/b-2-repaired.png' }],
		});
		expect((await heads()).sort()).toEqual([...taken, 'inbox/b.png', 'inbox/b-2.png'].sort());
		expect(await scene.sandbox.keys()).toHaveLength(101);
	});

	test('Overwrite looks at no key, and tells what it has replaced where Skip Existing Results has looked', async () => {
		await scene.sandbox.putObject('inbox/a.png', Buffer.from('somebody else'), PNG);
		const run = async (options = {}) =>
			await scene.run(parameters('upload', options, toInbox), [of(0)]);
		const told = await run({ skipExisting: true });
		expect(told.output(NODE)[0]?.json).toMatchObject({ key: 'inbox/a.png', overwritten: true });
		await scene.sandbox.resetCalls();
		expect((await run()).output(NODE)[0]?.json).not.toHaveProperty('overwritten');
		expect(await heads()).toEqual([]);
		expect(await scene.sandbox.getObject('inbox/a.png')).toEqual(images[0]);
	});
});

describe('Upload Settings', () => {
	test('are stored with the original, unlike with its results, and make two uploads under one key clash', async () => {
		const rows = {
			metadata: { entry: [{ name: 'Taken-By', value: '={{ $json.by }}' }] },
			tags: { tag: [{ name: 'team', value: 'shop + web' }] },
		};
		const uploadSettings = {
			...rows,
			storageClass: 'STANDARD_IA',
			acl: 'public-read',
			encryption: 'AES256',
			kmsKeyId: 'left over',
			cacheControl: 'max-age=60',
			contentDisposition: 'attachment; filename="a b.png"',
		};
		const by = (name: string) => ({ ...named('a.png'), json: { by: name } });
		const result = await scene.run(
			parameters('upload', {}, { ...toInbox, uploadSettings }),
			[by('a person'), by('another'), by('a person')],
			continueOnError,
		);
		expect(result.output(NODE).map(({ json }) => json.sameAs)).toEqual([undefined, undefined, 0]);
		expect(errorOf(result, 1)?.message).toMatch(
			/is also stored by item 0 .* another image, area or settings/,
		);
		expect(await billed()).toBe(1);
		expect(Object.fromEntries(await headersOf('inbox/a.png'))).toMatchObject({
			'cache-control': 'max-age=60',
			'content-disposition': 'attachment; filename="a b.png"',
			'x-cos-acl': 'public-read',
			'x-cos-meta-taken-by': 'a person',
			'x-cos-server-side-encryption': 'AES256',
			'x-cos-storage-class': 'STANDARD_IA',
			'x-cos-tagging': 'team=shop%20%2B%20web',
			'x-cos-tagging-count': '1',
		});
		expect((await headersOf('inbox/a-repaired.png')).has('x-cos-acl')).toBe(false);
	});

	test('that come from expressions are refused and named unless they are on the list, or break a header', async () => {
		const settings: Array<[setting: IDataObject, message: RegExp]> = [
			[{ storageClass: 'COLDEST' }, /^Storage Class is "COLDEST", which is not on the list/],
			[{ acl: 'public-read-write' }, /^ACL is "public-read-write"/],
			[{ encryption: 'DES' }, /^Encryption is "DES"/],
			[{ cacheControl: 'a\r\nx-cos-acl: public-read' }, /^Cache Control is/],
			[{ value: 'b\nc' }, /^Metadata has/],
		];
		const uploadSettings: INodeParameters = {
			...Object.fromEntries(
				['storageClass', 'acl', 'encryption', 'cacheControl'].map((name) => [
					name,
					`={{ $json.${name} }}`,
				]),
			),
			metadata: { entry: [{ name: 'a', value: '={{ $json.value }}' }] },
		};
		const result = await scene.run(
			parameters('upload', {}, { ...toInbox, uploadSettings }),
			settings.map(([json]) => ({ ...named('a.png'), json })),
			continueOnError,
		);
		for (const [index, [, message]] of settings.entries()) {
			expect(errorOf(result, index)).toMatchObject({
				billed: 'no',
				message: expect.stringMatching(message) as string,
			});
		}
		expect(await scene.sandbox.calls()).toEqual([]);
	});

	test('with a KMS key, no ETag is an MD5: a retried item is not paid for again, and Dry Run shows what is sent', async () => {
		const uploadSettings = {
			encryption: 'cos/kms',
			kmsKeyId: '48ba38aa-26c5-11ea-855c-52540085abcd',
			kmsContext: '={{ JSON.stringify({ at: String($now.toMillis()) }) }}',
			metadata: { entry: [{ name: 'at', value: '={{ $now.toMillis() }}' }] },
		};
		const more = { ...toInbox, uploadSettings };
		const dry = await scene.run(parameters('upload', { dryRun: true }, more), [named('a.png')]);
		expect(dry.output(NODE)[0]?.json.headers).toMatchObject({
			'x-cos-server-side-encryption': 'cos/kms',
			'x-cos-server-side-encryption-context': expect.stringMatching(/^[\w+/]+=*$/) as string,
		});
		await scene.sandbox.setFaults([
			{
				kind: REPAIRS,
				nth: 2,
				times: 1,
				fault: { fault: 'status', status: 403, code: 'AccessDenied' },
			},
		]);
		const result = await scene.run(
			parameters('upload', { ...NUMBER, maxConcurrency: 1 }, more),
			[named('a.png'), named('b.png')],
			retry,
		);
		expect(keysOf(result)).toEqual(['inbox/a.png', 'inbox/b.png']);
		expect(await originals()).toEqual(['inbox/a.png', 'inbox/b.png']);
		expect(await billed()).toBe(2);
		const headers = await headersOf('inbox/a.png');
		expect(headers.get('x-cos-server-side-encryption-cos-kms-key-id')).toBe(
			uploadSettings.kmsKeyId,
		);
		expect(headers.get('etag')).not.toContain(md5(original));
	});
});
