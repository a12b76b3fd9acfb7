import { once } from 'node:events';
import { createServer } from 'node:net';

/** Something on the machine keeps n8n from being installed or started; the message says what to do. */
export class SetupFailure extends Error {
	constructor(message: string) {
		super(message);
		this.name = 'SetupFailure';
	}
}

/** What a person has set for an n8n of their own, or npm for the script that runs this. */
const FOREIGN =
	/^(N8N|DB|QUEUE|EXECUTIONS|CREDENTIALS|WEBHOOK|NODES|EXTERNAL|WORKFLOWS|OFFLOAD|npm_lifecycle|npm_package)_|^(WEBHOOK_URL|GENERIC_TIMEZONE|NODE_OPTIONS|NODE_PATH|INIT_CWD|npm_config_ignore_scripts|npm_config_local_prefix|npm_config_prefix|npm_command)$/i;

/** This process's environment without what would change n8n or npm behind our back. */
export function plainEnvironment(): NodeJS.ProcessEnv {
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.test(name)));
}

/** Whether nobody listens at a port of this machine. */
export async function isFree(port: number): Promise<boolean> {
	return await new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(false));
		server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
	});
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
	const server = createServer();
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	server.close();
	await once(server, 'close');
	if (address === null || typeof address === 'string') throw new Error('The server has no port.');
	return address.port;
}
