import { parseArgs } from 'node:util';

import { readPolicyArguments } from './permissions/policyArguments';
import { DEFAULTS, startSandbox, type Sandbox, type SandboxOptions } from './sandbox';

const USAGE = `Usage: npm run sandbox -- [options]

  --port <number>          port of the bucket (default 9000; 0 means any free port)
  --control-port <number>  port of the control server (default: any free port)
  --data <folder>          keep objects in this folder (default: a temporary folder)
  --import <folder>        copy the images of this folder into the bucket at the start
  --bucket <name-APPID>    name of the bucket (default ${DEFAULTS.bucket})
  --extra-bucket <name>    another bucket of the same account; can be repeated
  --region <name>          region of the buckets (default ${DEFAULTS.region})
  --secret-id <text>       Secret ID of the account
  --secret-key <text>      Secret Key of the account
  --token <text>           temporary credentials: every request must carry this token
  --policy <value>         what the account may do (default: everything); can be repeated:
                           a JSON file with a CAM policy, and which actions a repair needs,
                           "strict" (default) or "lenient", because Tencent's pages disagree
  --delay <ms>             do not repair; return images unchanged after this time
  --quick                  do not repair; return a tiny image made from the source and the area
  --logos <folder>         find the logos whose images are in this folder, by the names of the files
  --versioned              keep the older versions of objects, and mark deletions
  --strict-signature       refuse a signature that does not cover Content-Type, -Length and -MD5
  --json                   print one line of JSON when ready, nothing else
  --exit-with-parent       stop when standard input ends
  --help                   show this text
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
			policy: { type: 'string', multiple: true },
			delay: { type: 'string' },
			quick: { type: 'boolean' },
			logos: { type: 'string' },
			versioned: { type: 'boolean' },
			'strict-signature': { type: 'boolean' },
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
		policy: readPolicyArguments(values.policy ?? []),
		delay: values.delay === undefined ? undefined : wholeNumber('delay', values.delay, 600_000),
		quick: values.quick,
		logos: values.logos,
		versioned: values.versioned,
		strictSignature: values['strict-signature'],
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
		'Values for the n8n credential "Tencent Cloud Infinite API":',
		`  Secret ID   ${sandbox.secretId}`,
		`  Secret Key  ${sandbox.secretKey}`,
		`  Bucket      ${sandbox.bucket}`,
		`  Region      ${sandbox.region}`,
		`  Endpoint    ${sandbox.url}`,
		'',
		`Objects       ${sandbox.folder}`,
		`Control       ${sandbox.controlUrl}/calls`,
		`Area picker   ${sandbox.controlUrl}/picker`,
		'Press Ctrl+C to stop.',
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
	if (code === 'EACCES' && port > 0) return `Port ${port} is not allowed: choose one above 1023.`;
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
