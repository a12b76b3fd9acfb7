/** Header values by lower-case name, as Node gives them. */
export type ResponseHeaders = Readonly<Record<string, unknown>>;

/** The value of a header, or undefined; of a repeated one, the first. */
export function header(headers: ResponseHeaders, name: string): string | undefined {
	const value: unknown = Object.hasOwn(headers, name) ? headers[name] : undefined;
	const first: unknown = Array.isArray(value) ? value[0] : value;
	return typeof first === 'string' && first !== '' ? first : undefined;
}

/** The service's clock when it sent the response, in milliseconds since 1970; NaN when it did not say. */
export function dateOf(headers: ResponseHeaders): number {
	return Date.parse(header(headers, 'date') ?? '');
}

/** The length of the body that the headers tell, in bytes; undefined when they tell none. */
export function contentLength(headers: ResponseHeaders): number | undefined {
	const length = header(headers, 'content-length') ?? '';
	return /^\d{1,15}$/.test(length) ? Number(length) : undefined;
}
