import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import sharp from 'sharp';
import { formatOfBytes, MAX_SOURCE_BYTES } from '../../../cos';
import { INBOX, type Inbox } from './inbox';
import { judgeSize, Refused } from './judge';

/** Where the page sends its reader next. */
export interface PageLinks {
	readonly n8n: string;
	readonly picker: string;
}

/** Pixels of the longer side of a preview. */
const PREVIEW = 640;

const PAGE = join(__dirname, 'page.html');

/** The page loads nothing but images of this server, and nobody may put it into a frame. */
const PAGE_POLICY =
	"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src 'self' data:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** An answer of this server. */
interface Answer {
	readonly status?: number;
	readonly type: string;
	readonly body: string | Buffer;
	readonly policy?: string;
	/** Whether the address means the same bytes for ever. */
	readonly keep?: boolean;
}

const json = (value: unknown, status = 200): Answer => ({
	status,
	type: 'application/json',
	body: JSON.stringify(value),
});
const text = (status: number, body: string): Answer => ({ status, type: 'text/plain', body });

/** Reads a body to its end, and keeps no more of it than an image may have. */
async function readBody(request: IncomingMessage): Promise<{ size: number; bytes: Buffer }> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size <= MAX_SOURCE_BYTES) chunks.push(chunk);
	}
	return { size, bytes: Buffer.concat(chunks) };
}

/** A small copy, upright; the image itself where sharp does not read it. */
async function preview(bytes: Buffer): Promise<{ type: string; body: Buffer }> {
	const type = formatOfBytes(bytes)?.mimeType ?? 'application/octet-stream';
	const small = await sharp(bytes)
		.autoOrient()
		.resize(PREVIEW, PREVIEW, { fit: 'inside', withoutEnlargement: true })
		.webp()
		.toBuffer()
		.catch(() => undefined);
	return small ? { type: 'image/webp', body: small } : { type, body: bytes };
}

/**
 * A page on which images are put into the bucket and seen there, before and after their repair. The server
 * lets no page of another server ask.
 *
 * @returns responds to the requests of paths that begin with `/images`
 */
export function imagesPage(
	inbox: Inbox,
	links: PageLinks,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
	async function add(request: IncomingMessage, query: URLSearchParams): Promise<Answer> {
		const name = query.get('name') ?? '';
		const { size, bytes } = await readBody(request);
		try {
			// The page does not send what is too large, only its size.
			judgeSize(name, Math.max(size, Number(query.get('size'))));
			return json(await inbox.add(name, bytes));
		} catch (error) {
			if (error instanceof Refused) return json({ refused: error.message }, 422);
			throw error;
		}
	}

	async function image(query: URLSearchParams): Promise<Answer> {
		const bytes = await inbox.read(query.get('key') ?? '');
		if (!bytes) return text(404, 'There is no such image.\n');
		const format = formatOfBytes(bytes);
		if (!format) return text(404, 'This object is no image.\n');
		const shown = query.has('whole')
			? { type: format.mimeType, body: bytes }
			: await preview(bytes);
		return { ...shown, policy: "default-src 'none'", keep: query.has('md5') };
	}

	async function page(): Promise<Answer> {
		const values: Readonly<Record<string, string>> = { ...links, folder: INBOX };
		const html = (await readFile(PAGE, 'utf8')).replace(
			/\{\{(\w+)\}\}/g,
			(_, name: string) => values[name] ?? '',
		);
		return { type: 'text/html; charset=utf-8', body: html, policy: PAGE_POLICY };
	}

	async function answer(request: IncomingMessage): Promise<Answer> {
		const { pathname, searchParams } = new URL(request.url ?? '', 'http://127.0.0.1');
		const { method } = request;
		if (pathname === '/images/add' && method === 'POST') {
			// A browser always tells the origin of a POST, and the server has looked whose it is.
			if (request.headers.origin !== undefined) return await add(request, searchParams);
			return text(403, 'Only the page itself can store images.\n');
		}
		if (method !== 'GET') return text(405, 'This is not possible here.\n');
		if (pathname === '/images/list') {
			return json({ most: MAX_SOURCE_BYTES, images: await inbox.list() });
		}
		if (pathname === '/images/image') return await image(searchParams);
		if (pathname === '/images' || pathname === '/images/') return await page();
		return text(404, 'There is nothing here.\n');
	}

	return async (request, response) => {
		const { status = 200, type, body, policy, keep = false } = await answer(request);
		response.writeHead(status, {
			'Content-Type': type,
			'X-Content-Type-Options': 'nosniff',
			'Cross-Origin-Resource-Policy': 'same-origin',
			'Cache-Control': keep ? 'private, max-age=31536000, immutable' : 'no-store',
			...(policy !== undefined && { 'Content-Security-Policy': policy }),
		});
		response.end(body);
	};
}
