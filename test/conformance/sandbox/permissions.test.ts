import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { createInterface } from 'node:readline';

import { READINGS } from '../../../dev/sandbox/permissions/neededPermissions';
import type { PolicyDocument } from '../../../dev/sandbox/permissions/policy';
import { startSandbox, type SandboxAddress } from '../../../dev/sandbox/sandbox';
import { spawnSandbox, type SpawnedSandbox } from '../../../dev/sandbox/spawn';
import { POLICIES } from '../../unit/docs/policies';
import { boxPolygon, markedImage } from './image';
import { send, type RawRequest } from './send';
import { signedFor } from './signed';

const OTHER = 'other-1250000000';
const SOURCES = ['inbox/a.png', 'shop/a.png', 'shopping/a.png', 'masks/m.png'];

let sandbox: SpawnedSandbox;
let image: Buffer;
beforeAll(async () => {
	sandbox = await spawnSandbox({ quick: true, buckets: [OTHER] });
	image = await markedImage();
});
afterAll(() => sandbox.close());
beforeEach(async () => {
	await sandbox.clearPolicy();
	await sandbox.clearFaults();
	await sandbox.deleteObjects();
	await sandbox.putObjects(
		SOURCES.map((key) => ({ key, bytes: image })),
		'image/png',
	);
	await sandbox.resetLedger();
});

const byPolygon = `ci-process=ImageRepair&MaskPoly=${boxPolygon}`;

interface Result {
	key: string;
	bucket?: string;
	rule?: string;
}
const operations = (results: readonly Result[]) =>
	JSON.stringify({
		rules: results.map(({ key, bucket, rule = byPolygon }) => ({
			bucket,
			fileid: `/${key}`,
			rule,
		})),
	});

const download = (key: string) => signedFor(sandbox, 'GET', `/${key}?${byPolygon}`);
const upload = (key: string, ...results: Result[]): RawRequest => ({
	...signedFor(sandbox, 'PUT', `/${key}`, {
		'Pic-Operations': operations(results),
		'Content-Length': String(image.length),
	}),
	body: image,
});
const inBucket = (key: string, ...results: Result[]) =>
	signedFor(sandbox, 'POST', `/${key}?image_process`, {
		'Pic-Operations': operations(results),
		'Content-Length': '0',
	});

/** The address of an object with the account's signature in it. */
function presigned(key: string): string {
	const { headers } = signedFor(sandbox, 'GET', `/${key}`);
	return `${sandbox.url}/${key}?${headers.Authorization ?? ''}`;
}

/** Sends a request; says whether it was allowed, after checking that a refused one did nothing. */
async function isAllowed(request: RawRequest): Promise<boolean> {
	await sandbox.resetLedger();
	const response = await send(sandbox.url, request);
	if (response.status < 300) return true;
	const isHead = request.method === 'HEAD';
	expect([response.status, response.code]).toEqual([403, isHead ? '' : 'AccessDenied']);
	const { calls, versions } = await sandbox.ledger();
	expect(versions).toEqual([]);
	expect(calls).toMatchObject([
		{ code: 'AccessDenied', answered: 'refused', billed: false, results: [] },
	]);
	return false;
}

const allow = (action: string | string[], resource: string | string[] = '*') => ({
	effect: 'allow',
	action,
	resource,
});
const policy = (...statement: PolicyDocument['statement']): PolicyDocument => ({
	version: '2.0',
	statement,
});
/** A policy with other text in the resources of one service. */
const withResources = (
	{ version, statement }: PolicyDocument,
	service: string,
	from: string,
	to: string,
): PolicyDocument => ({
	version,
	statement: statement.map(({ effect, action, resource }) => ({
		effect,
		action,
		resource: [resource].flat().map((one) => (one.includes(service) ? one.replace(from, to) : one)),
	})),
});
/** The policies on the page, by the mode and whether they have `ci:CreateImageRepairJob`. */
const documented = new Map(
	[...POLICIES].flatMap(([mode, policies]) =>
		policies.map((document): [string, PolicyDocument] => [
			`${mode}, ${JSON.stringify(document).includes('"ci:CreateImageRepairJob"') ? 'with' : 'without'}`,
			document,
		]),
	),
);
function page(name: string): PolicyDocument {
	const document = documented.get(name);
	if (!document) throw new Error(`There is no policy "${name}".`);
	return document;
}
const cosResource = (place: string) =>
	`qcs::cos:${sandbox.region}:uid/1250000000:${sandbox.bucket}/${place}`;

