import { join } from 'node:path';
import { spawnSandbox, type SpawnedSandbox } from '../sandbox/spawn';
import { installPackage, packNode } from './communityPackage';
import type { Endings } from './endings';
import { fillHome } from './fill';
import { installN8n } from './install';
import { localCredentials, localWorkflows } from './localWorkflows';
import { N8nClient } from './n8nClient';
import { startN8n, type N8nHome, type RunningN8n } from './n8nServer';
import { serveNeighbours, type Neighbours } from './neighbours';
import { freePort, isFree } from './ports';
import { NEWEST } from './releases';
import { makeSamples } from './sampleImages';
import { SetupFailure } from './setupFailure';
import { keepState, openState } from './state';
import { RELOADING, watchSources } from './watchSources';

export interface PlaygroundOptions {
	/** Port of n8n. */
	readonly port: number;
	/** Where its state is kept. */
	readonly folder: string;
	/** Whether to forget the state first. */
	readonly reset: boolean;
	/** Whether n8n follows changes of the sources. */
	readonly watch: boolean;
}

export interface Playground {
	readonly server: RunningN8n;
	readonly sandbox: SpawnedSandbox;
	readonly neighbours: Neighbours;
}

async function requireFree(port: number, advice: string): Promise<void> {
	if (await isFree(port)) return;
	throw new SetupFailure(`Port ${port} is taken. ${advice}`);
}

/**
 * Brings up n8n with the node, the sample bucket and the other local services.
 *
 * @param endings receives what ends each of them
 * @throws SetupFailure that says what stands in the way
 */
export async function openPlayground(
	{ port, folder, reset, watch }: PlaygroundOptions,
	endings: Endings,
): Promise<Playground> {
	await requireFree(
		port,
		'End what uses it (another playground?), or choose another one: npm start -- --port 5680',
	);
	const installation = await installN8n(NEWEST);

	console.log('Preparing the sample images and the node …');
	const samples = await makeSamples();
	const state = await openState(folder, reset);
	const env = watch ? RELOADING : undefined;
	const home: N8nHome = { installation, userFolder: join(folder, 'n8n'), env };
	const packed = await packNode();
	const installed = await installPackage(packed.tarball, home.userFolder);
	await packed.remove();

	for (const own of Object.values(state.ports)) {
		await requireFree(
			own,
			'The playground has used it so far. End what uses it, or begin anew: npm start -- --reset',
		);
	}
	const neighbours = await serveNeighbours(samples.files, state.ports.neighbours);
	endings.add(async () => await neighbours.close());
	const data = join(folder, 'bucket');
	const sandbox = await spawnSandbox({ port: state.ports.sandbox, data });
	endings.add(async () => await sandbox.close());

	if (!state.filled) {
		console.log('Importing credentials and example workflows …');
		for (const { key, bytes, contentType } of samples.bucket) {
			await sandbox.putObject(key, bytes, contentType);
		}
		await fillHome(home, {
			credentials: localCredentials({ sandbox, neighbours }),
			workflows: await localWorkflows({ sandbox, neighbours }),
		});
	}

	console.log('Starting n8n …');
	const server = await startN8n(home, { n8n: port, broker: await freePort() });
	endings.add(async () => await server.stop());
	await new N8nClient(server.url).signIn();
	if (!state.filled) await keepState(state);
	if (watch) await watchSources(installed, server.logFile, endings);
	return { server, sandbox, neighbours };
}
