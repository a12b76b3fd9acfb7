import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type OutgoingHttpHeaders } from 'node:http';
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
import { newOwner } from '../../dev/playground/owner';
import { scripts } from '../../package.json';
import { ask, exchange } from '../engine/rawRequest';
import { openBrowser } from './browser';
import type { Report } from './report';
import { assertSucceeded } from './serverChecks';

export const TRIGGER = 'When clicking ‘Execute workflow’';
const APPROVAL = idOf('approve-detected-areas');
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
async function untilReady({ program, output }: Start): Promise<string> {
	for (;;) {
		const text = await output();
		const url = /(?:Open|Endpoint) +(http:\S+)/.exec(text)?.[1];
		if (url !== undefined && text.includes('└')) return url;
		if (program.hasEnded()) throw new Error(`It did not start:\n${text}`);
		await sleep(250);
	}
}

/** The password in the box. */
async function shownPassword({ output }: Start): Promise<string> {
	const password = /Password +(\S+)/.exec(await output())?.[1];
	assert.ok(password, 'The box does not tell the password.');
	return password;
}

/** Signs in to the n8n of a playground as a new user would, with what is in the box. */
export async function signedIn(start: Start): Promise<N8nClient> {
	const client = new N8nClient(await untilReady(start), newOwner(await shownPassword(start)));
	await client.signIn();
	return client;
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

/** The address behind a word in the box. */
async function shownAddress({ output }: Start, word: string): Promise<string> {
	const url = new RegExp(`${word} +(http://[^\\s,]+)`).exec(await output())?.[1];
	assert.ok(url, `The box tells no address of ${word}.`);
	return url;
}

/** Signs in with what is in the box, and returns the cookie of the session. */
async function sessionOf(start: Start): Promise<string> {
	const { email, password } = newOwner(await shownPassword(start));
	const response = await fetch(`${await untilReady(start)}/rest/login`, {
		method: 'POST',
		headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ email, emailOrLdapLoginId: email, password }),
	});
	assert.equal(response.status, 200, await response.text());
	return response.headers.getSetCookie().join('; ');
}

