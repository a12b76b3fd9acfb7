import { once } from 'node:events';
import { createServer } from 'node:net';

/** n8n cannot be installed or started on this machine. The message says what to do. */
export class SetupFailure extends Error {
	constructor(message: string) {
		super(message);
		this.name = 'SetupFailure';
	}
}

/** Variables that a person has set for their own n8n, or npm for this script. */
const FOREIGN =
	/^(N8N|DB|QUEUE|EXECUTIONS|CREDENTIALS|WEBHOOK|NODES|EXTERNAL|WORKFLOWS|OFFLOAD|npm_lifecycle|npm_package)_|^(WEBHOOK_URL|GENERIC_TIMEZONE|NODE_OPTIONS|NODE_PATH|INIT_CWD|npm_config_ignore_scripts|npm_config_local_prefix|npm_config_prefix|npm_command)$/i;

/** This process's environment, without variables that would change how n8n or npm works. */
export function plainEnvironment(): NodeJS.ProcessEnv {
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.test(name)));
}

/** Whether a port of this machine is free. */
export async function isFree(port: number): Promise<boolean> {
	return await new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(false));
		server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
	});
}

/** Finds a free port. */
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
