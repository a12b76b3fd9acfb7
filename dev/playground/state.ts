import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from './ports';

/** What the playground keeps from one start to the next. */
export interface State {
	readonly folder: string;
	/** The addresses in the imported credentials and workflows hold these. */
	readonly ports: { readonly sandbox: number; readonly neighbours: number };
	/** Whether bucket and n8n were filled. */
	readonly filled: boolean;
}

const fileOf = (folder: string) => join(folder, 'playground.json');

/** Reads the state of a folder, or begins a new one; also when it was left before it was filled. */
export async function openState(folder: string, reset: boolean): Promise<State> {
	const text = await readFile(fileOf(folder), 'utf8').catch(() => undefined);
	if (text !== undefined && !reset) {
		const { ports } = JSON.parse(text) as Pick<State, 'ports'>;
		return { folder, ports, filled: true };
	}
	for (const part of ['n8n', 'bucket', 'playground.json']) {
		await rm(join(folder, part), { recursive: true, force: true });
	}
	await mkdir(join(folder, 'n8n'), { recursive: true });
	await mkdir(join(folder, 'bucket'), { recursive: true });
	const ports = { sandbox: await freePort(), neighbours: await freePort() };
	return { folder, ports, filled: false };
}

/** Notes that everything is in its place. */
export async function keepState({ folder, ports }: State): Promise<void> {
	await writeFile(fileOf(folder), JSON.stringify({ ports }, null, '\t'));
}
