import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import sharp from 'sharp';

import type { Fault } from '../../../dev/sandbox/faults/faultRules';
import { spawnSandbox, type SpawnedSandbox } from '../../../dev/sandbox/spawn';
import { boxPolygon, markedImage } from './image';
import { connectionEnd, rawResponse, send, type RawRequest } from './send';
import { signedFor } from './signed';

const OTHER = 'other-1250000000';

let sandbox: SpawnedSandbox;
let image: Buffer;
let other: Buffer;

beforeAll(async () => {
	sandbox = await spawnSandbox({ quick: true, buckets: [OTHER] });
	image = await markedImage();
	other = await sharp(image).flip().png().toBuffer();
});
afterAll(() => sandbox.close());
beforeEach(async () => {
	await sandbox.clearFaults();
	await sandbox.deleteObjects();
	await sandbox.putObject('a.png', image, 'image/png');
	await sandbox.resetLedger();
	await sandbox.resetCalls();
});

const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');
const byPolygon = `ci-process=ImageRepair&MaskPoly=${boxPolygon}`;
const automatic = 'ci-process=ImageRepair';

type Rule = [fileid: string, rule?: string, bucket?: string];
const operations = (rules: readonly Rule[]) =>
	JSON.stringify({
		rules: rules.map(([fileid, rule = byPolygon, bucket]) => ({ bucket, fileid, rule })),
	});
const cloud = (...rules: Rule[]): RawRequest =>
	signedFor(sandbox, 'POST', '/a.png?image_process', {
		'Pic-Operations': operations(rules),
		'Content-Length': '0',
	});
const upload = (bytes: Buffer, ...rules: Rule[]): RawRequest => ({
	...signedFor(sandbox, 'PUT', '/up.png', {
		'Pic-Operations': operations(rules),
		'Content-Length': String(bytes.length),
	}),
	body: bytes,
});
const download = (key = 'a.png'): RawRequest => signedFor(sandbox, 'GET', `/${key}?${byPolygon}`);
const head = (key: string): RawRequest => signedFor(sandbox, 'HEAD', `/${key}`);

const sendTo = async (request: RawRequest) => await send(sandbox.url, request);
/** Sends a request that gets a fault; undefined if no whole response arrives. */
async function sendWith(fault: Fault, request: RawRequest) {
	await sandbox.setFaults([{ times: 1, fault }]);
	return await sendTo(request).catch(() => undefined);
}
/** Sends a request without a body, and leaves as soon as the sandbox is at work on it. */
async function leave({ method, target, headers }: RawRequest) {
	const { Authorization = '', 'Pic-Operations': rules = '' } = headers;
	const leaving = new AbortController();
	const response = fetch(`${sandbox.url}${target}`, {
		method,
		headers: { Authorization, 'Pic-Operations': rules },
		signal: leaving.signal,
	});
	await atWork();
	leaving.abort();
	await expect(response).rejects.toThrow();
}
/** Waits until a repair has arrived. */
async function atWork() {
	while ((await sandbox.calls()).at(-1)?.kind !== 'repair-cloud') await sandbox.keys();
}
const lastEntry = async () => {
	const entry = (await sandbox.ledger()).calls.at(-1);
	if (!entry) throw new Error('The ledger is empty.');
	return entry;
};
const isStored = async (key: string) => (await sendTo(head(key))).status === 200;