/** Calls of each mode, in the folders of the page and elsewhere. */
const CALLS: Readonly<Record<string, () => RawRequest>> = {
	'download from inbox': () => download('inbox/a.png'),
	'download from elsewhere': () => download('shop/a.png'),
	'upload to repaired': () => upload('repaired/up.png', { key: 'repaired/new.png' }),
	'upload to elsewhere': () => upload('shop/up.png', { key: 'shop/new.png' }),
	'upload to repaired, result elsewhere': () => upload('repaired/up.png', { key: 'shop/new.png' }),
	'upload to elsewhere, result to repaired': () =>
		upload('shop/up.png', { key: 'repaired/new.png' }),
	'in bucket from inbox to repaired': () => inBucket('inbox/a.png', { key: 'repaired/new.png' }),
	'in bucket from elsewhere': () => inBucket('shop/a.png', { key: 'repaired/new.png' }),
	'in bucket to elsewhere': () => inBucket('inbox/a.png', { key: 'shop/new.png' }),
	'in bucket to both': () =>
		inBucket('inbox/a.png', { key: 'repaired/new.png' }, { key: 'shop/new.png' }),
};
const allowedCalls = async () => {
	const names: string[] = [];
	for (const [name, request] of Object.entries(CALLS)) {
		if (await isAllowed(request())) names.push(name);
	}
	return names;
};

/** Requests that need an action of their own, which no mode needs. */
const FEATURES: Readonly<Record<string, { action: string; request: () => RawRequest }>> = {
	'a list': {
		action: 'cos:GetBucket',
		request: () => signedFor(sandbox, 'GET', '/?prefix=inbox%2F'),
	},
	'HEAD of the bucket': {
		action: 'cos:HeadBucket',
		request: () => signedFor(sandbox, 'HEAD', '/'),
	},
	'HEAD of an object': {
		action: 'cos:HeadObject',
		request: () => signedFor(sandbox, 'HEAD', '/inbox/a.png'),
	},
	'deleting an object': {
		action: 'cos:DeleteObject',
		request: () => signedFor(sandbox, 'DELETE', '/inbox/a.png'),
	},
};
/** All requests that are no repair. */
const NO_REPAIR: typeof FEATURES = {
	...FEATURES,
	'getting an object': {
		action: 'cos:GetObject',
		request: () => signedFor(sandbox, 'GET', '/inbox/a.png'),
	},
	'information about an image': {
		action: 'cos:GetObject',
		request: () => signedFor(sandbox, 'GET', '/inbox/a.png?imageInfo'),
	},
	'an image that is processed': {
		action: 'cos:GetObject',
		request: () => signedFor(sandbox, 'GET', '/inbox/a.png?imageMogr2/format/bmp'),
	},
	'putting an object': {
		action: 'cos:PutObject',
		request: () => ({
			...signedFor(sandbox, 'PUT', '/inbox/new.png', { 'Content-Length': String(image.length) }),
			body: image,
		}),
	},
};

const DOWNLOADS = ['download from inbox', 'download from elsewhere'];
const UPLOADS = Object.keys(CALLS).filter((name) => name.startsWith('upload'));
const IN_BUCKET = 'in bucket from inbox to repaired';

