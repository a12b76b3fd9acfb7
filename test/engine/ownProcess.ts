import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface ProcessResult {
	exitCode: number | null;
	/** to stdout alone */
	output: string;
	/** to stdout and stderr, such as warnings of Node.js */
	printed: string;
}

/**
 * Runs a script of this folder in a process of its own and waits until it ends by itself, which open
 * handles would prevent. Unlike in Jest, warnings and console output can be seen.
 */
export async function runInOwnProcess(
	script: string,
	...args: readonly string[]
): Promise<ProcessResult> {
	return await runInEnvironment({}, script, ...args);
}

/** The same with further environment variables. */
export async function runInEnvironment(
	environment: Readonly<Record<string, string>>,
	script: string,
	...args: readonly string[]
): Promise<ProcessResult> {
	const child = spawn(
		process.execPath,
		['--require', 'tsx/cjs', '--unhandled-rejections=strict', join(__dirname, script), ...args],
		{ env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] },
	);
	let output = '';
	let printed = '';
	child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
	for (const stream of [child.stdout, child.stderr]) {
		stream.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
	}
	const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
	return { exitCode, output, printed };
}
