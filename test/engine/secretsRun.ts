import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { INodeParameters } from 'n8n-workflow';

import type { EngineItem, ExecutionResult } from '../../dev/engine/engine';
import type { CallKind } from '../../dev/sandbox/ledger/calls';
import type { Fault, FaultRule } from '../../dev/sandbox/faults/faultRules';
import { CREDENTIAL_TYPE, NODE_TYPE } from '../../dev/packageNames';
import { shortenPauses } from '../quickSleep';
import { byKey, named, NODE, openScene, image, type Scene } from './bucketAndEngine';

/**
 * The process that secrets.test.ts starts: provokes every fault in every mode with secrets that are
 * easy to recognise, and reports everything that a user or an administrator could see afterwards.
 */

/** Without a word that would tell what they are: only by its value can one be known to be secret. */
export const CANARIES = {
	secretKey: 'Zk3vQ9xWmB7tR2pLcY5nHdJ8sGfT4aUe',
	token: 'mR4tYx8Kq2Wv-Nc7Jz_Hb5Lp9Fd3Gs6Ta1Ue0Bw',
	wrongKey: 'Pw5Hn8Xc2Vk7Bt4Mz9Lq3Rd6Jf1Gs0Ya',
};

/** Every text, with the place where it appeared. */
export interface SecretsReport {
	places: Array<{ place: string; text: string }>;
	/** Number of error items, and of runs that failed. */
	failures: { items: number; thrown: number };
	/** Number of requests that got a fault. */
	faulty: number;
	/** Number of requests with a presigned URL, with which the sandbox fetches masks. */
	presigned: number;
}

const REPAIRS: CallKind[] = ['repair-download', 'repair-upload', 'repair-cloud'];

const FAULTS: Readonly<Record<string, Fault>> = {
	delay: { fault: 'delay', ms: 3000 },
	badRequest: { fault: 'status', status: 400 },
	badRequestHtml: { fault: 'status', status: 400, body: 'html' },
	forbidden: { fault: 'status', status: 403 },
	expired: { fault: 'status', status: 403, code: 'AccessDenied', message: 'Request has expired' },
	notFoundEmpty: { fault: 'status', status: 404, body: 'empty' },
	tooMany: { fault: 'status', status: 429 },
	internal: { fault: 'status', status: 500, body: 'cut' },
	gateway: { fault: 'status', status: 502, body: 'html' },
	unavailable: { fault: 'status', status: 503 },
	slowDown: { fault: 'status', status: 503, code: 'SlowDown', retryAfter: 0 },
	gatewayTimeout: { fault: 'status', status: 504, processed: true },
	refusal200: { fault: 'status', status: 200 },
	redirect: { fault: 'redirect', location: 'http://127.0.0.1:9/' },
	resetInRequest: { fault: 'reset', at: 'request' },
	reset: { fault: 'reset' },
	resetProcessed: { fault: 'reset', processed: true },
	cut: { fault: 'cut' },
	cutShort: { fault: 'cut', by: 'end' },
	drip: { fault: 'drip' },
	contentType: { fault: 'contentType', contentType: 'text/html' },
	malformed: { fault: 'xml', shape: 'malformed', processed: false },
	huge: { fault: 'xml', shape: 'huge', processed: false },
	entities: { fault: 'xml', shape: 'entities', processed: false },
	deep: { fault: 'xml', shape: 'deep', processed: false },
	duplicated: { fault: 'xml', shape: 'duplicated', node: 'Object' },
	missing: { fault: 'xml', shape: 'missing', processed: false },
};

/**
 * Faults that only the time limit ends. The others have all the time they need, so that a busy machine
 * does not turn them into timeouts.
 */
const LATE = new Set(['delay', 'drip']);

const toBase64 = (text: string) => Buffer.from(text).toString('base64');
const refusal = (code: string, message: string): Fault => ({
	fault: 'status',
	status: 400,
	code,
	message,
});