/** What each policy of the page allows, as the page says. */
const ALLOWED: Readonly<Record<string, Record<'strict' | 'lenient', readonly string[]>>> = {
	'Download Repaired Image, with': { strict: DOWNLOADS, lenient: DOWNLOADS },
	'Upload and Repair Image, with': { strict: UPLOADS, lenient: UPLOADS },
	'Upload and Repair Image, without': { strict: [], lenient: UPLOADS },
	'Repair Image in Bucket, with': {
		strict: ['download from inbox', 'upload to repaired', IN_BUCKET],
		lenient: ['download from inbox', 'upload to repaired', IN_BUCKET],
	},
	'Repair Image in Bucket, without': { strict: [], lenient: ['upload to repaired', IN_BUCKET] },
};

it.each([
	['x-cos-acl', 'private', 'cos:PutObjectACL'],
	['x-cos-tagging', 'a=b', 'cos:PutObjectTagging'],
])('an upload with %s needs an action of its own in the strict reading', async (...given) => {
	const [header, value, action] = given;
	const request: RawRequest = {
		...signedFor(sandbox, 'PUT', '/set.png', { [header]: value, 'Content-Length': '1' }),
		body: Buffer.from('x'),
	};
	const allowed: boolean[] = [];
	for (const reading of READINGS) {
		for (const actions of [['cos:PutObject'], ['cos:PutObject', action]]) {
			await sandbox.setPolicy({ reading, document: policy(allow(actions)) });
			allowed.push(await isAllowed(request));
		}
	}
	expect(allowed).toEqual([false, true, true, true]);
});

describe('the policies of docs/permissions.md', () => {
	it('are the ones that are held against the sandbox here', () => {
		expect([...documented.keys()]).toEqual(Object.keys(ALLOWED));
		expect([...POLICIES.values()].flat()).toHaveLength(documented.size);
	});

	describe.each([...documented])('%s', (name, document) => {
		it.each(READINGS)('allows its own mode and what the page says, read as %s', async (reading) => {
			await sandbox.setPolicy({ reading, document });
			expect(await allowedCalls()).toEqual(ALLOWED[name]?.[reading]);
		});

		it.each(READINGS)(
			'allows nothing for another region, another bucket or another account, read as %s',
			async (reading) => {
				for (const [from, to] of [
					['ap-guangzhou', 'ap-beijing'],
					['examplebucket-', 'examplebucket2-'],
					['uid/1250000000', 'uid/1250000001'],
				] as const) {
					await sandbox.setPolicy({ reading, document: withResources(document, 'qcs', from, to) });
					expect(await allowedCalls()).toEqual([]);
				}
			},
		);

		it('allows neither lists nor other requests that a feature needs', async () => {
			await sandbox.setPolicy({ reading: 'lenient', document });
			for (const { request } of Object.values(FEATURES)) {
				expect(await isAllowed(request())).toBe(false);
			}
		});
	});

	it('limit the account to one folder if /shop/* is put in place of /*', async () => {
		const document = withResources(
			page('Download Repaired Image, with'),
			'qcs::cos',
			'/*',
			'/shop/*',
		);
		await sandbox.setPolicy({ document });
		expect(await isAllowed(download('shop/a.png'))).toBe(true);
		expect(await isAllowed(download('shopping/a.png'))).toBe(false);
		expect(await isAllowed(download('inbox/a.png'))).toBe(false);
	});

	it('need cos:PutObject on a destination bucket', async () => {
		const request = () => inBucket('inbox/a.png', { key: 'repaired/new.png', bucket: OTHER });
		const document = page('Repair Image in Bucket, with');
		await sandbox.setPolicy({ document });
		expect(await isAllowed(request())).toBe(false);
		const onOther = allow('cos:PutObject', `qcs::cos:ap-guangzhou:uid/1250000000:${OTHER}/*`);
		await sandbox.setPolicy({ document: policy(...document.statement, onOther) });
		expect(await isAllowed(request())).toBe(true);
		expect(await sandbox.keys(OTHER)).toEqual(['repaired/new.png']);
	});

	it('do not open another bucket at its own host', async () => {
		const get = () =>
			signedFor(sandbox, 'GET', `/inbox/a.png?${byPolygon}`, { Host: `${OTHER}.localhost` });
		await sandbox.setPolicy({ document: page('Download Repaired Image, with') });
		expect(await isAllowed(get())).toBe(false);
	});

	it('need cos:GetObject on a mask in the bucket, without which nothing is billed', async () => {
		const maskPic = Buffer.from(presigned('masks/m.png')).toString('base64url');
		const rule = `ci-process=ImageRepair&MaskPic=${maskPic}`;
		const request = () => inBucket('inbox/a.png', { key: 'repaired/new.png', rule });
		const document = page('Repair Image in Bucket, with');
		await sandbox.setPolicy({ document });
		const response = await send(sandbox.url, request());
		expect([response.status, response.code]).toEqual([400, 'InvalidArgument']);
		expect(response.body.toString('utf8')).toContain('403 AccessDenied');
		const { calls, versions } = await sandbox.ledger();
		expect(versions).toEqual([]);
		expect(calls.map(({ kind, billed }) => [kind, billed])).toEqual([
			['repair-cloud', false],
			['get', false],
		]);
		const onMasks = allow('cos:GetObject', cosResource('masks/*'));
		await sandbox.setPolicy({ document: policy(...document.statement, onMasks) });
		expect(await isAllowed(request())).toBe(true);
	});

	it('allow a public image only where the policy is for the whole bucket', async () => {
		const url = encodeURIComponent(presigned('shop/a.png'));
		const request = () => signedFor(sandbox, 'GET', `/?${byPolygon}&detect-url=${url}`);
		const document = page('Download Repaired Image, with');
		await sandbox.setPolicy({ document });
		expect(await isAllowed(request())).toBe(true);
		await sandbox.setPolicy({ document: withResources(document, 'qcs::cos', '/*', '/shop/*') });
		expect(await isAllowed(request())).toBe(false);
	});
});

