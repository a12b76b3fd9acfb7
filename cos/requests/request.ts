import type { Parameters } from '../signing/encoding';

/** A request, still without host and signature. */
export interface CosRequest {
	readonly method: 'GET' | 'PUT' | 'POST' | 'HEAD' | 'DELETE';
	/** Object key; empty for the bucket itself. */
	readonly key: string;
	readonly query: Parameters;
	readonly headers: Readonly<Record<string, string>>;
}

/** What describes the body of an upload. */
export interface Body {
	contentType: string;
	/** Bytes. */
	contentLength: number;
}

/** Headers of a request with a body. */
export function bodyHeaders({ contentType, contentLength }: Body): Record<string, string> {
	return { 'Content-Type': contentType, 'Content-Length': String(contentLength) };
}
