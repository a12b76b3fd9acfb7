import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spawnSandbox, type SpawnedSandbox } from '../sandbox/spawn';
import { buildGuard } from './buildGuard';
import type { Endings } from './childProcess';
import { installPackage, packNode } from './communityPackage';
import { imagesPage } from './images/imagesPage';
import { Inbox } from './images/inbox';
import { installN8n } from './install';
import { localCredentials, localWorkflows } from './localWorkflows';
import { freePort, isFree, SetupFailure } from './machine';
import { N8nClient } from './n8nClient';
import { fillHome, removeOwner, startN8n, type N8nHome, type RunningN8n } from './n8nServer';
import { serveNeighbours, type Neighbours } from './neighbours';
import { keepOwner, keptOwner, newOwner, type Owner } from './owner';
import { NEWEST } from './releases';
import { makeSamples } from './sampleImages';
import { RELOADING, watchSources } from './watchSources';

export interface PlaygroundOptions {
	/** Port of n8n. */
	readonly port: number;
	/** Where the state is kept. */
	readonly folder: string;
	/** Whether to delete the state first. */
	readonly reset: boolean;
	/** Whether to reload the node when its sources change. */
	readonly watch: boolean;
}

export interface Playground {
	readonly server: RunningN8n;
	readonly sandbox: SpawnedSandbox;
	readonly neighbours: Neighbours;
	/** Who can sign in to n8n; undefined if the user has set another email or password there. */
	readonly owner: Owner | undefined;
}

/** What the playground keeps from one start to the next. */
interface State {
	/** They are in the imported credentials and workflows. */
	readonly ports: { readonly sandbox: number; readonly neighbours: number; readonly mail?: number };
	/** Whether bucket and n8n have their samples. */
	readonly filled: boolean;
}

const fileOf = (folder: string) => join(folder, 'playground.json');

/** Reads the state, or starts over if there is none or the last start did not get that far. */
async function openState(folder: string, reset: boolean): Promise<State> {
	const text = await readFile(fileOf(folder), 'utf8').catch(() => undefined);
	if (text !== undefined && !reset) {
		const { ports } = JSON.parse(text) as Pick<State, 'ports'>;
		return { ports, filled: true };
	}
	for (const part of ['n8n', 'bucket', 'playground.json', 'owner-password']) {
		await rm(join(folder, part), { recursive: true, force: true });
	}
	await mkdir(join(folder, 'n8n'), { recursive: true });
	await mkdir(join(folder, 'bucket'), { recursive: true });
	const ports = {
		sandbox: await freePort(),
		neighbours: await freePort(),
		mail: await freePort(),
	};
	return { ports, filled: false };
}

/** Saves the state once everything is in place. */
async function keepState(folder: string, { ports }: State): Promise<void> {
	await writeFile(fileOf(folder), JSON.stringify({ ports }, null, '\t'));
}

/**
 * The owner of this folder. One without a password of its own was filled before playgrounds had one, or its user wants a
 * new one: then n8n forgets the owner it has, whatever the password was.
 */
async function ownerOf(folder: string, home: N8nHome, { filled }: State): Promise<Owner> {
	const kept = await keptOwner(folder);
	if (kept) return kept;
	if (filled) {
		console.log('Making a new password …');
		await removeOwner(home);
	}
	const owner = newOwner();
	await keepOwner(folder, owner);
	return owner;
}

/** Whether an owner can sign in. One whom n8n does not have yet is created. */
async function canSignIn(client: N8nClient): Promise<boolean> {
	try {
		await client.signIn();
		return true;
	} catch (error) {
		if (String(error).includes('/login: 401 ')) return false;
		throw error;
	}
}

async function requireFree(port: number, advice: string): Promise<void> {
	if (await isFree(port)) return;
	throw new SetupFailure(`Port ${port} is taken. ${advice}`);
}

/**
 * Starts n8n with the node, the sample bucket and the other local services.
 *
 * @param endings receives how to stop each of them
 * @throws SetupFailure that says what is wrong
 */
export async function openPlayground(
	{ port, folder, reset, watch }: PlaygroundOptions,
	endings: Endings,
): Promise<Playground> {
	await requireFree(
		port,
		'Stop what uses it (another playground?), or choose another port: npm start -- --port 5680',
	);
	const installation = await installN8n(NEWEST);

	console.log('Preparing the sample images and the node …');
	const samples = await makeSamples();
	const state = await openState(folder, reset);
	const env = watch ? RELOADING : undefined;
	const preload = join(folder, 'n8n-guard.cjs');
	await buildGuard(preload);
	const home: N8nHome = { installation, userFolder: join(folder, 'n8n'), env, preload };
	const packed = await packNode();
	const installed = await installPackage(packed.tarball, home.userFolder);
	await packed.remove();

	for (const own of Object.values(state.ports)) {
		await requireFree(
			own,
			'The playground needs it again. Stop what uses it, or start over: npm start -- --reset',
		);
	}
	const data = join(folder, 'bucket');
	const sandbox = await spawnSandbox({ port: state.ports.sandbox, data });
	endings.add(async () => await sandbox.close());
	const images = imagesPage(new Inbox(sandbox), {
		n8n: `http://127.0.0.1:${port}`,
		picker: `${sandbox.controlUrl}/picker`,
	});
	const { neighbours: web, mail } = state.ports;
	const neighbours = await serveNeighbours(samples.files, { web, mail }, images);
	endings.add(async () => await neighbours.close());

	if (!state.filled) {
		console.log('Importing credentials and example workflows …');
		for (const { key, bytes, contentType } of samples.bucket) {
			await sandbox.putObject(key, bytes, contentType);
		}
		await fillHome(home, {
			credentials: localCredentials({ sandbox, neighbours }),
			workflows: await localWorkflows(
				{ sandbox, neighbours },
				{ leaveOut: (sentence) => console.log(sentence) },
			),
		});
	}

	const owner = await ownerOf(folder, home, state);
	console.log('Starting n8n …');
	const server = await startN8n(home, { n8n: port, broker: await freePort() });
	endings.add(async () => await server.stop());
	const isOwner = await canSignIn(new N8nClient(server.url, owner));
	if (!state.filled) await keepState(folder, state);
	if (watch) await watchSources(installed, server.logFile, endings);
	return { server, sandbox, neighbours, owner: isOwner ? owner : undefined };
}
