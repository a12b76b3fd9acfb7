import { once } from 'node:events';
import { createServer } from 'node:http';

export interface MaskServer {
	/** Where the mask of a name is to be had. */
	urlOf(name: string): string;
	close(): Promise<void>;
}

/**
 * Serves mask images on this machine, as a user would put them on a web server the service can
 * reach.
 * @param masks PNG files by name
 */
export async function serveMasks(masks: ReadonlyMap<string, Buffer>): Promise<MaskServer> {
	const server = createServer((request, response) => {
		const mask = masks.get((request.url ?? '').replace(/^\/|\.png$/g, ''));
		if (!mask) {
			response.writeHead(404).end();
			return;
		}
		response.writeHead(200, { 'Content-Type': 'image/png', 'Content-Length': mask.length });
		response.end(mask);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('The server has no port.');
	const origin = `http://127.0.0.1:${address.port}`;
	return {
		urlOf: (name) => `${origin}/${name}.png`,
		async close() {
			server.close();
			server.closeAllConnections();
			await once(server, 'close');
		},
	};
}
