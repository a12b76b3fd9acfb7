import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { INodeParameters } from 'n8n-workflow';

import type { ExecutionResult } from '../../dev/engine/engine';
import type { CallKind } from '../../dev/sandbox/ledger/calls';
import type { Fault, FaultRule } from '../../dev/sandbox/faults/faultRules';
import { byKey, NODE, openScene, image, type Scene } from './bucketAndEngine';

/**
 * The process of secrets.test.ts: meets every fault in every mode with secrets that are easy to
 * recognise, and writes down all that is left of it.
 */

export const CANARIES = {
	secretKey: 'CanarySecretKeyThatNobodyMaySee0',
	token: 'canary-security-token-that-nobody-may-see',
	wrongKey: 'CanaryWrongKeyThatNobodyMaySee00',
};

/** Text by where it was found. */
export interface SecretsReport {
	places: Array<{ place: string; text: string }>;
	/** How many runs ended in an error, as error items and thrown. */
	failures: { items: number; thrown: number };
	/** Calls that met a fault. */
	faulty: number;
	/** Calls whose signature came in a presigned URL: the sandbox fetching a mask. */
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

/** Gateways that answer with what they were sent, signature first: a set of faults for itself. */
const ECHOES: Readonly<Record<string, Fault>> = {
	echo400: { fault: 'status', status: 400, body: 'echo' },
	echo403: { fault: 'status', status: 403, body: 'echo', contentType: 'text/plain' },
	echo502: { fault: 'status', status: 502, body: 'echo' },
	echo200: { fault: 'status', status: 200, body: 'echo' },
};

/** The faults of one process, by the set's name. */
const SETS = { faults: FAULTS, echoes: ECHOES };
export type FaultSet = keyof typeof SETS;

const NEIGHBOURS: CallKind[] = ['put', 'delete', 'head', 'image-info', 'get'];
/** Enough for calls besides the repair itself. */
const FEW = new Set([
	'forbidden',
	'gateway',
	'reset',
	'resetProcessed',
	'cut',
	'malformed',
	'redirect',
]);
const fewOf = (faults: Readonly<Record<string, Fault>>) =>
	Object.entries(faults).filter(([name]) => FEW.has(name) || name in ECHOES);

const everything = (value: unknown): string =>
	inspect(value, { depth: null, maxArrayLength: null, maxStringLength: null, showHidden: true });

/** As n8n's server stores an execution, as far as JSON goes. */
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

	add(place: string, text: string): void {
		this.report.places.push({ place, text });
	}

	addRun(name: string, result: ExecutionResult): void {
		const { error } = result;
		const output = [...result.output(NODE, 0), ...result.output(NODE, 1)];
		if (error) this.report.failures.thrown++;
		if (output.some(({ json }) => json.error !== undefined)) this.report.failures.items++;
		this.add(`${name}: output`, asJson(output));
		this.add(`${name}: hints`, asJson(result.hints(NODE)));
		this.add(`${name}: error`, `${everything(error)}\n${error?.stack ?? ''}\n${asJson(error)}`);
		this.add(`${name}: execution`, `${asJson(result.raw)}\n${everything(result.raw)}`);
	}
}

const parameters = (
	mode: string,
	key: string,
	options: INodeParameters,
	more: INodeParameters = {},
): INodeParameters => ({
	operation: mode,
	objectKey: byKey(key),
	area: 'mask',
	maskSource: 'binary',
	maskBinaryPropertyName: 'mask',
	options: { retries: 0, timeout: 1, ...options },
	...more,
});

async function meetFaults(
	scene: Scene,
	evidence: Evidence,
	content: Buffer,
	faults: Readonly<Record<string, Fault>>,
): Promise<void> {
	const file = { content, mimeType: 'image/png', fileName: 'a.png' };
	const item = { json: {}, binary: { data: file, mask: file } };
	const repair = async (name: string, given: INodeParameters, onError?: string) => {
		const result = await scene.run(given, [item], { node: onError ? { onError } : {} });
		evidence.addRun(`${name} ${onError ?? 'thrown'}`, result);
	};

	const rules: FaultRule[] = [];
	const runs: Array<() => Promise<void>> = [];
	for (const [name, fault] of Object.entries(faults)) {
		rules.push({ kind: REPAIRS, keyPrefix: `${name}/`, fault });
		for (const mode of ['download', 'upload', 'cloud']) {
			const key = `${name}/${mode}.png`;
			await scene.sandbox.putObject(key, content, 'image/png');
			const given = parameters(mode, key, { retries: name === 'expired' ? 1 : 0 });
			const goingOn = mode === 'cloud' ? 'continueErrorOutput' : 'continueRegularOutput';
			for (const onError of [undefined, goingOn]) {
				runs.push(async () => await repair(`${name} ${mode}`, given, onError));
			}
		}
	}
	for (const kind of NEIGHBOURS) {
		for (const [name, fault] of fewOf(faults)) {
			const folder = `${kind}-${name}/`;
			rules.push({ kind, keyPrefix: folder, fault });
			const key = `${folder}a.png`;
			await scene.sandbox.putObject(key, content, 'image/png');
			const polygons = { area: 'polygons', polygons: '[[1,1],[9,1],[9,9]]' };
			const given = parameters(
				kind === 'head' || kind === 'get' ? 'cloud' : 'download',
				key,
				{ temporaryMaskPrefix: folder, skipExisting: kind === 'head' },
				{ ...(kind === 'image-info' && polygons), downloadResult: kind === 'get' },
			);
			for (const onError of [undefined, 'continueRegularOutput']) {
				runs.push(async () => await repair(folder, given, onError));
			}
		}
	}
	await scene.sandbox.setFaults(rules);
	while (runs.length > 0) await Promise.all(runs.splice(0, 40).map(async (run) => await run()));
	await scene.sandbox.clearFaults();
}

