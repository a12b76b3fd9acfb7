import { createHash } from 'node:crypto';

import { spawnSandbox, type SpawnedSandbox } from '../../../dev/sandbox/spawn';
import { boxPolygon, markedImage } from './image';
import { send, type RawResponse } from './send';
import { signedFor } from './signed';

const OTHER = 'other-1250000000';

let sandbox: SpawnedSandbox;
let image: Buffer;

beforeAll(async () => {
	sandbox = await spawnSandbox({ quick: true, versioned: true, buckets: [OTHER] });
	image = await markedImage();
});
afterAll(() => sandbox.close());
beforeEach(async () => {
	await sandbox.clearFaults();
	await sandbox.setVersioned(true);
	await sandbox.deleteObjects();
	await sandbox.resetLedger();
});

const sendTo = async (method: string, target: string, body?: Buffer, more = {}) => {
	const length = body && { 'Content-Length': String(body.length) };
	const request = signedFor(sandbox, method, target, { ...length, ...more });
	return await send(sandbox.url, body ? { ...request, body } : request);
};
const idOf = ({ headers }: RawResponse) => String(headers['x-cos-version-id']);
const put = async (text: string, key = 'a.txt') =>
	idOf(await sendTo('PUT', `/${key}`, Buffer.from(text)));
const remove = async (id?: string) =>
	await sendTo('DELETE', `/a.txt${id === undefined ? '' : `?versionId=${id}`}`);
/** The body, or the error code. */
const read = async (id?: string) => {
	const response = await sendTo('GET', `/a.txt${id === undefined ? '' : `?versionId=${id}`}`);
	return response.status === 200 ? response.body.toString() : response.code;
};
/** The IDs that remain of the key, the newest first. */
const remaining = async () =>
	(await sandbox.remainingVersions('a.txt')).map(({ versionId }) => versionId);
const md5Of = (text: string) => createHash('md5').update(text).digest('hex');
const operations = (...fileids: string[]) => ({
	'Pic-Operations': JSON.stringify({
		rules: fileids.map((fileid) => ({
			fileid,
			rule: `ci-process=ImageRepair&MaskPoly=${boxPolygon}`,
		})),
	}),
});