describe('a request that is no repair', () => {
	it.each(Object.entries(NO_REPAIR))('%s needs its own action and no other', async (_, one) => {
		const { action, request } = one;
		const deny = { effect: 'deny', action, resource: '*' };
		await sandbox.setPolicy({ document: policy(allow('*'), deny) });
		expect(await isAllowed(request())).toBe(false);
		await sandbox.setPolicy({ document: policy(allow(action, cosResource('*'))) });
		expect(await isAllowed(request())).toBe(true);
		await sandbox.setPolicy({ document: policy(allow(action, cosResource('shop/*'))) });
		expect(await isAllowed(request())).toBe(false);
	});

	it('a copy needs to get the source and to put the copy', async () => {
		const source = 'examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com/inbox/a.png';
		const copy = () => signedFor(sandbox, 'PUT', '/shop/b.png', { 'x-cos-copy-source': source });
		const get = allow('cos:GetObject', cosResource('inbox/*'));
		const put = allow('cos:PutObject', cosResource('shop/*'));
		for (const [document, isEnough] of [
			[policy(get), false],
			[policy(put), false],
			[policy(get, put), true],
		] as const) {
			await sandbox.setPolicy({ document });
			expect(await isAllowed(copy())).toBe(isEnough);
		}
	});

	it('lists a folder with a policy for that folder, and not the whole bucket', async () => {
		const list = (prefix: string) => signedFor(sandbox, 'GET', `/?prefix=${prefix}`);
		const document = policy(allow('cos:GetBucket', cosResource('shop/*')));
		await sandbox.setPolicy({ document });
		expect(await isAllowed(list('shop%2F'))).toBe(true);
		expect(await isAllowed(list('shop'))).toBe(false);
		expect(await isAllowed(signedFor(sandbox, 'GET', '/'))).toBe(false);
	});
});

it('deny wins over allow: one denied result of a call keeps all of it from being done', async () => {
	const deny = { effect: 'deny', action: 'cos:Put*', resource: cosResource('secret/*') };
	const both = () => inBucket('inbox/a.png', { key: 'new.png' }, { key: 'secret/new.png' });
	for (const document of [policy(deny, allow('*')), policy(allow('*'), deny)]) {
		await sandbox.setPolicy({ document });
		expect(await isAllowed(both())).toBe(false);
		expect(await isAllowed(inBucket('inbox/a.png', { key: 'new.png' }))).toBe(true);
	}
});

