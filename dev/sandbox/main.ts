import { parseArgs } from 'node:util';

import { DEFAULTS, startSandbox, type Sandbox, type SandboxOptions } from './sandbox';

const USAGE = `Usage: npm run sandbox -- [options]

  --port <number>          the bucket's port (9000; 0: any free one)
  --control-port <number>  the control server's port (any free one)
  --data <folder>          keep objects here (a temporary folder, removed at the end)
  --import <folder>        make every image of this folder an object first
  --bucket <name-APPID>    the bucket (${DEFAULTS.bucket})
  --extra-bucket <name>    another bucket of the same account; may be repeated
  --region <name>          the bucket's region (${DEFAULTS.region})
  --secret-id <text>       the account's key id
  --secret-key <text>      the account's secret
  --token <text>           temporary credentials: every request must carry this token
  --delay <ms>             no repair: the image comes back unchanged after this time
  --json                   print one line of JSON when ready, and nothing else
  --exit-with-parent       end when standard input ends
  --help                   this text
`;

function wholeNumber(name: string, text: string, largest: number): number {
	const value = /^\d+$/.test(text) ? Number(text) : NaN;
	if (value <= largest) return value;
	throw new Error(`--${name} must be a whole number from 0 to ${largest}, not "${text}".`);
}

function readArguments() {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: '9000' },
			'control-port': { type: 'string', default: '0' },
			data: { type: 'string' },
			import: { type: 'string' },
			bucket: { type: 'string' },
			'extra-bucket': { type: 'string', multiple: true },
			region: { type: 'string' },
			'secret-id': { type: 'string' },
			'secret-key': { type: 'string' },
			token: { type: 'string' },
			delay: { type: 'string' },
			json: { type: 'boolean', default: false },
			'exit-with-parent': { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	const options: SandboxOptions = {
		port: wholeNumber('port', values.port, 65_535),
		controlPort: wholeNumber('control-port', values['control-port'], 65_535),
		data: values.data,
		importFrom: values.import,
		bucket: values.bucket,
		buckets: values['extra-bucket'],
		region: values.region,
		secretId: values['secret-id'],
		secretKey: values['secret-key'],
		token: values.token,
		delay: values.delay === undefined ? undefined : wholeNumber('delay', values.delay, 600_000),
	};
	return {
		options,
		json: values.json,
		help: values.help,
		exitWithParent: values['exit-with-parent'],
	};
}

function box(sandbox: Sandbox): string {
	const lines = [
		'COS bucket with Image Repair, on this machine only',
		'',
		'In the n8n credential "Tencent Cloud Infinite API":',
		`  Secret ID   ${sandbox.secretId}`,
		`  Secret Key  ${sandbox.secretKey}`,
		`  Bucket      ${sandbox.bucket}`,
		`  Region      ${sandbox.region}`,
		`  Endpoint    ${sandbox.url}`,
		'',
		`Objects       ${sandbox.folder}`,
		`Control       ${sandbox.controlUrl}/calls`,
		`Area picker   ${sandbox.controlUrl}/picker`,
		'Ctrl+C ends it.',
	];
	const width = Math.max(...lines.map((line) => line.length));
	const rule = '─'.repeat(width + 2);
	const rows = lines.map((line) => `│ ${line.padEnd(width)} │`);
	return [`┌${rule}┐`, ...rows, `└${rule}┘`].join('\n');
}

function explain(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const { code, port } = Object.assign({ code: '', port: 0 }, error);
	if (code === 'EADDRINUSE') return `Port ${port} is taken: choose another with --port.`;
	if (code === 'EACCES' && port > 0) return `Port ${port} may not be used: choose one above 1023.`;
	return error.message;
}

async function main(): Promise<void> {
	const { options, json, help, exitWithParent } = readArguments();
	if (help) {
		process.stdout.write(USAGE);
		return;
	}
	const sandbox = await startSandbox(options);
	let closing = false;
	const close = () => {
		if (closing) return;
		closing = true;
		void sandbox.close().then(() => process.exit(0));
	};
	process.on('SIGINT', close);
	process.on('SIGTERM', close);
	if (exitWithParent) process.stdin.on('end', close).on('error', close).resume();
	const { url, controlUrl, bucket, region, secretId, secretKey, folder } = sandbox;
	const address = { url, controlUrl, bucket, region, secretId, secretKey, folder };
	process.stdout.write(`${json ? JSON.stringify(address) : box(sandbox)}\n`);
}

main().catch((error: unknown) => {
	process.stderr.write(`${explain(error)}\n`);
	process.exit(1);
});
