import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** How a process ended and all it printed, on both of its outputs. */
export interface EndedProcess {
	exitCode: number | null;
	printed: string;
}

/**
 * Runs a script of this folder in a process of its own, and waits for it to end by itself: what it
 * leaves open keeps it. Jest hides warnings and the console of the code it runs; here they are seen.
 */
export async function runInOwnProcess(
	script: string,
	...given: readonly string[]
): Promise<EndedProcess> {
	const child = spawn(
		process.execPath,
		['--import', 'tsx', '--unhandled-rejections=strict', join(__dirname, script), ...given],
		{ stdio: ['ignore', 'pipe', 'pipe'] },
	);
	let printed = '';
	for (const output of [child.stdout, child.stderr]) {
		output.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
	}
	const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
	return { exitCode, printed };
}
