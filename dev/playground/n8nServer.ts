import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lastLines, runProgram, startProgram, type RunningProgram } from './childProcess';
import type { Installation } from './install';
import { plainEnvironment, SetupFailure } from './machine';

/** One n8n: an installation and the folder its data are in. */
export interface N8nHome {
	readonly installation: Installation;
	/** n8n's N8N_USER_FOLDER; its database, files and packages are in `.n8n` there. */
	readonly userFolder: string;
	/** Settings besides this machine's and those below. */
	readonly env?: Readonly<Record<string, string>>;
}

export interface RunningN8n extends RunningProgram {
	readonly url: string;
}

/** Nothing of n8n leaves this machine, and nothing is asked of who tries it. */
const SETTINGS: Readonly<Record<string, string>> = {
	N8N_LISTEN_ADDRESS: '127.0.0.1',
	N8N_HOST: '127.0.0.1',
	N8N_SECURE_COOKIE: 'false',
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
	N8N_LOG_LEVEL: 'info',
};

function environmentOf({ installation, userFolder, env }: N8nHome): NodeJS.ProcessEnv {
	const settings = { ...SETTINGS, ...installation.release.env, ...env };
	return { ...plainEnvironment(), ...settings, N8N_USER_FOLDER: userFolder };
}

/** Where n8n's log of a home goes. */
function logFileOf(home: N8nHome, name: string): string {
	return join(home.userFolder, `${name}.log`);
}

/**
 * Runs one of n8n's commands, such as `import:workflow --input=…`, to its end.
 *
 * @throws Error with the end of what it printed, when it fails
 */
async function runN8nCommand(home: N8nHome, args: readonly string[]): Promise<void> {
	await mkdir(home.userFolder, { recursive: true });
	const { node, script } = home.installation;
	const logFile = logFileOf(home, 'commands');
	await runProgram({ command: node, args: [script, ...args], env: environmentOf(home), logFile });
	// n8n ends its import commands with success even when they failed; the log tells.
	const log = await lastLines(logFile, 10);
	if (/An error occurred while importing|is not found|No encryption key/i.test(log)) {
		throw new Error(`n8n ${args.join(' ')}:\n${log}`);
	}
}

async function importFile(home: N8nHome, command: string, content: unknown): Promise<void> {
	// Credentials are readable in it, so it lives in the home and no longer than the command.
	const folder = await mkdtemp(join(home.userFolder, 'import-'));
	try {
		const file = join(folder, 'import.json');
		await writeFile(file, JSON.stringify(content), { mode: 0o600 });
		await runN8nCommand(home, [command, `--input=${file}`]);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** Imports credentials and workflows with n8n's own commands, while its server is not running. */
export async function fillHome(
	home: N8nHome,
	content: { credentials: readonly object[]; workflows: readonly object[] },
): Promise<void> {
	await importFile(home, 'import:credentials', content.credentials);
	await importFile(home, 'import:workflow', content.workflows);
}

/** Starts one of n8n's long-running commands without waiting for it. */
export function launchN8n(
	home: N8nHome,
	command: 'start' | 'worker',
	options: { name: string; args?: readonly string[]; env?: Readonly<Record<string, string>> },
): RunningProgram {
	const { node, script } = home.installation;
	return startProgram({
		command: node,
		args: [script, command, ...(options.args ?? [])],
		env: { ...environmentOf(home), ...options.env },
		logFile: logFileOf(home, options.name),
	});
}

const START_TIMEOUT_MS = 180_000;

/**
 * Waits until something answers with success.
 *
 * @throws SetupFailure when the program ends or does not answer in time
 */
export async function untilAnswering(program: RunningProgram, url: string): Promise<void> {
	const end = Date.now() + START_TIMEOUT_MS;
	while (Date.now() < end && !program.hasEnded()) {
		const answered = await fetch(url).then(
			async (answer) => {
				await answer.body?.cancel();
				return answer.ok;
			},
			() => false,
		);
		if (answered) return;
		await sleep(250);
	}
	const log = await lastLines(program.logFile, 15);
	await program.kill();
	throw new SetupFailure(`n8n did not start. The end of its log:\n${log}`);
}

/**
 * Starts a server and waits until it answers.
 *
 * @param ports of the editor, and of the broker that n8n's task runners ask for work
 * @throws SetupFailure when it does not start
 */
export async function startN8n(
	home: N8nHome,
	ports: { n8n: number; broker: number },
): Promise<RunningN8n> {
	await mkdir(home.userFolder, { recursive: true });
	const url = `http://127.0.0.1:${ports.n8n}`;
	const program = launchN8n(home, 'start', {
		name: 'n8n',
		env: { N8N_PORT: String(ports.n8n), N8N_RUNNERS_BROKER_PORT: String(ports.broker) },
	});
	// The first answers before the database is ready, the second after.
	await untilAnswering(program, `${url}/healthz`);
	await untilAnswering(program, `${url}/healthz/readiness`);
	await untilAnswering(program, `${url}/rest/settings`);
	return { ...program, url };
}
