import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { Endings, startProgram, type RunningProgram } from '../../dev/playground/childProcess';
import type { Added, InboxImage } from '../../dev/playground/images/inbox';
import { idOf } from '../../dev/playground/localWorkflows';
import { freePort, isFree } from '../../dev/playground/machine';
import { N8nClient } from '../../dev/playground/n8nClient';
import { scripts } from '../../package.json';
import type { Report } from './report';
import { assertSucceeded } from './serverChecks';

export const TRIGGER = 'When clicking ‘Execute workflow’';
const NIGHTLY = { id: idOf('clean-folder-nightly'), trigger: 'Every night at three' };

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
 * Starts what a command of the README runs after the build, and records its output. Without npm, which
 * would not forward Ctrl+C.
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

/** Sends Ctrl+C and returns the exit code. */
export async function interrupt({ program }: Start): Promise<number | null> {
	process.kill(program.pid, 'SIGINT');
	return await program.ended;
}

/** The page for one's own images, at the address in the box. */
async function imagesOf({ output }: Start) {
	const url = /Your images +(http:\S+)/.exec(await output())?.[1];
	assert.ok(url, 'The box does not tell where to put images.');
	const page = await fetch(url);
	assert.match(await page.text(), /<h1>Your images<\/h1>/);
	return {
		/** Puts a picture there, and returns the key that it got. */
		async put(name: string): Promise<string | undefined> {
			const picture = { width: 640, height: 480, channels: 3, background: 'teal' } as const;
			const response = await fetch(`${url}/add?name=${encodeURIComponent(name)}`, {
				method: 'POST',
				headers: { Origin: new URL(url).origin },
				body: Uint8Array.from(await sharp({ create: picture }).png().toBuffer()),
			});
			const { key } = (await response.json()) as Partial<Added>;
			return key;
		},
		/** The key of what was made of an image. */
		async repaired(key: string): Promise<string | undefined> {
			const { images } = (await (await fetch(`${url}/list`)).json()) as { images: InboxImage[] };
			return images.find((image) => image.key === key)?.repaired?.key;
		},
	};
}

/** The playground, started like by a new user. */
export async function checkPlayground(report: Report): Promise<void> {
	report.heading('The playground (npm start)');
	const endings = new Endings();
	const folder = await mkdtemp(join(tmpdir(), 'image-repair-playground-'));
	endings.add(async () => await rm(folder, { recursive: true, force: true }));
	const port = await freePort();
	const args = [`--port=${port}`, `--folder=${join(folder, 'state')}`];
	const startPlayground = (...more: string[]): Start => {
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
		await report.check('it shows a URL, and repairs images of its user there', async () => {
			const start = startPlayground();
			const url = await untilReady(start);
			assert.equal(new URL(url).port, String(port));
			const client = new N8nClient(url);
			await client.signIn();
			const id = await client.start(idOf('repair-on-download'), TRIGGER);
			assertSucceeded(await client.untilOver(id));
			const images = await imagesOf(start);
			assert.equal(await images.put('my photo.png'), 'inbox/my photo.png');
			const night = await client.start(NIGHTLY.id, NIGHTLY.trigger);
			assertSucceeded(await client.untilOver(night));
			assert.equal(await images.repaired('inbox/my photo.png'), 'inbox/my photo-repaired.png');
			assert.equal(await interrupt(start), 0);
			assert.ok(await isFree(port), 'n8n is still running after Ctrl+C.');
			const bucket = /Bucket +http:\/\/127\.0\.0\.1:(\d+)/.exec(await start.output())?.[1];
			assert.ok(await isFree(Number(bucket)), 'The bucket is still running after Ctrl+C.');
		});
		await report.check('the next start continues with the same data', async () => {
			const start = startPlayground();
			const url = await untilReady(start);
			assert.equal(await countOfRuns(url), 1);
			const images = await imagesOf(start);
			assert.equal(await images.repaired('inbox/my photo.png'), 'inbox/my photo-repaired.png');
			assert.equal(await interrupt(start), 0);
		});
		await report.check('--reset starts with new data', async () => {
			const start = startPlayground('--reset');
			const url = await untilReady(start);
			assert.equal(await countOfRuns(url), 0);
			assert.equal(await (await imagesOf(start)).repaired('inbox/my photo.png'), undefined);
			assert.equal(await interrupt(start), 0);
		});
		await report.check('Ctrl+C during the start ends everything as well', async () => {
			const start = startPlayground();
			while (!(await start.output()).includes('Starting n8n')) await sleep(100);
			await sleep(1500);
			await interrupt(start);
			assert.ok(await isFree(port));
		});
		await report.check('a port that is in use is reported in a sentence', async () => {
			const other = createServer().listen(port, '127.0.0.1');
			await once(other, 'listening');
			const start = startPlayground();
			assert.equal(await start.program.ended, 1);
			other.close();
			assert.match(await start.output(), new RegExp(`Port ${port} is taken\\. .*--port`));
		});
		await report.check('the sandbox starts alone, responds, and ends with Ctrl+C', async () => {
			const sandbox = startCommand('npm run sandbox', folder, ['--port=0']);
			endings.add(async () => await sandbox.program.stop());
			const url = await untilReady(sandbox);
			// A private bucket rejects requests without a signature.
			const response = await fetch(url);
			assert.equal(response.status, 403);
			assert.match(await response.text(), /<Code>AccessDenied<\/Code>/);
			assert.equal(await interrupt(sandbox), 0);
			assert.ok(await isFree(Number(new URL(url).port)));
		});
		await report.check('an unreachable registry is reported in a sentence', async () => {
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
