/** A byte, Latin-1 characters, bytes, or several of these one after the other. */
export type Part = number | string | Uint8Array | readonly Part[];

function toBuffer(part: Part): Uint8Array {
	if (typeof part === 'number') return Uint8Array.of(part);
	if (typeof part === 'string') return Buffer.from(part, 'latin1');
	if (part instanceof Uint8Array) return part;
	return Buffer.concat(part.map(toBuffer));
}

/** All parts, one after the other. */
export function bytes(...parts: readonly Part[]): Uint8Array {
	return new Uint8Array(toBuffer(parts));
}

/** Bytes from hexadecimal digits; spaces between them are for the reader. */
export function hex(digits: string): Uint8Array {
	return new Uint8Array(Buffer.from(digits.replaceAll(/\s/g, ''), 'hex'));
}

export const zeros = (count: number): Uint8Array => new Uint8Array(count);

function integer(value: number | bigint, size: number, isLittle: boolean): Uint8Array {
	const written = new Uint8Array(size);
	// Also right for what 32 bits do not hold, and for negative numbers.
	let rest = BigInt.asUintN(size * 8, BigInt(value));
	for (let index = 0; index < size; index++) {
		written[isLittle ? index : size - 1 - index] = Number(rest & 255n);
		rest >>= 8n;
	}
	return written;
}

/** Integers, most significant byte first. Negative ones are two's complements. */
export const u16 = (value: number): Uint8Array => integer(value, 2, false);
export const u24 = (value: number): Uint8Array => integer(value, 3, false);
export const u32 = (value: number): Uint8Array => integer(value, 4, false);
export const u64 = (value: number | bigint): Uint8Array => integer(value, 8, false);

/** Integers, least significant byte first. */
export const le16 = (value: number): Uint8Array => integer(value, 2, true);
export const le24 = (value: number): Uint8Array => integer(value, 3, true);
export const le32 = (value: number): Uint8Array => integer(value, 4, true);
export const le64 = (value: number | bigint): Uint8Array => integer(value, 8, true);

/** One unit again and again, as often as it fits into so many bytes. */
export function repeated(unit: Part, length: number): Uint8Array {
	const once = bytes(unit);
	return new Uint8Array(Buffer.alloc(length - (length % once.length), once));
}

/** The same bytes with some of them replaced. */
export function patched(file: Uint8Array, at: number, part: Part): Uint8Array {
	const copy = new Uint8Array(file);
	copy.set(bytes(part), at);
	return copy;
}

/** Where a text stands in a file. Throws an Error when it does not. */
export function indexOf(file: Uint8Array, text: string): number {
	const at = Buffer.from(file.buffer, file.byteOffset, file.length).indexOf(text, 0, 'latin1');
	if (at < 0) throw new Error(`There is no ${text} in the file`);
	return at;
}
