import type { Server } from 'node:http';

const ADDRESS = '127.0.0.1';

/** Opens and closes a server's port on the loopback address. */
export class Listener {
	private reopening: NodeJS.Timeout | undefined;

	constructor(private readonly server: Server) {}

	/**
	 * @param port 0 for any free port
	 * @returns `http://127.0.0.1:<port>`
	 */
	async open(port: number): Promise<string> {
		await new Promise<void>((resolve, reject) => {
			this.server.once('error', reject);
			this.server.listen(port, ADDRESS, () => {
				this.server.off('error', reject);
				resolve();
			});
		});
		return `http://${ADDRESS}:${this.port() ?? port}`;
	}

	/**
	 * Refuses new connections for a time; requests in progress continue. Does nothing if the port is
	 * closed already.
	 */
	refuseConnections(ms: number): void {
		const port = this.port();
		if (port === undefined) return;
		this.server.close();
		this.reopening = setTimeout(() => void this.open(port), ms);
	}

	/** Closes the server and all its connections. */
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
