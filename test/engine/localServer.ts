import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';

/** Starts a server on a free port of this machine and returns the port. */
export async function listen(server: NetServer): Promise<number> {
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return (server.address() as AddressInfo).port;
}

/** An HTTP server on this machine. */
export async function serve(
	listener: RequestListener,
): Promise<{ url: string; server: Server; close: () => void }> {
	const server = createServer(listener);
	const port = await listen(server);
	return { url: `http://127.0.0.1:${String(port)}/`, server, close: () => server.close() };
}
