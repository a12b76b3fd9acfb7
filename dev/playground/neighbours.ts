import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { basename } from 'node:path';
import { foreignRequest } from '../sandbox/http/foreignRequest';
import { openMailbox } from './mailbox';

/** An object uploaded to the S3-compatible storage. */
export interface StoredObject {
	readonly bytes: Buffer;
	readonly contentType: string;
}

/** The local services that example workflows use besides the bucket. */
export interface Neighbours {
	readonly url: string;
	/** Endpoint for n8n's S3 credential. */
	readonly storageUrl: string;
	/** URL of the chat's incoming webhook. */
	readonly chatUrl: string;
	/** URL of a file. */
	fileUrl(name: string): string;
	/** URL of the page for the user's own images, if there is one. */
	readonly imagesUrl: string;
	/** Uploaded objects, by `bucket/key`. */
	readonly stored: ReadonlyMap<string, StoredObject>;
	/** Messages sent to the chat. */
	readonly messages: readonly string[];
	/** Port of an SMTP server that delivers to nobody. */
	readonly mailPort: number;
	/** Mails that it got, without their headers. */
	readonly mails: readonly string[];
	/** URL of the last mail. */
	readonly mailUrl: string;
	close(): Promise<void>;
}

/** Keys of the storage's account. They are of no use anywhere else. */
export const STORAGE_KEYS = { accessKeyId: 'PLAYGROUND', secretAccessKey: 'playground-secret' };

const CONTENT_TYPES: Readonly<Record<string, string>> = { jpg: 'image/jpeg', png: 'image/png' };

async function readBody(request: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
	return Buffer.concat(chunks);
}

function textOf(body: Buffer): string {
	const message: unknown = JSON.parse(body.toString('utf8'));
	if (typeof message === 'object' && message !== null && 'text' in message) {
		return String(message.text);
	}
	throw new Error('A chat message needs a "text".');
}

/** Mails are written by workflows out of what they are given: no script in one runs beside the page of the images. */
const MAIL_POLICY =
	"sandbox allow-popups; default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline'";

function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
	response.writeHead(status, { 'Content-Type': type }).end(body);
}

/**
 * Serves files, a mailbox, a chat's incoming webhook, and the two requests of an S3-compatible storage that n8n's
 * S3 node sends for an upload. The storage checks the access key and the MD5 of the body, but not
 * Amazon's signature. Pages of other servers get no response from any of them.
 *
 * @param ports of the server, and of the mailbox; 0, the default, for any free port
 * @param images responds under `/images`
 */
export async function serveNeighbours(
	files: ReadonlyMap<string, Buffer>,
	{ web = 0, mail = 0 }: { readonly web?: number; readonly mail?: number } = {},
	images?: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<Neighbours> {
	const stored = new Map<string, StoredObject>();
	const messages: string[] = [];
	const mailbox = await openMailbox(mail);

	async function storage(request: IncomingMessage, path: string): Promise<[number, string]> {
		const { authorization = '' } = request.headers;
		const body = await readBody(request);
		if (!authorization.startsWith(`AWS4-HMAC-SHA256 Credential=${STORAGE_KEYS.accessKeyId}/`)) {
			return [403, '<Error><Code>InvalidAccessKeyId</Code></Error>'];
		}
		if (request.method === 'GET') {
			return [200, '<LocationConstraint xmlns="s3">local</LocationConstraint>'];
		}
		if (request.method !== 'PUT') return [405, '<Error><Code>MethodNotAllowed</Code></Error>'];
		const digest = createHash('md5').update(body).digest('base64');
		if (request.headers['content-md5'] !== digest) {
			return [400, '<Error><Code>BadDigest</Code></Error>'];
		}
		stored.set(path, { bytes: body, contentType: request.headers['content-type'] ?? '' });
		return [200, ''];
	}

	async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const path = decodeURIComponent((request.url ?? '/').split('?')[0] ?? '/');
		if (images && /^\/images(?:\/|$)/.test(path)) {
			await images(request, response);
			return;
		}
		if (path.startsWith('/storage/')) {
			const [status, xml] = await storage(request, path.slice('/storage/'.length));
			send(response, status, 'application/xml', xml);
			return;
		}
		if (path === '/chat' && request.method === 'POST') {
			messages.push(textOf(await readBody(request)));
			send(response, 200, 'application/json', '{"ok":true}');
			return;
		}
		if (path === '/chat') {
			send(response, 200, 'text/plain', `${messages.join('\n')}\n`);
			return;
		}
		if (path === '/mail') {
			const mail = mailbox.mails.at(-1) ?? 'There is no mail.';
			response.setHeader('Content-Security-Policy', MAIL_POLICY);
			send(response, 200, 'text/html; charset=utf-8', mail);
			return;
		}
		const name = basename(path);
		const file = path === `/files/${name}` ? files.get(name) : undefined;
		if (!file) {
			send(response, 404, 'text/plain', 'There is nothing here.\n');
			return;
		}
		send(response, 200, CONTENT_TYPES[name.split('.').at(-1) ?? ''] ?? '', file);
	}

	// Without a host, Node.js would refuse a request and not say why.
	const server = createServer({ requireHostHeader: false }, (request, response) => {
		const refusal = foreignRequest(request);
		if (refusal !== undefined) {
			request.resume();
			send(response, 403, 'text/plain', `${refusal}\n`);
			return;
		}
		respond(request, response).catch((error: unknown) => {
			send(response, 400, 'text/plain', `${String(error)}\n`);
		});
	});
	server.listen(web, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('The server has no port.');
	const url = `http://127.0.0.1:${address.port}`;
	return {
		url,
		storageUrl: `${url}/storage`,
		chatUrl: `${url}/chat`,
		imagesUrl: `${url}/images`,
		fileUrl: (name) => `${url}/files/${name}`,
		stored,
		messages,
		mailPort: mailbox.port,
		mails: mailbox.mails,
		mailUrl: `${url}/mail`,
		async close() {
			await mailbox.close();
			server.close();
			server.closeAllConnections();
			await once(server, 'close');
		},
	};
}