/** Gateways that respond with the request that they received, including its signature. */
const ECHOES: Readonly<Record<string, Fault>> = {
	echo400: { fault: 'status', status: 400, body: 'echo' },
	echo403: { fault: 'status', status: 403, body: 'echo', contentType: 'text/plain' },
	echo502: { fault: 'status', status: 502, body: 'echo' },
	echo200: { fault: 'status', status: 200, body: 'echo' },
	// Links are repeated in secretsByValue.test.ts: those that a user enters are in the error's node, too.
	echoInMessage: refusal('InvalidArgument', `It came with ${CANARIES.token}.`),
	echoInBase64: refusal('InvalidArgument', `It came with ${toBase64(CANARIES.token)}.`),
	echoPercentEncoded: refusal(
		'InvalidArgument',
		`It came with ${encodeURIComponent(toBase64(CANARIES.token))}.`,
	),
	echoCutShort: refusal('InvalidArgument', `It came with ${CANARIES.token.slice(0, 20)}`),
	echoInCode: refusal(toBase64(CANARIES.token), 'It is refused.'),
	echoInType: {
		fault: 'status',
		status: 200,
		body: 'html',
		contentType: `text/${CANARIES.token}`,
	},
	echoInObject: {
		fault: 'rules',
		rules: [1],
		report: 'object',
		code: 'Failed',
		message: `It came with ${CANARIES.token}.`,
	},
	echoInRequestId: { fault: 'headers', headers: { 'x-cos-request-id': CANARIES.token } },
};

const ALL = { ...FAULTS, ...ECHOES };

/** The faults that are enough for calls other than repairs. */
const FEW = new Set([
	'forbidden',
	'gateway',
	'reset',
	'resetProcessed',
	'cut',
	'malformed',
	'redirect',
]);
const FEWER = Object.entries(ALL).filter(([name]) => FEW.has(name) || name in ECHOES);

const inspectAll = (value: unknown): string =>
	inspect(value, { depth: null, maxArrayLength: null, maxStringLength: null, showHidden: true });

/** JSON like that in which n8n's server stores an execution; repeated objects are left out. */
function asJson(value: unknown): string {
	const seen = new Set<unknown>();
	return JSON.stringify({ value }, (_, each: unknown) => {
		if (typeof each !== 'object' || each === null) return each;
		if (seen.has(each)) return undefined;
		seen.add(each);
		return each;
	});
}

class Evidence {
	readonly report: SecretsReport = {
		places: [],
		failures: { items: 0, thrown: 0 },
		faulty: 0,
		presigned: 0,
	};

	private readonly files = new Set<string>();

	add(place: string, text: string): void {
		this.report.places.push({ place, text });
	}

	/** n8n stores the same image for each item: to look at it once is enough. */
	addFile(name: string, bytes: Buffer): void {
		const text = bytes.toString('latin1');
		const hash = createHash('sha256').update(bytes).digest('hex');
		this.add('a stored file', this.files.has(hash) ? name : `${name}\n${text}`);
		this.files.add(hash);
	}

	addRun(name: string, result: ExecutionResult): void {
		const { error } = result;
		const output = [...result.output(NODE, 0), ...result.output(NODE, 1)];
		if (error) this.report.failures.thrown++;
		this.report.failures.items += output.filter(({ json }) => json.error !== undefined).length;
		this.add(`${name}: output`, asJson(output));
		this.add(`${name}: hints`, asJson(result.hints(NODE)));
		this.add(`${name}: error`, `${inspectAll(error)}\n${error?.stack ?? ''}\n${asJson(error)}`);
		this.add(`${name}: execution`, `${asJson(result.raw)}\n${inspectAll(result.raw)}`);
	}
}

/** Runs, and items of a run, at work at the same time. */
const AT_ONCE = 40;

const maskInBucket = { maskSource: 'object', maskObjectKey: byKey('mask.png') };

const parameters = (
	mode: string,
	key: string,
	options: INodeParameters,
	more: INodeParameters = {},
): INodeParameters => ({
	operation: mode,
	...named(key),
	area: 'mask',
	maskSource: 'binary',
	maskBinaryPropertyName: 'mask',
	options: { retries: 0, maxConcurrency: AT_ONCE, ...options },
	...more,
});

const KEY = '={{ $json.key }}';

/** What is asked for while a fault meets it. The key and its folder come from the item. */
interface Provoked {
	readonly name: string;
	readonly key: string;
	readonly parameters: INodeParameters;
	readonly onError: string;
}

