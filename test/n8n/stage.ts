import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Endings } from '../../dev/playground/childProcess';
import { installByHand, installPackage, packNode } from '../../dev/playground/communityPackage';
import type { Installation } from '../../dev/playground/install';
import {
	localCredentials,
	localWorkflows,
	type LocalWorkflow,
} from '../../dev/playground/localWorkflows';
import { freePort } from '../../dev/playground/machine';
import { N8nClient } from '../../dev/playground/n8nClient';
import { fillHome, startN8n, type N8nHome, type RunningN8n } from '../../dev/playground/n8nServer';
import { serveNeighbours, type Neighbours } from '../../dev/playground/neighbours';
import { paintSamples, type Samples } from '../../dev/playground/sampleImages';
import { spawnSandbox, type SpawnedSandbox } from '../../dev/sandbox/spawn';

/** The local services, and an n8n with the tarball, the credentials and the examples. */
export interface Stage {
	readonly home: N8nHome;
	readonly sandbox: SpawnedSandbox;
	readonly neighbours: Neighbours;
	readonly samples: Samples;
}

export interface StageOptions {
	readonly env?: Readonly<Record<string, string>>;
	/** Milliseconds; given, the sandbox gives images back unchanged after this time. */
	readonly delay?: number;
	/** Whether the tarball is installed with npm instead of the way n8n's panel does it. */
	readonly byHand?: boolean;
	/** Workflows besides the examples, or instead of what an example holds. */
	readonly adapt?: (workflows: LocalWorkflow[]) => LocalWorkflow[];
}

/** Sets everything up but does not start n8n. */
export async function prepareStage(
	installation: Installation,
	endings: Endings,
	{ env, delay, byHand = false, adapt = (workflows) => workflows }: StageOptions = {},
): Promise<Stage> {
	const userFolder = await mkdtemp(join(tmpdir(), 'image-repair-n8n-'));
	endings.add(async () => await rm(userFolder, { recursive: true, force: true }));
	const samples = await paintSamples();
	const neighbours = await serveNeighbours(samples.files);
	endings.add(async () => await neighbours.close());
	const sandbox = await spawnSandbox({ delay });
	endings.add(async () => await sandbox.close());
	for (const { key, bytes, contentType } of samples.bucket) {
		await sandbox.putObject(key, bytes, contentType);
	}
	const home: N8nHome = { installation, userFolder, env };
	const packed = await packNode();
	await (byHand ? installByHand : installPackage)(packed.tarball, userFolder);
	await packed.remove();
	await fillHome(home, {
		credentials: localCredentials({ sandbox, neighbours }),
		workflows: adapt(await localWorkflows({ sandbox, neighbours })),
	});
	return { home, sandbox, neighbours, samples };
}

/** Starts the stage's n8n and signs its owner in. */
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
