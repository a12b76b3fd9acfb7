import { rmSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Endings } from '../../dev/playground/childProcess';
import { installByHand, installPackage, packNode } from '../../dev/playground/communityPackage';
import type { Installation } from '../../dev/playground/install';
import {
	localCredentials,
	localWorkflows,
	type LocalWorkflow,
} from '../../dev/playground/localWorkflows';
import { freePort, isFree } from '../../dev/playground/machine';
import { N8nClient } from '../../dev/playground/n8nClient';
import { fillHome, startN8n, type N8nHome, type RunningN8n } from '../../dev/playground/n8nServer';
import { serveNeighbours, type Neighbours } from '../../dev/playground/neighbours';
import { makeSamples, type Samples } from '../../dev/playground/sampleImages';
import { spawnSandbox, type SpawnedSandbox } from '../../dev/sandbox/spawn';
import { lazily } from './lazily';

/** Local services and an n8n that has the package, the credentials and the examples. */
export interface Stage {
	readonly home: N8nHome;
	readonly sandbox: SpawnedSandbox;
	readonly neighbours: Neighbours;
	readonly samples: Samples;
}

export interface StageOptions {
	readonly env?: Readonly<Record<string, string>>;
	/** If set, the sandbox returns images unchanged after this many milliseconds. */
	readonly delay?: number;
	/** Whether the package is installed with npm instead of in n8n's panel. */
	readonly byHand?: boolean;
	/** Credentials besides those of the local services. */
	readonly credentials?: readonly object[];
	/** Changes the examples, or adds workflows to them. */
	readonly adapt?: (workflows: LocalWorkflow[]) => LocalWorkflow[];
}

/** Below the ports that a system gives out by itself, so that nothing takes one between two stages. */
async function fixedPort(): Promise<number> {
	for (;;) {
		const port = 20_000 + Math.floor(Math.random() * 10_000);
		if (await isFree(port)) return port;
	}
}

interface Ports {
	readonly sandbox: number;
	readonly neighbours: number;
	readonly mail: number;
}

/**
 * The ports of the services, by the version of n8n: the credentials and workflows that its stages share name
 * them.
 */
const ports = new Map<string, Promise<Ports>>();

async function portsOf({ release: { version } }: Installation): Promise<Ports> {
	const choose = async () => ({
		sandbox: await fixedPort(),
		neighbours: await fixedPort(),
		mail: await fixedPort(),
	});
	const chosen = ports.get(version) ?? choose();
	ports.set(version, chosen);
	return await chosen;
}

/** A folder that is there until the process ends. */
async function lastingFolder(name: string): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), `image-repair-${name}-`));
	process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

const allSamples = lazily(makeSamples);

/** The tarball that PACKAGE_TARBALL names, which will be published; otherwise one packed here. */
const tarball = lazily(async () => {
	if (process.env.PACKAGE_TARBALL !== undefined) return process.env.PACKAGE_TARBALL;
	const packed = await packNode();
	process.once('exit', () => rmSync(dirname(packed.tarball), { recursive: true, force: true }));
	return packed.tarball;
});

/** Folders of n8n with the credentials and the examples, by its version: importing takes long. */
const filledFolders = new Map<string, string>();

async function filledFolder(
	installation: Installation,
	places: Pick<Stage, 'sandbox' | 'neighbours'>,
): Promise<string> {
	const { version } = installation.release;
	const filled = filledFolders.get(version);
	if (filled !== undefined) return filled;
	const userFolder = await lastingFolder('filled');
	await fillHome(
		{ installation, userFolder },
		{ credentials: localCredentials(places), workflows: await localWorkflows(places) },
	);
	filledFolders.set(version, userFolder);
	return userFolder;
}

/** Sets everything up, but does not start n8n. */
export async function prepareStage(
	installation: Installation,
	endings: Endings,
	{ env, delay, byHand = false, credentials = [], adapt }: StageOptions = {},
): Promise<Stage> {
	const userFolder = await mkdtemp(join(tmpdir(), 'image-repair-n8n-'));
	endings.add(async () => await rm(userFolder, { recursive: true, force: true }));
	const samples = await allSamples();
	const fixed = await portsOf(installation);
	const { neighbours: web, mail } = fixed;
	const neighbours = await serveNeighbours(samples.files, { web, mail });
	endings.add(async () => await neighbours.close());
	const sandbox = await spawnSandbox({ port: fixed.sandbox, delay });
	endings.add(async () => await sandbox.close());
	for (const { key, bytes, contentType } of samples.bucket) {
		await sandbox.putObject(key, bytes, contentType);
	}
	const places = { sandbox, neighbours };
	await cp(await filledFolder(installation, places), userFolder, { recursive: true });
	const home: N8nHome = { installation, userFolder, env };
	await (byHand ? installByHand : installPackage)(await tarball(), userFolder);
	const workflows = adapt?.(await localWorkflows(places)) ?? [];
	await fillHome(home, { credentials, workflows });
	return { home, sandbox, neighbours, samples };
}

/** Starts the n8n of a stage and signs in as its owner. */
export async function openStage(
	stage: Stage,
	endings: Endings,
): Promise<{ server: RunningN8n; client: N8nClient }> {
	const server = await startN8n(stage.home, { n8n: await freePort(), broker: await freePort() });
	endings.add(async () => await server.stop());
	const client = new N8nClient(server.url);
	await client.signIn();
	return { server, client };
}

/** Posts to the webhook of a workflow that has just been activated. */
export async function callWebhook(
	client: N8nClient,
	path: string,
	request: RequestInit,
): Promise<Response> {
	const post = async () =>
		await fetch(`${client.url}/webhook/${path}`, { method: 'POST', ...request });
	let response = await post();
	// n8n 2.x reports a workflow as active a moment before its webhook exists.
	for (let tries = 0; response.status === 404 && tries < 40; tries++) {
		await sleep(250);
		response = await post();
	}
	return response;
}