describe('an entry of the ledger', () => {
	it('says which version of which object was repaired, and what each rule stored', async () => {
		await sandbox.putObject('a.png', other, 'image/png');
		await sandbox.putObject('old.png', image, 'image/png');
		await sandbox.resetLedger();
		const response = await sendTo(cloud(['/old.png'], ['/new.png', automatic, OTHER]));
		const { calls, versions } = await sandbox.ledger();
		const [entry] = calls;
		expect(entry).toMatchObject({
			requestId: response.headers['x-cos-request-id'],
			kind: 'repair-cloud',
			bucket: sandbox.bucket,
			key: 'a.png',
			source: { bucket: sandbox.bucket, key: 'a.png', md5: md5(other) },
			billed: true,
			answered: 'whole',
			status: 200,
			named: true,
		});
		const polygons = 'polygons [[[40,30],[90,30],[90,60],[40,60]]]';
		expect(entry?.results).toMatchObject([
			{ bucket: sandbox.bucket, key: 'old.png', area: polygons, failed: '' },
			{ bucket: OTHER, key: 'new.png', area: 'automatic', overwrote: null, failed: '' },
		]);
		const [first, second] = entry?.results ?? [];
		expect(first?.overwrote).toBe(Number(first?.version) - 1);
		expect(first?.md5).toBe(md5(await sandbox.getObject('old.png')));
		expect(second?.md5).toBe(md5(await sandbox.getObject('new.png', OTHER)));
		expect(versions).toMatchObject([
			{ key: 'old.png', writer: entry?.requestId, md5: first?.md5 },
			{ key: 'new.png', writer: entry?.requestId, md5: second?.md5 },
		]);
	});

	it('of a download has the bytes that were sent, and of an upload the version that it stored', async () => {
		const { body } = await sendTo(download());
		expect((await lastEntry()).results).toMatchObject([{ key: '', md5: md5(body), version: null }]);
		await sendTo(upload(other, ['/out.png']));
		const { source, requestId } = await lastEntry();
		expect(source).toMatchObject({ key: 'up.png', md5: md5(other) });
		const stored = (await sandbox.ledger()).versions.filter(({ writer }) => writer === requestId);
		expect(stored.map(({ key }) => key)).toEqual(['up.png', 'out.png']);
	});

	it('names a mask by its bytes', async () => {
		await sandbox.putObject('mask.png', other, 'image/png');
		const { target } = signedFor(sandbox, 'GET', '/mask.png');
		await sandbox.resetLedger();
		const url = Buffer.from(`${sandbox.controlUrl}/objects${target}`).toString('base64url');
		await sendTo(cloud(['/out.png', `${automatic}&MaskPic=${url}`]));
		expect((await lastEntry()).results[0]?.area).toBe(`mask ${md5(other)}`);
	});

	it('says why a rule failed; the original of an upload stays, and nothing is billed', async () => {
		const text = Buffer.from('not an image');
		const response = await sendTo(upload(text, ['/out.png']));
		expect(response.status).toBe(400);
		expect(await lastEntry()).toMatchObject({
			answered: 'refused',
			code: 'InvalidImageFormat',
			billed: false,
			results: [{ key: 'out.png', version: null, failed: expect.stringMatching(/^Inv/) as string }],
		});
		expect(await sandbox.keys()).toEqual(['a.png', 'up.png']);
	});

	it('can be cleared', async () => {
		await sendTo(download());
		await sandbox.resetLedger();
		expect(await sandbox.ledger()).toEqual({ calls: [], versions: [] });
	});
});

describe('what the client was sent', () => {
	it.each<Fault>([
		{ fault: 'gzip' },
		{ fault: 'headers', headers: { Date: null } },
		{ fault: 'contentType', contentType: 'text/plain' },
		{ fault: 'framing', as: 'http1.0' },
		{ fault: 'framing', as: 'close' },
	])('is whole in another form: %j', async (fault) => {
		await sendWith(fault, download());
		expect(await lastEntry()).toMatchObject({ answered: 'changed', billed: true });
		await sendWith(fault, download('missing.png'));
		expect(await lastEntry()).toMatchObject({ answered: 'refused', billed: false });
	});

	it.each<Fault>([
		{ fault: 'framing', as: 'http1.0', cut: true },
		{ fault: 'framing', as: 'short' },
		{ fault: 'framing', as: '206' },
	])('is not whole: %j', async (fault) => {
		await sendWith(fault, download());
		expect(await lastEntry()).toMatchObject({ answered: 'fault', billed: true });
	});
});

describe('what was asked for', () => {
	it('is there whatever comes of it, without the area of a mask', async () => {
		const fault: Fault = { fault: 'reset' };
		await sendWith(fault, cloud(['/out.png', byPolygon], ['/two.png', automatic]));
		const { asked, results } = await lastEntry();
		expect(asked.map(({ key }) => key)).toEqual(['out.png', 'two.png']);
		expect(asked[0]?.area).toMatch(/^polygons /);
		expect([asked[1]?.area, results]).toEqual(['automatic', []]);
		await sendTo(download());
		expect((await lastEntry()).asked).toHaveLength(1);
		await sendTo(head('a.png'));
		expect((await lastEntry()).asked).toEqual([]);
	});
});

describe('a quick repair', () => {
	it('is a whole image that differs by source and by area, and is the same for the same', async () => {
		const results: string[] = [];
		const repairA = async (rule: string) => {
			await sendTo(cloud(['/out.png', rule]));
			const bytes = await sandbox.getObject('out.png');
			await sharp(bytes, { failOn: 'warning' }).raw().toBuffer();
			results.push(md5(bytes));
		};
		await repairA(byPolygon);
		await repairA(automatic);
		await repairA(byPolygon);
		await sandbox.putObject('a.png', other, 'image/png');
		await repairA(byPolygon);
		expect(new Set(results).size).toBe(3);
		expect(results[2]).toBe(results[0]);
	});
});