it('a refusal names the action and the resource that are missing, and no fault takes its place', async () => {
	await sandbox.setFaults([{ fault: { fault: 'status', status: 503, processed: 'later' } }]);
	await sandbox.setPolicy({
		reading: 'strict',
		document: page('Upload and Repair Image, without'),
	});
	expect(await isAllowed(upload('up.png', { key: 'new.png' }))).toBe(false);
	const response = await send(sandbox.url, upload('up.png', { key: 'new.png' }));
	expect(response.body.toString('utf8')).toContain(
		'does not allow ci:CreateImageRepairJob on ' +
			'qcs::ci:ap-guangzhou:uid/1250000000:bucket/examplebucket-1250000000/up.png.',
	);
});

describe('without a policy', () => {
	it.each([undefined, ...READINGS])(
		'the account may do everything, read as %s',
		async (reading) => {
			await sandbox.setPolicy({ ...(reading && { reading }) });
			expect(await allowedCalls()).toEqual(Object.keys(CALLS));
		},
	);
});

describe('a policy given at the start', () => {
	const denyAll = policy({ effect: 'deny', action: '*', resource: '*' });
	const isRefused = async (at: SandboxAddress) => {
		const response = await send(at.url, signedFor(at, 'GET', '/'));
		return response.code === 'AccessDenied';
	};

	it('is in force, in this process and in a child process, and strict unless a reading is given', async () => {
		for (const start of [startSandbox, spawnSandbox]) {
			const started = await start({ quick: true, policy: { document: denyAll } });
			try {
				expect(await isRefused(started)).toBe(true);
				const shown: unknown = await (await fetch(`${started.controlUrl}/policy`)).json();
				expect(shown).toMatchObject({ reading: 'strict' });
			} finally {
				await started.close();
			}
		}
	});

	it('is refused with the reason if it is malformed', async () => {
		const malformed = policy({ effect: 'permit', action: '*', resource: '*' });
		for (const start of [startSandbox, spawnSandbox]) {
			await expect(start({ policy: { document: malformed } })).rejects.toThrow(
				'statement 1: effect must be',
			);
		}
	});

	describe('on the command line', () => {
		let folder: string;
		beforeAll(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sandbox-policy-'))));
		afterAll(() => fs.rmSync(folder, { recursive: true }));

		function command(text: string, ...args: string[]) {
			const file = path.join(folder, 'policy.json');
			fs.writeFileSync(file, text);
			const main = path.join(__dirname, '../../../dev/sandbox/main.ts');
			const options = ['--port=0', '--json', '--exit-with-parent', `--policy=${file}`, ...args];
			return spawn(process.execPath, ['--require', require.resolve('tsx/cjs'), main, ...options]);
		}

		it('is read from a file, with a reading', async () => {
			const child = command(JSON.stringify(denyAll), '--policy', 'lenient');
			const exited = once(child, 'exit');
			try {
				const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
				const address = JSON.parse(line) as SandboxAddress;
				expect(await isRefused(address)).toBe(true);
				const shown: unknown = await (await fetch(`${address.controlUrl}/policy`)).json();
				expect(shown).toMatchObject({
					reading: 'lenient',
					document: { statement: [{ effect: 'deny' }] },
				});
			} finally {
				child.stdin.end();
				await exited;
			}
		});

		it('keeps the sandbox from starting if it is malformed', async () => {
			const child = command('{"version": "2.0", "statement": {}}');
			let errors = '';
			child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')));
			const [code] = (await once(child, 'close')) as [number];
			expect(code).toBe(1);
			expect(errors).toContain('The policy: statement must be a list of at least one statement.');
			expect(errors).toContain('policy.json');
		});
	});
});