/** A repair in every mode for each fault. */
function provokedRepairs(): { rules: FaultRule[]; provoked: Provoked[] } {
	const faults = Object.entries(ALL);
	const rules = faults.map(([name, fault]) => ({ kind: REPAIRS, keyPrefix: `${name}/`, fault }));
	const provoked = faults.flatMap(([name]) =>
		['download', 'upload', 'cloud'].map((mode): Provoked => {
			const options = {
				retries: name === 'expired' ? 1 : 0,
				checkAreaFirst: false,
				...(LATE.has(name) && { timeout: 1 }),
			};
			// The service fetches both masks by a presigned URL; that of an upload is stored first, and deleted.
			const mask = mode === 'upload' ? {} : maskInBucket;
			return {
				name: `${name} ${mode}`,
				key: `${name}/${mode}.png`,
				parameters: parameters(mode, KEY, options, mask),
				onError: mode === 'cloud' ? 'continueErrorOutput' : 'continueRegularOutput',
			};
		}),
	);
	return { rules, provoked };
}

const binaryMask = { checkAreaFirst: false, temporaryMaskPrefix: '={{ $json.folder }}' };

/** Repairs for which another call meets a fault; the service itself fetches a mask by GET. */
const OTHERS: Array<[what: string, kind: CallKind, parameters: INodeParameters]> = [
	['put', 'put', parameters('download', KEY, binaryMask)],
	['delete', 'delete', parameters('download', KEY, binaryMask)],
	['mask', 'get', parameters('cloud', KEY, binaryMask)],
	['get', 'get', parameters('cloud', KEY, {}, { ...maskInBucket, downloadResult: true })],
	['head', 'head', parameters('cloud', KEY, { skipExisting: true }, maskInBucket)],
	[
		'image-info',
		'image-info',
		parameters('download', KEY, {}, { area: 'polygons', polygons: '[[1,1],[9,1],[9,9]]' }),
	],
];

function provokedOthers(): { rules: FaultRule[]; provoked: Provoked[] } {
	const pairs = OTHERS.flatMap(([what, kind, parameters]) =>
		FEWER.map(([name, fault]) => ({ kind, fault, folder: `${what}-${name}/`, parameters })),
	);
	return {
		rules: pairs.map(({ kind, fault, folder }) => ({ kind, keyPrefix: folder, fault })),
		provoked: pairs.map(({ folder, parameters }) => ({
			name: folder,
			key: `${folder}a.png`,
			parameters,
			onError: 'continueRegularOutput',
		})),
	};
}

/**
 * Provokes each failure twice: in a run that it stops, and beside all others of its kind in a run that
 * continues, which saves a run for each.
 */
async function runWithFaults(scene: Scene, evidence: Evidence, content: Buffer): Promise<void> {
	const file = { content, mimeType: 'image/png', fileName: 'a.png' };
	const all = [provokedRepairs(), provokedOthers()];
	const provoked = all.flatMap((some) => some.provoked);
	const keys = ['mask.png', ...provoked.map(({ key }) => key)];
	await scene.sandbox.putObjects(
		keys.map((key) => ({ key, bytes: content })),
		'image/png',
	);
	await scene.sandbox.setFaults(all.flatMap((some) => some.rules));

	const itemOf = ({ key }: Provoked) => ({
		json: { key, folder: key.replace(/[^/]*$/, '') },
		binary: { data: file, mask: file },
	});
	const alike = new Map<string, { first: Provoked; items: EngineItem[] }>();
	for (const one of provoked) {
		const settings = JSON.stringify([one.parameters, one.onError]);
		const items = [...(alike.get(settings)?.items ?? []), itemOf(one)];
		alike.set(settings, { first: one, items });
	}
	const runs = [
		...[...alike.values()].map(({ first, items }) => async () => {
			const { name, parameters, onError } = first;
			const result = await scene.run(parameters, items, { node: { onError } });
			evidence.addRun(`${name} and others ${onError}`, result);
		}),
		...provoked.map((one) => async () => {
			evidence.addRun(`${one.name} thrown`, await scene.run(one.parameters, [itemOf(one)]));
		}),
	];
	await Promise.all(
		Array.from({ length: AT_ONCE }, async () => {
			for (let run = runs.shift(); run; run = runs.shift()) await run();
		}),
	);
	await scene.sandbox.clearFaults();
}