describe('the work', () => {
	it('goes on when the client has left, and its time stamps are those of its end', async () => {
		await sandbox.setFaults([{ fault: { fault: 'work', workMs: 1500 } }]);
		await leave(cloud(['/out.png']));
		expect(await sandbox.keys()).toEqual(['a.png']);
		const entry = await lastEntry();
		expect(entry).toMatchObject({ answered: 'left', billed: true });
		const { arrivedAt, finishedAt, results } = entry;
		expect(Number(finishedAt) - arrivedAt).toBeGreaterThanOrEqual(1400);
		await sandbox.clearFaults();
		const modified = Date.parse(String((await sendTo(head('out.png'))).headers['last-modified']));
		expect(modified).toBe(Math.floor(Number(results[0]?.storedAt) / 1000) * 1000);
		expect(Number(results[0]?.storedAt) - arrivedAt).toBeGreaterThanOrEqual(1400);
	});

	it('uses the source as it was when the call arrived', async () => {
		await sandbox.setFaults([{ fault: { fault: 'work', workMs: 500 } }]);
		const answer = sendTo(cloud(['/out.png']));
		await atWork();
		await sandbox.putObject('a.png', other, 'image/png');
		await answer;
		expect((await lastEntry()).source).toMatchObject({ md5: md5(image) });
	});

	it.each<[mode: string, request: () => RawRequest, stored: string[]]>([
		['in the bucket', () => cloud(['/out.png']), ['a.png', 'out.png']],
		['upload', () => upload(other, ['/out.png']), ['a.png', 'out.png', 'up.png']],
	])('%s: can be done later than a gateway responds', async (_, request, stored) => {
		const response = await sendWith(
			{
				fault: 'status',
				status: 504,
				body: 'html',
				requestId: false,
				processed: 'later',
				workMs: 300,
			},
			request(),
		);
		expect(response?.status).toBe(504);
		expect(response?.headers['x-cos-request-id']).toBeUndefined();
		expect(await lastEntry()).toMatchObject({
			answered: 'fault',
			status: 504,
			named: false,
			billed: true,
		});
		expect(await sandbox.keys()).toEqual(stored);
		expect((await sandbox.calls()).at(-1)).toMatchObject({ status: 504, billed: true });
	});

	it('of an upload can end with the original', async () => {
		const fault: Fault = { fault: 'status', status: 500, processed: 'original' };
		const response = await sendWith(fault, upload(other, ['/out.png']));
		expect(response?.code).toBe('InternalError');
		expect(await lastEntry()).toMatchObject({ answered: 'refused', billed: false });
		expect(await sandbox.keys()).toEqual(['a.png', 'up.png']);
		expect(await sandbox.getObject('up.png')).toEqual(other);
	});

	it('can become visible late: HEAD, GET and lists show what was there before', async () => {
		const fault: Fault = { fault: 'work', visibleAfterMs: 600 };
		expect((await sendWith(fault, cloud(['/out.png'])))?.status).toBe(200);
		expect(await isStored('out.png')).toBe(false);
		const { storedAt, visibleAt } = (await lastEntryOf('repair-cloud')).results[0] ?? {};
		expect(Number(visibleAt) - Number(storedAt)).toBe(600);
		while (!(await isStored('out.png')));
		expect(await sandbox.keys()).toContain('out.png');
	});

	it('of two writers of one key leaves the last one, and the ledger has both', async () => {
		await sandbox.setFaults([{ times: 1, fault: { fault: 'work', workMs: 400 } }]);
		const slow = sendTo(cloud(['/out.png', automatic]));
		await atWork();
		await sendTo(cloud(['/out.png']));
		await slow;
		const { calls } = await sandbox.ledger();
		const repairs = calls.filter(({ kind }) => kind === 'repair-cloud');
		// On a busy machine the quick one can take longer than the slow one.
		const [first, last] = repairs
			.map(({ results }) => results[0])
			.sort((a, b) => Number(a?.version) - Number(b?.version));
		expect(first?.overwrote).toBeNull();
		expect(last?.overwrote).toBe(first?.version);
		expect(md5(await sandbox.getObject('out.png'))).toBe(last?.md5);
	});
});

const lastEntryOf = async (kind: string) => {
	const entry = (await sandbox.ledger()).calls.findLast((each) => each.kind === kind);
	if (!entry) throw new Error(`The ledger has no ${kind}.`);
	return entry;
};