async function meetOtherTroubles(scene: Scene, evidence: Evidence, content: Buffer): Promise<void> {
	const file = { content, mimeType: 'image/png', fileName: 'a.png' };
	const item = { json: {}, binary: { data: file, mask: file } };
	await scene.sandbox.putObject('a.png', content, 'image/png');
	await scene.sandbox.putObject('mask.png', content, 'image/png');
	const maskInBucket = { maskSource: 'object', maskObjectKey: byKey('mask.png') };
	const troubles: Array<[name: string, given: INodeParameters, credential: object]> = [
		['wrong key', parameters('cloud', 'a.png', {}), { secretKey: CANARIES.wrongKey }],
		['wrong token', parameters('cloud', 'a.png', {}), { securityToken: 'none' }],
		['closed port', parameters('upload', 'a.png', {}), { customDomain: 'http://127.0.0.1:9' }],
		['no such image', parameters('download', 'none.png', {}), {}],
		['dry run', parameters('cloud', 'a.png', { dryRun: true }, maskInBucket), {}],
		['mask in the bucket', parameters('cloud', 'a.png', {}, maskInBucket), {}],
		['success', parameters('upload', 'b.png', {}, { simplify: false, downloadResult: true }), {}],
	];
	for (const [name, given, credential] of troubles) {
		for (const onError of ['stopWorkflow', 'continueRegularOutput']) {
			const result = await scene.run(given, [item], {
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

/** The editor's own calls: "From list" and the credential's Test button. */
async function pressButtons(
	scene: Scene,
	evidence: Evidence,
	faults: Readonly<Record<string, Fault>>,
): Promise<void> {
	// The list is asked for four times when that may help, so only one of these faults lets it.
	const slow = new Set(['gateway', 'reset', 'resetProcessed']);
	for (const [name, fault] of fewOf(faults).filter(([each]) => !slow.has(each))) {
		await scene.sandbox.setFaults([{ kind: ['list', 'head-bucket'], fault }]);
		const listed: unknown = await scene.engine
			.listSearch({
				nodeType: 'n8n-nodes-tencent-image-repair.imageRepair',
				method: 'searchImages',
				nodeParameters: {},
				credentials: { bucket: scene.credential },
			})
			.catch((error: unknown) => error);
		evidence.add(`list ${name}`, `${everything(listed)}\n${asJson(listed)}`);
		const tested = await scene.engine.testCredential('tencentCloudInfiniteApi', scene.credential);
		evidence.add(`test ${name}`, asJson(tested));
	}
	await scene.sandbox.clearFaults();
}

async function main(file: string, faults: Readonly<Record<string, Fault>>): Promise<void> {
	const userFolder = mkdtempSync(join(tmpdir(), 'image-repair-secrets-'));
	const scene = await openScene(
		{ binaryMode: 'filesystem', userFolder },
		{ secretKey: CANARIES.secretKey, token: CANARIES.token },
	);
	Object.assign(scene.credential, { securityToken: CANARIES.token });
	const evidence = new Evidence();
	const content = await image();
	await meetFaults(scene, evidence, content, faults);
	await meetOtherTroubles(scene, evidence, content);
	await pressButtons(scene, evidence, faults);

	evidence.add('n8n log', scene.engine.log.join('\n'));
	for (const entry of readdirSync(userFolder, { recursive: true, withFileTypes: true })) {
		if (!entry.isFile()) continue;
		const bytes = readFileSync(join(entry.parentPath, entry.name));
		evidence.add('a stored file', `${entry.name}\n${bytes.toString('latin1')}`);
	}
	const calls = await scene.sandbox.calls();
	evidence.report.faulty = calls.filter(({ fault }) => fault !== '').length;
	evidence.report.presigned = calls.filter(({ authorization }) => authorization === 'query').length;
	writeFileSync(file, JSON.stringify(evidence.report));
	await scene.close();
	rmSync(userFolder, { recursive: true });
}

if (require.main === module) {
	const [file = '', set] = process.argv.slice(2);
	void main(file, set === 'echoes' ? SETS.echoes : SETS.faults);
}