describe('in a versioned bucket', () => {
	it('every PUT makes a version with an ID of its own, which GET and HEAD name', async () => {
		const [first, second, elsewhere] = [await put('1'), await put('2'), await put('1', 'b.txt')];
		expect(new Set([first, second, elsewhere]).size).toBe(3);
		expect(Buffer.from(first, 'base64').toString()).toMatch(/^\d{20}$/);
		expect(idOf(await sendTo('GET', '/a.txt'))).toBe(second);
		expect(idOf(await sendTo('HEAD', '/a.txt'))).toBe(second);
		expect([await read(), await read(second), await read(first)]).toEqual(['2', '2', '1']);
		const head = await sendTo('HEAD', `/a.txt?versionId=${first}`);
		expect([head.status, idOf(head), head.headers['content-length']]).toEqual([200, first, '1']);
	});

	it('a deletion adds a delete marker; the versions stay, and can be read by their IDs', async () => {
		const [first, second] = [await put('1'), await put('2')];
		const deletion = await remove();
		expect([deletion.status, deletion.headers['x-cos-delete-marker']]).toEqual([204, 'true']);
		const marker = idOf(deletion);
		expect([await read(), await sandbox.keys()]).toEqual(['NoSuchKey', []]);
		expect([await read(first), await read(second)]).toEqual(['1', '2']);
		expect(await read(marker)).toBe('NoSuchKey');
		expect(await sandbox.remainingVersions('a.txt')).toEqual([
			expect.objectContaining({ key: 'a.txt', versionId: marker, md5: null, isLatest: true }),
			expect.objectContaining({ versionId: second, md5: md5Of('2'), isLatest: false }),
			expect.objectContaining({ versionId: first, md5: md5Of('1'), isLatest: false }),
		]);
	});

	it('a deletion of an object that does not exist adds a delete marker too', async () => {
		const marker = idOf(await remove());
		expect(await remaining()).toEqual([marker]);
		const another = idOf(await remove());
		expect(await remaining()).toEqual([another, marker]);
	});

	it('deleting a delete marker by its ID brings the object back', async () => {
		const first = await put('1');
		const marker = idOf(await remove());
		const deletion = await remove(marker);
		expect([deletion.status, idOf(deletion), deletion.headers['x-cos-delete-marker']]).toEqual([
			204,
			marker,
			'true',
		]);
		expect([await read(), idOf(await sendTo('GET', '/a.txt'))]).toEqual(['1', first]);
		expect(await sandbox.keys()).toEqual(['a.txt']);
		expect(await remaining()).toEqual([first]);
	});

	it('deleting a version by its ID removes that version only', async () => {
		const [first, second, third] = [await put('1'), await put('2'), await put('3')];
		const deletion = await remove(second);
		expect([idOf(deletion), deletion.headers['x-cos-delete-marker']]).toEqual([second, undefined]);
		expect(await read(second)).toBe('NoSuchVersion');
		expect([await read(), await remaining()]).toEqual(['3', [third, first]]);
	});

	it('deleting the newest version by its ID brings back the one before, and never its ID', async () => {
		const [first, second] = [await put('1'), await put('2')];
		await remove(second);
		expect([await read(), await remaining()]).toEqual(['1', [first]]);
		await remove(first);
		expect([await read(), await remaining(), await sandbox.keys()]).toEqual(['NoSuchKey', [], []]);
		expect([first, second]).not.toContain(await put('3'));
		// The counts go on, also over those that were removed.
		const versions = (await sandbox.ledger()).versions.map(({ version }) => version);
		const [start = 0] = versions;
		expect(versions).toEqual([start, start + 1, start + 2]);
	});

	it('a version that a delete marker hides stays hidden when an older one is deleted', async () => {
		const [first, second] = [await put('1'), await put('2')];
		const marker = idOf(await remove());
		await remove(first);
		expect([await read(), await remaining()]).toEqual(['NoSuchKey', [marker, second]]);
	});

	it('an ID of another key is no version, and deletes nothing', async () => {
		await put('1');
		const elsewhere = await put('1', 'b.txt');
		expect(await read(elsewhere)).toBe('NoSuchVersion');
		expect((await remove(elsewhere)).status).toBe(204);
		expect([await read(), (await sandbox.keys()).length]).toEqual(['1', 2]);
	});

	it('repairs make versions of the original and of results; the ID is that of the original', async () => {
		const upload = await sendTo('PUT', '/up.png', image, operations('/out.png'));
		const [original] = await sandbox.remainingVersions('up.png');
		expect([upload.status, idOf(upload)]).toEqual([200, original?.versionId]);
		const again = { ...operations('/out.png', '/up.png'), 'Content-Length': '0' };
		const cloud = await sendTo('POST', '/up.png?image_process', undefined, again);
		expect([cloud.status, cloud.headers['x-cos-version-id']]).toEqual([200, undefined]);
		const versions = await sandbox.remainingVersions();
		expect(versions.map(({ key, isLatest }) => [key, isLatest])).toEqual([
			['out.png', true],
			['out.png', false],
			['up.png', true],
			['up.png', false],
		]);
		const older = await sendTo('GET', `/up.png?versionId=${idOf(upload)}`);
		expect(older.body).toEqual(image);
	});

	it('each bucket has versions of its own', async () => {
		const there = { Host: `${OTHER}.cos.ap-guangzhou.myqcloud.com` };
		await sendTo('PUT', '/a.txt', Buffer.from('there'), there);
		expect(await sandbox.remainingVersions('a.txt')).toEqual([]);
		expect(await sandbox.remainingVersions('a.txt', OTHER)).toHaveLength(1);
	});

	it('the control port deletes as a user would, or empties the bucket for good', async () => {
		await put('1');
		await sandbox.deleteObject('a.txt');
		expect((await sandbox.remainingVersions('a.txt')).map(({ md5 }) => md5 === null)).toEqual([
			true,
			false,
		]);
		await sandbox.deleteObjects();
		expect(await sandbox.remainingVersions()).toEqual([]);
	});
});

describe('when versioning is off', () => {
	it('older versions are gone, and there are no IDs', async () => {
		const first = await put('1');
		const second = await put('2');
		await remove();
		await put('3');
		await sandbox.setVersioned(false);
		expect([await read(first), await read(second), await read()]).toEqual([
			'NoSuchVersion',
			'NoSuchVersion',
			'3',
		]);
		expect((await sendTo('GET', '/a.txt')).headers['x-cos-version-id']).toBeUndefined();
		const replaced = await sendTo('PUT', '/a.txt', Buffer.from('4'));
		expect(replaced.headers['x-cos-version-id']).toBeUndefined();
		expect(await sandbox.remainingVersions('a.txt')).toHaveLength(1);
		const deletion = await remove();
		expect(deletion.headers['x-cos-version-id']).toBeUndefined();
		expect(deletion.headers['x-cos-delete-marker']).toBeUndefined();
		expect(await remaining()).toEqual([]);
	});

	it('the control port says so, and rejects anything but true and false', async () => {
		const versioning = async (init?: RequestInit) =>
			await fetch(`${sandbox.controlUrl}/versioning`, init);
		expect(await (await versioning()).json()).toEqual({ enabled: true });
		const wrong = await versioning({ method: 'PUT', body: '{"enabled": "false"}' });
		expect(wrong.status).toBe(400);
		await sandbox.setVersioned(false);
		expect(await (await versioning()).json()).toEqual({ enabled: false });
	});
});

it('a part of the API that takes no version rejects the parameter', async () => {
	const id = await put('1');
	expect((await sendTo('GET', `/a.txt?imageInfo&versionId=${id}`)).code).toBe('NotImplemented');
});
