import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Endings, startProgram, type RunningProgram } from '../../dev/playground/childProcess';
import { idOf } from '../../dev/playground/localWorkflows';
import { freePort, isFree } from '../../dev/playground/machine';
import { N8nClient } from '../../dev/playground/n8nClient';
import { scripts } from '../../package.json';
import type { Report } from './report';
import { assertSucceeded } from './serverChecks';

export const TRIGGER = 'When clicking ‘Execute workflow’';

/** A command that has been started. */
export interface Start {
	readonly program: RunningProgram;
	readonly output: () => Promise<string>;
}

const CHECKOUT = join(__dirname, '../..');

const SCRIPTS = {
	'npm start': scripts.start,
	'npm run dev': scripts.dev,
	'npm run sandbox': scripts.sandbox,
};

/**
 * Starts what a command of the README runs after the build, with its output collected. npm itself is
 * left out: it would not pass on Ctrl+C.
 *
 * @param root another folder than the checkout
 */
export function startCommand(
	command: keyof typeof SCRIPTS,
	folder: string,
	args: readonly string[],
	{ env, root = CHECKOUT }: { env?: Readonly<Record<string, string>>; root?: string } = {},
): Start {
	const logFile = join(folder, `start-${Date.now()}.log`);
	const script = SCRIPTS[command].split('tsx ')[1];
	assert.ok(script, `package.json does not say what "${command}" runs.`);
	const tsx = pathToFileURL(require.resolve('tsx')).href;
	const program = startProgram({
		command: process.execPath,
		args: ['--import', tsx, ...script.split(' '), ...args],
		env: { ...process.env, ...env },
		cwd: root,
		logFile,
	});
	return { program, output: async () => await readFile(logFile, 'utf8') };
}

/** Waits for the box and gives the address in it. */
export async function untilReady({ program, output }: Start): Promise<string> {
	for (;;) {
		const text = await output();
		const url = /(?:Open|Endpoint) +(http:\S+)/.exec(text)?.[1];
		if (url !== undefined && text.includes('└')) return url;
		if (program.hasEnded()) throw new Error(`It did not start:\n${text}`);
		await sleep(250);
	}
}

/** Presses Ctrl+C and gives the exit code. */
export async function interrupt({ program }: Start): Promise<number | null> {
	process.kill(program.pid, 'SIGINT');
	return await program.ended;
}

/** The playground, started as a newcomer does. */
export async function checkPlayground(report: Report): Promise<void> {
	report.heading('The playground (npm start)');
	const endings = new Endings();
	const folder = await mkdtemp(join(tmpdir(), 'image-repair-playground-'));
	endings.add(async () => await rm(folder, { recursive: true, force: true }));
	const port = await freePort();
	const args = [`--port=${port}`, `--folder=${join(folder, 'state')}`];
	const begin = (...more: string[]): Start => {
		const start = startCommand('npm start', folder, [...args, ...more]);
		endings.add(async () => await start.program.stop());
		return start;
	};
	const countOfRuns = async (url: string): Promise<number> => {
		const client = new N8nClient(url);
		await client.signIn();
		return (await client.executions(idOf('repair-on-download'))).length;
	};
	try {
		await report.check('its box shows the address, and the login in it works', async () => {
			const start = begin();
			const url = await untilReady(start);
			assert.equal(new URL(url).port, String(port));
			const client = new N8nClient(url);
			await client.signIn();
			const id = await client.start(idOf('repair-on-download'), TRIGGER);
			assertSucceeded(await client.untilOver(id));
			assert.equal(await interrupt(start), 0);
			assert.ok(await isFree(port), 'n8n is still there after Ctrl+C.');
			const bucket = /Bucket +http:\/\/127\.0\.0\.1:(\d+)/.exec(await start.output())?.[1];
			assert.ok(await isFree(Number(bucket)), 'The bucket is still there after Ctrl+C.');
		});
		await report.check('the next start goes on where the last one ended', async () => {
			const start = begin();
			const url = await untilReady(start);
			assert.equal(await countOfRuns(url), 1);
			assert.equal(await interrupt(start), 0);
		});
		await report.check('--reset begins anew', async () => {
			const start = begin('--reset');
			const url = await untilReady(start);
			assert.equal(await countOfRuns(url), 0);
			assert.equal(await interrupt(start), 0);
		});
		await report.check('Ctrl+C while it starts ends everything too', async () => {
			const start = begin();
			while (!(await start.output()).includes('Starting n8n')) {
				assert.ok(!start.program.hasEnded(), await start.output());
				await sleep(100);
			}
			await sleep(1500);
			await interrupt(start);
			assert.ok(await isFree(port));
		});
		await report.check('a taken port is told in a sentence', async () => {
			const other = createServer().listen(port, '127.0.0.1');
			await once(other, 'listening');
			const start = begin();
			assert.equal(await start.program.ended, 1);
			other.close();
			assert.match(await start.output(), new RegExp(`Port ${port} is taken\\. .*--port`));
		});
		await report.check('the sandbox alone starts, answers, and ends with Ctrl+C', async () => {
			const sandbox = startCommand('npm run sandbox', folder, ['--port=0']);
			endings.add(async () => await sandbox.program.stop());
			const url = await untilReady(sandbox);
			// Without a signature a private bucket says no, in the service's own words.
			const answer = await fetch(url);
			assert.equal(answer.status, 403);
			assert.match(await answer.text(), /<Code>AccessDenied<\/Code>/);
			assert.equal(await interrupt(sandbox), 0);
			assert.ok(await isFree(Number(new URL(url).port)));
		});
		await report.check('an unreachable registry is told in a sentence', async () => {
			const env = {
				XDG_CACHE_HOME: join(folder, 'empty'),
				npm_config_registry: 'http://127.0.0.1:9',
			};
			const start = startCommand('npm start', folder, args, { env });
			endings.add(async () => await start.program.stop());
			assert.equal(await start.program.ended, 1);
			assert.match(await start.output(), /The npm registry cannot be reached/);
		});
	} finally {
		await endings.run();
	}
}
