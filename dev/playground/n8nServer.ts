import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lastLines, runProgram, startProgram, type RunningProgram } from './childProcess';
import type { Installation } from './install';
import { plainEnvironment, SetupFailure } from './machine';

/** An n8n: its installation and the folder with its data. */
export interface N8nHome {
	readonly installation: Installation;
	/** n8n's N8N_USER_FOLDER; its database, files and packages are in `.n8n` there. */
	readonly userFolder: string;
	/** Settings that override the ones below. */
	readonly env?: Readonly<Record<string, string>>;
	/** A script that its server loads before n8n. */
	readonly preload?: string;
}

export interface RunningN8n extends RunningProgram {
	readonly url: string;
}

/** n8n sends nothing to other machines and asks the person no questions. */
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

/** Path of a log. */
function logFileOf(home: N8nHome, name: string): string {
	return join(home.userFolder, `${name}.log`);
}

/**
 * Runs one of n8n's commands, such as `import:workflow --input=…`.
 *
 * @throws Error with the end of its output, when it fails
 */
async function runN8nCommand(home: N8nHome, args: readonly string[]): Promise<void> {
	await mkdir(home.userFolder, { recursive: true });
	const { node, script } = home.installation;
	const logFile = logFileOf(home, 'commands');
	await runProgram({ command: node, args: [script, ...args], env: environmentOf(home), logFile });
	// n8n's import commands exit with 0 even when they fail, so the log is checked.
	const log = await lastLines(logFile, 10);
	if (/An error occurred while importing|is not found|No encryption key/i.test(log)) {
		throw new Error(`n8n ${args.join(' ')}:\n${log}`);
	}
}

async function importFile(home: N8nHome, command: string, content: unknown): Promise<void> {
	// It contains credentials in plain text: only n8n's own folder, and only for this command.
	const folder = await mkdtemp(join(home.userFolder, 'import-'));
	try {
		const file = join(folder, 'import.json');
		await writeFile(file, JSON.stringify(content), { mode: 0o600 });
		await runN8nCommand(home, [command, `--input=${file}`]);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/**
 * Imports credentials and workflows with n8n's own commands; its server must not be running.
 *
 * The import stores as null what a workflow does not say. With `pinData` null, n8n refuses every
 * "Execute step" after an execution of the workflow, so each workflow says that nothing is pinned.
 */
export async function fillHome(
	home: N8nHome,
	content: { credentials: readonly object[]; workflows: readonly object[] },
): Promise<void> {
	const { credentials } = content;
	if (credentials.length > 0) await importFile(home, 'import:credentials', credentials);
	const workflows = content.workflows.map((workflow) => ({ pinData: {}, ...workflow }));
	if (workflows.length > 0) await importFile(home, 'import:workflow', workflows);
}

/**
 * Takes the owner's account away, and keeps workflows and credentials for the one that is created next. n8n's server
 * must not be running.
 */
export async function removeOwner(home: N8nHome): Promise<void> {
	await runN8nCommand(home, ['user-management:reset']);
}

/** Starts one of n8n's long-running commands, without waiting until it is ready. */
export function launchN8n(
	home: N8nHome,
	command: 'start' | 'worker',
	options: { name: string; args?: readonly string[]; env?: Readonly<Record<string, string>> },
): RunningProgram {
	const { node, script } = home.installation;
	// Not by NODE_OPTIONS, which the programs that n8n starts would inherit.
	const preload = home.preload === undefined ? [] : ['--require', home.preload];
	return startProgram({
		command: node,
		args: [...preload, script, command, ...(options.args ?? [])],
		env: { ...environmentOf(home), ...options.env },
		logFile: logFileOf(home, options.name),
	});
}

const START_TIMEOUT_MS = 180_000;

/**
 * Waits until a URL of a program responds with success.
 *
 * @throws SetupFailure when the program exits or does not respond in time
 */
export async function untilAnswering(
	program: RunningProgram,
	url: string,
	name = 'n8n',
): Promise<void> {
	const end = Date.now() + START_TIMEOUT_MS;
	while (Date.now() < end && !program.hasEnded()) {
		const ok = await fetch(url).then(
			async (response) => {
				await response.body?.cancel();
				return response.ok;
			},
			() => false,
		);
		if (ok) return;
		await sleep(250);
	}
	const log = await lastLines(program.logFile, 15);
	await program.kill();
	throw new SetupFailure(`${name} did not start. The end of its log:\n${log}`);
}

/**
 * Starts a server and waits until it is ready.
 *
 * @param ports of the editor, and of the broker for n8n's task runners
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
	// The first responds before the database is ready, the second after.
	await untilAnswering(program, `${url}/healthz`);
	await untilAnswering(program, `${url}/healthz/readiness`);
	await untilAnswering(program, `${url}/rest/settings`);
	return { ...program, url };
}
