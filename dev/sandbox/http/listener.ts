import type { Server } from 'node:http';

import { parseJson, type ControlDesk } from './control';
import { CosFailure } from './failure';

const LOOPBACK = '127.0.0.1';

/** A server's port on this machine's loopback address. */
export class Listener {
	private reopening: NodeJS.Timeout | undefined;

	constructor(private readonly server: Server) {}

	/**
	 * @param port 0: any free one
	 * @returns `http://127.0.0.1:<port>`
	 */
	async open(port: number): Promise<string> {
		await new Promise<void>((resolve, reject) => {
			this.server.once('error', reject);
			this.server.listen(port, LOOPBACK, () => {
				this.server.off('error', reject);
				resolve();
			});
		});
		return `http://${LOOPBACK}:${this.port() ?? port}`;
	}

	/** Lets nobody connect for a time; requests under way go on. Closed already: nothing changes. */
	refuse(ms: number): void {
		const port = this.port();
		if (port === undefined) return;
		this.server.close();
		this.reopening = setTimeout(() => void this.open(port), ms);
	}

	/** Ends the server and all its connections. */
	async close(): Promise<void> {
		clearTimeout(this.reopening);
		const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
		this.server.closeAllConnections();
		await closed;
	}

	private port(): number | undefined {
		const address = this.server.address();
		return typeof address === 'object' && address !== null ? address.port : undefined;
	}
}

/** `PUT /listener` with `{"closedForMs": n}` closes the bucket's port for a time. */
export function listenerDesk(listener: Listener): ControlDesk {
	return {
		name: 'listener',
		async answer({ method, body }) {
			if (method !== 'PUT') return undefined;
			const value = parseJson((await body()).toString('utf8'));
			const ms: unknown =
				typeof value === 'object' && value !== null ? Reflect.get(value, 'closedForMs') : undefined;
			if (typeof ms !== 'number' || !(ms >= 0)) {
				throw new CosFailure('InvalidArgument', 'The listener takes {"closedForMs": <number>}.');
			}
			listener.refuse(ms);
			return { json: { done: true } };
		},
	};
}