async function runWithOtherFailures(
	scene: Scene,
	evidence: Evidence,
	content: Buffer,
): Promise<void> {
	const file = { content, mimeType: 'image/png', fileName: 'a.png' };
	const item = { json: {}, binary: { data: file, mask: file } };
	await scene.sandbox.putObject('a.png', content, 'image/png');
	const failures: Array<[name: string, nodeParameters: INodeParameters, credential: object]> = [
		['wrong key', parameters('cloud', 'a.png', {}), { secretKey: CANARIES.wrongKey }],
		['wrong token', parameters('cloud', 'a.png', {}), { securityToken: 'none' }],
		['closed port', parameters('upload', 'a.png', {}), { customDomain: 'http://127.0.0.1:9' }],
		['no such image', parameters('download', 'none.png', {}), {}],
		['dry run', parameters('cloud', 'a.png', { dryRun: true }, maskInBucket), {}],
		['mask in the bucket', parameters('cloud', 'a.png', {}, maskInBucket), {}],
		['success', parameters('upload', 'b.png', { simplify: false }, { downloadResult: true }), {}],
	];
	for (const [name, nodeParameters, credential] of failures) {
		for (const onError of ['stopWorkflow', 'continueRegularOutput']) {
			const result = await scene.run(nodeParameters, [item], {
				node: { onError },
				credential: { ...credential },
			});
			evidence.addRun(`${name} ${onError}`, result);
		}
	}
	for (const offset of [-86_400, 86_400]) {
		await scene.sandbox.setClock(offset);
		const result = await scene.run(parameters('download', 'a.png', { retries: 1 }), [item]);
		evidence.addRun(`clock ${offset}`, result);
	}
	await scene.sandbox.setClock(0);
}

/** The calls of the editor itself: From List and the credential's Test. */
async function callFromEditor(scene: Scene, evidence: Evidence): Promise<void> {
	// These faults make the node request a list four times, with pauses that would cost much time.
	const retried = new Set(['gateway', 'reset', 'resetProcessed']);
	for (const [name, fault] of FEWER.filter(([each]) => !retried.has(each))) {
		await scene.sandbox.setFaults([{ kind: ['list', 'head-bucket'], fault }]);
		const listed: unknown = await scene.engine
			.listSearch({
				nodeType: NODE_TYPE,
				method: 'searchImages',
				nodeParameters: {},
				credentials: { bucket: scene.credential },
			})
			.catch((error: unknown) => error);
		evidence.add(`list ${name}`, `${inspectAll(listed)}\n${asJson(listed)}`);
		const tested = await scene.engine.testCredential(CREDENTIAL_TYPE, scene.credential);
		evidence.add(`test ${name}`, asJson(tested));
	}
	await scene.sandbox.clearFaults();
}

async function main(file: string): Promise<void> {
	shortenPauses(100);
	const userFolder = mkdtempSync(join(tmpdir(), 'image-repair-secrets-'));
	const scene = await openScene(
		{ binaryMode: 'filesystem', userFolder },
		{ secretKey: CANARIES.secretKey, token: CANARIES.token, quick: true },
	);
	Object.assign(scene.credential, { securityToken: CANARIES.token });
	const evidence = new Evidence();
	const content = await image();
	await runWithFaults(scene, evidence, content);
	await runWithOtherFailures(scene, evidence, content);
	await callFromEditor(scene, evidence);

	evidence.add('n8n log', scene.engine.log.join('\n'));
	for (const entry of readdirSync(userFolder, { recursive: true, withFileTypes: true })) {
		if (!entry.isFile()) continue;
		evidence.addFile(entry.name, readFileSync(join(entry.parentPath, entry.name)));
	}
	const calls = await scene.sandbox.calls();
	evidence.report.faulty = calls.filter(({ fault }) => fault !== '').length;
	evidence.report.presigned = calls.filter(({ authorization }) => authorization === 'query').length;
	writeFileSync(file, JSON.stringify(evidence.report));
	await scene.close();
	rmSync(userFolder, { recursive: true });
}

if (require.main === module) void main(process.argv[2] ?? '');