describe('a response can be other than what was done', () => {
	it.each<[report: 'missing' | 'object', objects: number]>([
		['missing', 1],
		['object', 2],
	])('rules that failed are %s', async (report, objects) => {
		const fault: Fault = { fault: 'rules', rules: [2], report, code: 'Busy', message: 'Full.' };
		const response = await sendWith(fault, cloud(['/one.png'], ['/two.png']));
		const xml = String(response?.body);
		expect([response?.status, xml.match(/<Object>/g)?.length]).toEqual([200, objects]);
		expect(xml.includes('<Code>Busy</Code><Message>Full.</Message>')).toBe(report === 'object');
		expect(await lastEntry()).toMatchObject({
			billed: true,
			answered: 'whole',
			results: [
				{ key: 'one.png', failed: '' },
				{ key: 'two.png', failed: 'Busy: Full.' },
			],
		});
		expect(await sandbox.keys()).toEqual(['a.png', 'one.png']);
	});

	it('a placeholder picture with status 200 and X-ErrNo', async () => {
		const response = await sendWith({ fault: 'placeholder', errNo: -46618 }, download());
		expect(response).toMatchObject({ status: 200, headers: { 'x-errno': '-46618' } });
		await sharp(response?.body).raw().toBuffer();
		expect(await lastEntry()).toMatchObject({ billed: false, answered: 'fault' });
	});

	it('HEAD without Date, without Last-Modified, or with the clock of a cache', async () => {
		const response = await sendWith(
			{ fault: 'headers', headers: { Date: null, 'Last-Modified': null } },
			head('a.png'),
		);
		expect(response?.status).toBe(200);
		expect(Object.keys(response?.headers ?? {})).not.toContain('date');
		expect(Object.keys(response?.headers ?? {})).not.toContain('last-modified');
		const cached = await sendWith(
			{ fault: 'headers', headers: { Age: '300' }, dateOffsetSeconds: -300 },
			head('a.png'),
		);
		expect(cached?.headers.age).toBe('300');
		const behind = Date.now() - Date.parse(String(cached?.headers.date));
		expect(behind).toBeGreaterThan(298_000);
		expect(behind).toBeLessThan(330_000);
		expect(cached?.headers.etag).toBe(`"${md5(image)}"`);
	});

	it('a picture with Content-Encoding: gzip', async () => {
		const response = await sendWith({ fault: 'gzip' }, download());
		expect(response?.headers['content-encoding']).toBe('gzip');
		const bytes = gunzipSync(response?.body ?? Buffer.alloc(0));
		expect((await lastEntry()).results[0]?.md5).toBe(md5(bytes));
	});

	it.each<[as: 'http1.0' | 'close' | 'short' | '206', start: RegExp, length: number | undefined]>([
		['http1.0', /^HTTP\/1\.0 200 OK\r\n/, undefined],
		['close', /^HTTP\/1\.1 200 OK\r\n/, undefined],
		['short', /^HTTP\/1\.1 200 OK\r\n/, 0.5],
		['206', /^HTTP\/1\.1 206 Partial Content\r\n/, 1],
	])('a picture framed as %s', async (as, start, share) => {
		await sandbox.setFaults([{ fault: { fault: 'framing', as } }]);
		const text = await rawResponse(sandbox.url, download());
		const [headers = '', body = ''] = text.split(/\r\n\r\n(.*)/s);
		expect(headers).toMatch(start);
		const told = /content-length: (\d+)/i.exec(headers)?.[1];
		const bytes = Buffer.from(body, 'latin1');
		expect(told).toBe(share === undefined ? undefined : String(Math.ceil(bytes.length * share)));
		expect((await lastEntry()).results[0]?.md5).toBe(md5(bytes));

		await sandbox.setFaults([{ fault: { fault: 'framing', as, cut: true } }]);
		const cut = (await rawResponse(sandbox.url, download())).split(/\r\n\r\n(.*)/s)[1] ?? '';
		expect(body.startsWith(cut)).toBe(true);
		expect(cut).toHaveLength(Math.ceil(body.length / 2));
	});

	it('a lost response leaves no status in the ledger', async () => {
		await sandbox.setFaults([{ fault: { fault: 'reset', processed: true } }]);
		expect(await connectionEnd(sandbox.url, download())).toBe('read ECONNRESET');
		expect(await lastEntry()).toMatchObject({
			status: 0,
			answered: 'fault',
			fault: 'reset',
			named: false,
			billed: true,
		});
	});
});
