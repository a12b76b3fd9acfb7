import { mkdir, readdir } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { lastLines, startProgram } from './childProcess';
import { plainEnvironment, SetupFailure } from './machine';
import type { Progress } from './progress';

/** The npm that runs this script, or the one in the PATH. */
function npmCommand(): { command: string; args: string[] } {
	const script = process.env.npm_execpath;
	if (script?.endsWith('.js')) return { command: process.execPath, args: [script] };
	return { command: 'npm', args: [] };
}

export interface NpmOptions {
	/** Node binary that install scripts run on. */
	node?: string;
	env?: NodeJS.ProcessEnv;
	progress?: Progress;
}

const OFFLINE =
	/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENETUNREACH/;

function explain(log: string, folder: string): string {
	if (log.includes('ENOSPC')) {
		return `The disk of ${folder} is full. Free some space, or set XDG_CACHE_HOME to a folder on another disk.`;
	}
	if (OFFLINE.test(log)) {
		return 'The npm registry cannot be reached. Check the network connection and "npm config get registry", then start again. What is already installed is kept.';
	}
	return `npm failed in ${folder}. The end of its log:\n${log}`;
}

/**
 * Runs npm in a folder.
 *
 * @throws SetupFailure that says why it failed
 */
export async function npm(
	folder: string,
	args: readonly string[],
	{ node = process.execPath, env, progress }: NpmOptions = {},
): Promise<void> {
	await mkdir(folder, { recursive: true });
	const { command, args: script } = npmCommand();
	const inherited = plainEnvironment();
	const program = startProgram({
		command,
		// npm lets the last value of an option win.
		args: [...script, '--no-audit', '--no-fund', '--fetch-retries=2', ...args],
		cwd: folder,
		env: {
			...inherited,
			...env,
			PATH: [dirname(node), inherited.PATH].filter(Boolean).join(delimiter),
		},
		logFile: join(folder, 'install.log'),
	});
	const timer = progress && setInterval(() => void tellProgress(folder, progress), 1000);
	const code = await program.ended;
	clearInterval(timer);
	if (code !== 0) throw new SetupFailure(explain(await lastLines(program.logFile, 15), folder));
}

async function tellProgress(folder: string, progress: Progress): Promise<void> {
	const entries = await readdir(join(folder, 'node_modules')).catch(() => []);
	progress.tell(entries.length === 0 ? 'resolving packages' : `${entries.length} packages`);
}

/**
 * Checks that the registry has a package, before npm spends minutes on retries.
 *
 * @throws SetupFailure when it does not respond
 */
export async function requireRegistry(folder: string, what: string): Promise<void> {
	await npm(folder, ['view', what, 'version', '--fetch-retries=0', '--fetch-timeout=20000']);
}
