import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cacheFolder } from './cache';
import { Endings } from './childProcess';
import { SetupFailure } from './machine';
import { passwordFile } from './owner';
import { openPlayground, type Playground, type PlaygroundOptions } from './playground';

const USAGE = `Usage: npm start -- [options]

  --port <number>    port of n8n (5678)
  --reset            start over, without the workflows, credentials and bucket of last time
  --folder <folder>  keep the state there (${join(cacheFolder(), 'playground')})
  --watch            rebuild and reload the node when its sources change (npm run dev)
  --help             this text
`;

function readArguments(): (PlaygroundOptions & { help: false }) | { help: true } {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: '5678' },
			reset: { type: 'boolean', default: false },
			folder: { type: 'string', default: join(cacheFolder(), 'playground') },
			watch: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return { help: true };
	const port = Number(values.port);
	if (!/^\d+$/.test(values.port) || port < 1024 || port > 65_535) {
		throw new SetupFailure(
			`--port must be a whole number from 1024 to 65535, not "${values.port}".`,
		);
	}
	return { port, folder: values.folder, reset: values.reset, watch: values.watch, help: false };
}

/** Puts a frame around lines of text. */
function box(lines: readonly string[]): string {
	const width = Math.max(...lines.map((line) => line.length));
	const rule = '─'.repeat(width + 2);
	const rows = lines.map((line) => `│ ${line.padEnd(width)} │`);
	return [`┌${rule}┐`, ...rows, `└${rule}┘`].join('\n');
}

function welcome(
	{ server, sandbox, neighbours, owner }: Playground,
	{ folder, watch }: PlaygroundOptions,
): string {
	return box([
		'n8n with Tencent Image Repair is ready. No account needed; nothing leaves this machine.',
		'',
		`  Open      ${server.url}`,
		...(owner
			? [`  Email     ${owner.email}`, `  Password  ${owner.password}`]
			: [
					'  Sign in   with the email and the password that you have set in n8n.',
					`            For a new password, delete ${passwordFile(folder)} and start again.`,
				]),
		'',
		'What to click',
		'  1. Sign in and open the workflow "Repair an image while downloading it".',
		'  2. Press "Execute workflow", then double-click the node Tencent Image Repair:',
		'     the repaired image is in its output, under Binary.',
		'  3. In a workflow of your own, press + and type "watermark". Choose the credential',
		'     "Sample bucket on this machine", and an image from the list.',
		'',
		`Your images  ${neighbours.imagesUrl}  drop them here, they go to the bucket`,
		'',
		`Bucket    ${sandbox.url}, objects in ${join(folder, 'bucket')}`,
		`Chat      ${neighbours.chatUrl} shows the messages of the examples`,
		`Mail      ${neighbours.mailUrl} shows the last mail of the examples`,
		`Areas     ${sandbox.controlUrl}/picker gives the coordinates of areas you draw`,
		...(watch
			? ['Reload    edits in nodes/, cos/, credentials/ and icons/ show up within seconds']
			: []),
		'Ctrl+C stops everything. The next start continues from here; --reset starts over.',
	]);
}

/** Resolves on Ctrl+C, or on another signal to exit. */
function untilAskedToEnd(): Promise<void> {
	return new Promise((resolve) => {
		for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
			process.on(signal, () => resolve());
		}
	});
}

async function main(): Promise<void> {
	const options = readArguments();
	if (options.help) {
		process.stdout.write(USAGE);
		return;
	}
	const endings = new Endings();
	const asked = untilAskedToEnd();
	let ending = false;
	try {
		const opened = openPlayground(options, endings);
		const early = asked.then(() => {
			ending = true;
			return undefined;
		});
		const playground = await Promise.race([opened, early]);
		if (playground) {
			console.log(`\n${welcome(playground, options)}`);
			const crashed = playground.server.ended.then((code) => {
				if (ending) return;
				throw new SetupFailure(
					`n8n has exited unexpectedly (${code ?? 'signal'}). Its log: ${playground.server.logFile}`,
				);
			});
			await Promise.race([early, crashed]);
		}
		console.log('\nStopping …');
		// An unfinished start may still fail while it is being stopped.
		opened.catch(() => undefined);
	} finally {
		await endings.run();
	}
}

main()
	.catch((error: unknown) => {
		console.error(error instanceof SetupFailure ? `\n${error.message}` : error);
		process.exitCode = 1;
	})
	// This also stops whatever an interrupted start has started since.
	.finally(() => process.exit());