/** What a page in the user's browser can send to n8n, which is refused before n8n sees it. */
async function checkForeignRequests(start: Start): Promise<void> {
	const client = await signedIn(start);
	const { url } = client;
	const { port, host } = new URL(url);
	const { email, password } = newOwner(await shownPassword(start));
	const id = idOf('repair-on-download');
	const before = [await client.workflow(id), await client.executions(id)];
	const login = JSON.stringify({ emailOrLdapLoginId: email, password });
	const foreign: OutgoingHttpHeaders[] = [
		// DNS rebinding: to the browser, such a page is of the same origin.
		{ host: `evil.example:${port}`, origin: `http://evil.example:${port}` },
		{ host: `evil.example:${port}` },
		{ host: 'localhost' },
		{ origin: 'http://evil.example' },
		{ origin: 'null' },
		{ origin: 'http://localhost:3000', 'sec-fetch-site': 'cross-site' },
		{ origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' },
	];
	const cookie = await sessionOf(start);
	for (const from of foreign) {
		const headers = { 'content-type': 'application/json', cookie, ...from };
		for (const [method, path, body] of [
			['POST', '/rest/login', login],
			['GET', '/rest/settings', ''],
			['GET', '/rest/credentials', ''],
			['POST', `/rest/workflows/${id}/run`, JSON.stringify({ workflowData: before[0] })],
			['PATCH', `/rest/workflows/${id}`, '{"name":"changed"}'],
			['DELETE', `/rest/workflows/${id}`, ''],
			['POST', '/webhook/clean-archive-batch', '{}'],
			['OPTIONS', '/rest/login', ''],
		] as const) {
			const response = await ask(url + path, { method, headers, body });
			assert.equal(response.status, 403, `${method} ${path} ${JSON.stringify(from)}`);
			assert.match(response.body, /Open http:\/\/127\.0\.0\.1:\d+ (?:instead|and do it there)\./);
		}
	}
	const push = async (lines: string) =>
		await exchange(
			port,
			'GET /rest/push?pushRef=a HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
				'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n' +
				`Cookie: ${cookie}\r\n${lines}\r\n\r\n`,
			/^HTTP\/1\.1 101 /,
		);
	for (const lines of [
		`Host: evil.example:${port}\r\nOrigin: http://evil.example:${port}`,
		`Host: ${host}\r\nOrigin: http://evil.example`,
		`Host: ${host}\r\nOrigin: null`,
	]) {
		assert.match(await push(lines), /^HTTP\/1\.1 403 Forbidden\r\n/);
	}
	assert.match(await exchange(port, 'GET /rest/settings HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 403 /);
	assert.deepEqual([await client.workflow(id), await client.executions(id)], before);

	// The same by programs, by its own pages and by links.
	for (const from of [
		{},
		{ host: `localhost:${port}` },
		{ origin: url, 'sec-fetch-site': 'same-origin' },
		{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
	]) {
		const response = await ask(`${url}/rest/settings`, { headers: from });
		assert.equal(response.status, 200, JSON.stringify(from));
	}
	assert.match(await push(`Host: ${host}\r\nOrigin: ${url}`), /^HTTP\/1\.1 101 /);
}

/** Pages of other servers in a real browser, and those of n8n beside them. */
async function checkInBrowser(start: Start): Promise<void> {
	const client = await signedIn(start);
	const chat = await shownAddress(start, 'Chat');
	const bucket = await shownAddress(start, 'Bucket');
	const control = new URL(await shownAddress(start, 'Areas')).origin;
	const other = createServer((_, response) => {
		response.writeHead(200, { 'Content-Type': 'text/html' }).end('<title>Another page</title>');
	}).listen(0, '127.0.0.1');
	await once(other, 'listening');
	const address = other.address();
	assert.ok(typeof address === 'object' && address);
	const { browser, page } = await openBrowser();
	try {
		await page.goto(`http://127.0.0.1:${address.port}/`);
		const statuses: number[] = [];
		page.on('response', (response) => statuses.push(response.status()));
		const targets = [chat, `${client.url}/rest/login`, `${control}/objects`, `${bucket}/a.jpg`];
		await page.evaluate(`(async () => {
			const body = '{"text":"planted"}';
			for (const url of ${JSON.stringify(targets)}) {
				await fetch(url, { method: 'POST', mode: 'no-cors', body });
			}
		})()`);
		assert.deepEqual(statuses, [403, 403, 403, 403]);
		const opened = await page.evaluate(`new Promise((resolve) => {
			const socket = new WebSocket(${JSON.stringify(`${client.url.replace('http', 'ws')}/rest/push?pushRef=a`)});
			socket.onopen = () => resolve(true);
			socket.onerror = () => resolve(false);
		})`);
		assert.equal(opened, false);
		assert.doesNotMatch(await (await fetch(chat)).text(), /planted/);

		// n8n's form is shown without an origin.
		const id = await client.start(APPROVAL, TRIGGER);
		let link: string | undefined;
		for (let tries = 0; link === undefined && tries < 300; tries++) {
			await sleep(200);
			link = /https?:\/\/[^/]+(\/form-waiting\/\S+)/.exec(await (await fetch(chat)).text())?.[1];
		}
		assert.ok(link, 'The chat got no link to the form.');
		while ((await client.execution(id)).status !== 'waiting') await sleep(200);
		await page.goto(client.url + link);
		assert.equal(await page.evaluate('self.origin'), 'null');
		await page.getByRole('combobox').selectOption('Remove');
		await page.getByRole('button', { name: 'Submit' }).click();
		await page.getByText('Form Submitted').waitFor();
		assertSucceeded(await client.untilOver(id));

		// The editor signs in and hears by its push connection how an execution goes.
		await page.goto(`${client.url}/signin`);
		await page.locator('input[type=email], input[name=emailOrLdapLoginId]').fill(newOwner().email);
		await page.locator('input[type=password]').fill(await shownPassword(start));
		const connected = page.waitForEvent('websocket');
		await page.getByRole('button', { name: 'Sign in' }).click();
		await page.waitForURL(/\/home/);
		await page.goto(`${client.url}/workflow/${idOf('repair-on-download')}`);
		const push = await connected;
		assert.ok(push.url().includes('/rest/push'));
		await push.waitForEvent('framereceived');
	} finally {
		await browser.close();
		other.close();
	}
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
	const countOfRuns = async (client: N8nClient): Promise<number> =>
		(await client.executions(idOf('repair-on-download'))).length;
	const passwordFile = join(folder, 'state', 'owner-password');
	const passwords: string[] = [];
	try {
		await report.check('it shows a URL, and repairs images of its user there', async () => {
			const start = startPlayground();
			const url = await untilReady(start);
			assert.equal(new URL(url).port, String(port));
			const client = await signedIn(start);
			passwords.push(await shownPassword(start));
			assert.equal((await readFile(passwordFile, 'utf8')).trim(), passwords[0]);
			if (process.platform !== 'win32') {
				assert.equal((await stat(passwordFile)).mode & 0o777, 0o600, 'Others can read it.');
			}
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
		const start = startPlayground();
		await report.check('the next start continues with the same data', async () => {
			assert.equal(await countOfRuns(await signedIn(start)), 1);
			assert.equal(await shownPassword(start), passwords[0]);
			const images = await imagesOf(start);
			assert.equal(await images.repaired('inbox/my photo.png'), 'inbox/my photo-repaired.png');
		});
		await report.check(
			'n8n refuses what a page of another site can send, and changes nothing',
			async () => await checkForeignRequests(start),
		);
		await report.check(
			'in a browser, a page of another port reaches nothing; forms and editor work',
			async () => await checkInBrowser(start),
		);
		await report.check('a password that the user has set in n8n stays', async () => {
			const response = await fetch(`${await untilReady(start)}/rest/me/password`, {
				method: 'PATCH',
				headers: { 'Content-Type': 'application/json', Cookie: await sessionOf(start) },
				body: JSON.stringify({
					currentPassword: await shownPassword(start),
					newPassword: newOwner().password,
				}),
			});
			assert.equal(response.status, 200, await response.text());
			assert.equal(await interrupt(start), 0);
			const next = startPlayground();
			await untilReady(next);
			assert.match(
				await next.output(),
				/Sign in +with the email and the password that you have set/,
			);
			assert.equal(await interrupt(next), 0);
		});
		await report.check(
			'a folder without a password of its own, as before there was one, gets one and keeps the rest',
			async () => {
				await rm(passwordFile);
				const next = startPlayground();
				const client = await signedIn(next);
				passwords.push(await shownPassword(next));
				assert.notEqual(passwords[1], passwords[0]);
				assert.equal(await countOfRuns(client), 1);
				const id = await client.start(idOf('repair-on-download'), TRIGGER);
				assertSucceeded(await client.untilOver(id));
				assert.equal(await interrupt(next), 0);
			},
		);
		await report.check('--reset starts with new data and a new password', async () => {
			const start = startPlayground('--reset');
			assert.equal(await countOfRuns(await signedIn(start)), 0);
			assert.ok(!passwords.includes(await shownPassword(start)));
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
