import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** How to start a program. */
export interface Program {
	command: string;
	args: readonly string[];
	env: NodeJS.ProcessEnv;
	cwd?: string;
	/** Receives what the program prints. */
	logFile: string;
}

/** A program in its own process group, so that it can be killed with everything it started. */
export interface RunningProgram {
	readonly pid: number;
	readonly logFile: string;
	/** Resolves to the exit code, or null after a signal. */
	readonly ended: Promise<number | null>;
	hasEnded(): boolean;
	/** Asks the program to exit; kills its whole group if it has not within 20 seconds. */
	stop(): Promise<void>;
	/** Kills it at once, like a power cut. */
	kill(): Promise<void>;
}

const PATIENCE_MS = 20_000;
const running = new Set<ChildProcess>();

function signal(child: ChildProcess, name: NodeJS.Signals): void {
	if (child.pid === undefined) return;
	try {
		// A negative id means the group; Windows has none.
		if (process.platform === 'win32') child.kill(name);
		else process.kill(-child.pid, name);
	} catch {
		// It has already exited.
	}
}

// Nothing this process started outlives it.
process.on('exit', () => {
	for (const child of running) signal(child, 'SIGKILL');
});

/** Starts a program. */
export function startProgram({ command, args, env, cwd, logFile }: Program): RunningProgram {
	const log = openSync(logFile, 'a');
	const child = spawn(command, [...args], {
		cwd,
		env,
		detached: process.platform !== 'win32',
		stdio: ['ignore', log, log],
	});
	closeSync(log);
	running.add(child);
	let over = false;
	const ended = new Promise<number | null>((resolve) => {
		const end = (code: number | null) => {
			over = true;
			running.delete(child);
			resolve(code);
		};
		child.once('error', () => end(1));
		child.once('exit', end);
	});
	return {
		pid: child.pid ?? 0,
		logFile,
		ended,
		hasEnded: () => over,
		async stop() {
			if (over) return;
			// Only the program itself: it stops its own children in its own order.
			child.kill('SIGTERM');
			// The child keeps this process alive; once it has exited, the rest of the patience must not.
			const patience = sleep(PATIENCE_MS, false, { ref: false });
			const inTime = await Promise.race([ended.then(() => true), patience]);
			// Whatever is left of the group, even if the program has exited.
			signal(child, 'SIGKILL');
			if (!inTime) await ended;
		},
		async kill() {
			signal(child, 'SIGKILL');
			await ended;
		},
	};
}

/**
 * Runs a program and waits for it.
 *
 * @throws Error with the end of its output, when it fails
 */
export async function runProgram(program: Program): Promise<void> {
	const code = await startProgram(program).ended;
	if (code === 0) return;
	throw new Error(
		`${program.command} exited with ${code ?? 'a signal'}:\n${await lastLines(program.logFile, 20)}`,
	);
}

/** The last lines of a log. */
export async function lastLines(file: string, count: number): Promise<string> {
	const text = await readFile(file, 'utf8').catch(() => '');
	return text.trimEnd().split('\n').slice(-count).join('\n');
}

/** What to stop at the end. */
export class Endings {
	private readonly list: Array<() => Promise<void> | void> = [];

	add(end: () => Promise<void> | void): void {
		this.list.push(end);
	}

	/** Stops everything, last added first, even if something fails. */
	async run(): Promise<void> {
		for (const end of this.list.splice(0).reverse()) {
			try {
				await end();
			} catch (error) {
				console.error(`Failed to stop: ${String(error)}`);
			}
		}
	}
}
