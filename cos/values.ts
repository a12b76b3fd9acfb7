/** Tells an object with named fields from lists, null and plain values. */
export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Leaves out fields that are undefined, so that what is unknown is absent. */
export function present<T extends object>(fields: T): T {
	const kept = Object.entries(fields).filter(([, value]) => value !== undefined);
	return Object.fromEntries(kept) as T;
}

/** A value as JSON for a message, cut short; what JSON has no word for, as text. */
export function show(value: unknown): string {
	const words = (JSON.stringify(value) as string | undefined) ?? String(value);
	const text = words === 'undefined' ? 'nothing' : words;
	return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** What `read` gives; undefined where it throws, as readers of JSON, URLs and escapes do. */
export function unlessThrown<T>(read: () => T): T | undefined {
	try {
		return read();
	} catch {
		return undefined;
	}
}

/** Of a reason that needs none. */
export type NoValues = Record<string, never>;

/** A reason with its values, for each of the reasons. */
export type ReasonOf<Reasons> = {
	[R in keyof Reasons]: [reason: R, values: Reasons[R]];
}[keyof Reasons];

declare const checked: unique symbol;

/** A value that has passed the check of that name: only the function that checks it makes one. */
export type Checked<T, Name extends string> = T & { readonly [checked]: Name };
