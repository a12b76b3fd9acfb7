import type { ImageFormat } from './format';

/**
 * What the bytes so far say of the end of an image: `reached` (it is whole, whatever follows), `missing`
 * (more has to come, or the structure is broken), or `untold` (the format, or this file, does not say
 * where it ends: only the transfer can tell).
 */
export type ImageEnd = 'reached' | 'missing' | 'untold';

/** What a walk through a file asks for next: a number of bytes, or all up to a byte of some value. */
type Step = { count: number; isTaken: boolean } | { past: number };

/** Part of a walk. It is given the bytes that it takes, to be read before it goes on. */
type Steps<T> = Generator<Step, T, DataView>;

/** A walk through the structure of a format. It ends where the image does, or where it cannot go on. */
type Walk = Steps<ImageEnd>;

const MOST_TAKEN = 32;
const take = (count: number): Step => ({ count, isTaken: true });
const skip = (count: number): Step => ({ count, isTaken: false });
const past = (byte: number): Step => ({ past: byte });

function letters(view: DataView, from: number): string {
	const codes = [0, 1, 2, 3].map((index) => view.getUint8(from + index));
	return String.fromCharCode(...codes);
}

/** Markers of JPEG (ITU-T T.81, table B.1). Those up to TEM, RST0 to RST7 and SOI have no segment. */
const JPEG = {
	lastBare: 0xbf,
	firstRestart: 0xd0,
	startOfImage: 0xd8,
	endOfImage: 0xd9,
	scan: 0xda,
};

/**
 * Segments are skipped by their length, so that a thumbnail in one of them is not taken for the image. In
 * the data of a scan, 0xFF is always followed by a zero, a restart or the next segment.
 */
function* jpeg(): Walk {
	let hasScan = false;
	for (;;) {
		yield past(0xff);
		let marker = 0xff;
		while (marker === 0xff) marker = (yield take(1)).getUint8(0);
		if (marker === JPEG.endOfImage) return hasScan ? 'reached' : 'missing';
		if (marker <= JPEG.lastBare) continue;
		if (marker >= JPEG.firstRestart && marker <= JPEG.startOfImage) continue;
		const length = (yield take(2)).getUint16(0);
		if (length < 2) return 'missing';
		yield skip(length - 2);
		if (marker === JPEG.scan) hasScan = true;
	}
}

/** Chunks up to IEND, its checksum included (PNG, third edition, 5.3). */
function* png(): Walk {
	yield skip(8);
	let hasData = false;
	for (;;) {
		const header = yield take(8);
		const [length, type] = [header.getUint32(0), letters(header, 4)];
		if (length > 0x7fffffff || !/^[A-Za-z]{4}$/.test(type)) return 'missing';
		yield skip(length + 4);
		if (type === 'IEND') return hasData ? 'reached' : 'missing';
		if (type === 'IDAT') hasData = true;
	}
}

const GIF = { extension: 0x21, image: 0x2c, trailer: 0x3b };

/** Bytes of a color table, by the flags of the screen or image it belongs to. */
function colorTable(flags: number): number {
	return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** Blocks up to the trailer (GIF89a, 17 to 27). */
function* gif(): Walk {
	const screen = yield take(13);
	yield skip(colorTable(screen.getUint8(10)));
	let hasImage = false;
	for (;;) {
		const kind = (yield take(1)).getUint8(0);
		if (kind === GIF.trailer) return hasImage ? 'reached' : 'missing';
		// Some encoders write an empty block too many.
		if (kind === 0) continue;
		if (kind === GIF.image) {
			const flags = (yield take(9)).getUint8(8);
			yield skip(colorTable(flags) + 1);
			hasImage = true;
		} else if (kind === GIF.extension) {
			yield skip(1);
		} else {
			return 'missing';
		}
		for (let length = 1; length > 0;) {
			length = (yield take(1)).getUint8(0);
			yield skip(length);
		}
	}
}

/** One RIFF chunk, whose size counts from behind the size itself (RFC 9649, 2.3). */
function* webp(): Walk {
	const size = (yield take(8)).getUint32(4, true);
	if (size < 12) return 'missing';
	yield skip(size);
	return 'reached';
}

/** Compressions of BMP whose rows all have the same length: none, and bit fields. */
const EVEN_ROWS = [0, 3, 6];

function bmpPixels(header: DataView): number {
	const [width, height] = [header.getInt32(0, true), header.getInt32(4, true)];
	const [bitsPerPixel, compression] = [header.getUint16(10, true), header.getUint32(12, true)];
	if (!EVEN_ROWS.includes(compression)) return header.getUint32(16, true);
	return Math.ceil((width * bitsPerPixel) / 32) * 4 * Math.abs(height);
}

/** Ends behind the pixels, or where the header says if that is later: some encoders leave it zero. */
function* bmp(): Walk {
	const file = yield take(18);
	const told = file.getUint32(2, true);
	const pixelsAt = file.getUint32(10, true);
	if (file.getUint32(14, true) < 40) {
		if (told <= 18) return 'untold';
		yield skip(told - 18);
		return 'reached';
	}
	const pixels = bmpPixels(yield take(20));
	yield skip(Math.max(told, pixelsAt + pixels, 38) - 38);
	return 'reached';
}

/** A box of ISO/IEC 14496-12; `size` counts its header in, Infinity is a box up to the end of the file. */
interface Box {
	type: string;
	size: number;
	headerSize: number;
}

/** 64 bits; what a number cannot hold exactly is larger than any image. */
function uint64(view: DataView, at: number): number {
	return view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4);
}

function* box(): Steps<Box> {
	const header = yield take(8);
	const [size, type] = [header.getUint32(0), letters(header, 4)];
	if (size === 0) return { type, size: Infinity, headerSize: 8 };
	if (size !== 1) return { type, size, headerSize: 8 };
	return { type, size: uint64(yield take(8), 0), headerSize: 16 };
}

/** Where the data of the items end that a `meta` box lists. */
interface ItemsEnd {
	/** Bytes from the start of the file; Infinity when it is "up to the end of the file". */
	end: number;
	/** Whether data stand within the box. */
	inside: boolean;
}

/** A field of 0, 4 or 8 bytes. */
function* sized(bytes: number): Steps<number> {
	if (bytes === 0) return 0;
	const view = yield take(bytes);
	return bytes === 8 ? uint64(view, 0) : view.getUint32(0);
}

/** Reads the item locations (ISO/IEC 14496-12, 8.11.3); undefined when they make no sense. */
function* itemLocations(): Steps<(ItemsEnd & { read: number }) | undefined> {
	const start = yield take(6);
	const version = start.getUint8(0);
	const [sizes, more] = [start.getUint8(4), start.getUint8(5)];
	const [offsetBytes, lengthBytes, baseBytes] = [sizes >> 4, sizes & 15, more >> 4];
	const indexBytes = version === 0 ? 0 : more & 15;
	const fields = [offsetBytes, lengthBytes, baseBytes, indexBytes];
	if (version > 2 || fields.some((bytes) => ![0, 4, 8].includes(bytes))) return undefined;
	const countBytes = version < 2 ? 2 : 4;
	const countOf = (view: DataView) => (countBytes === 2 ? view.getUint16(0) : view.getUint32(0));
	const items = countOf(yield take(countBytes));
	const found = { end: 0, inside: false, read: 6 + countBytes };
	for (let item = 0; item < items; item++) {
		yield skip(countBytes);
		const inFile = version === 0 || ((yield take(2)).getUint16(0) & 15) === 0;
		yield skip(2);
		const base = yield* sized(baseBytes);
		const extents = (yield take(2)).getUint16(0);
		found.read += countBytes + (version === 0 ? 4 : 6) + baseBytes;
		const extentBytes = indexBytes + offsetBytes + lengthBytes;
		// Extents without a field are all the same one.
		for (let left = extentBytes > 0 ? extents : Math.min(extents, 1); left > 0; left--) {
			yield skip(indexBytes);
			const offset = yield* sized(offsetBytes);
			const length = yield* sized(lengthBytes);
			found.read += extentBytes;
			if (inFile) found.end = Math.max(found.end, length > 0 ? base + offset + length : Infinity);
			else found.inside = true;
		}
	}
	return found;
}

/** Walks through a `meta` box; undefined when its boxes do not fit into it. */
function* itemsEnd(size: number): Steps<ItemsEnd | undefined> {
	const found: ItemsEnd = { end: 0, inside: false };
	// Version and flags.
	yield skip(4);
	for (let left = size - 4; left > 0;) {
		const { type, size: inner, headerSize } = yield* box();
		left -= inner;
		if (left < 0 || inner < headerSize) return undefined;
		let unread = inner - headerSize;
		if (type === 'iloc') {
			const items = yield* itemLocations();
			if (!items) return undefined;
			found.end = Math.max(found.end, items.end);
			found.inside ||= items.inside;
			unread -= items.read;
			if (unread < 0) return undefined;
		}
		yield skip(unread);
	}
	return found;
}

/**
 * Boxes, until the items that `meta` lists have come whole with the boxes around them (HEIF, AVIF). An
 * image sequence with `moov` alone needs its first `mdat`.
 */
function* heif(): Walk {
	let items: ItemsEnd | undefined;
	let [isDescribed, hasData] = [false, false];
	for (let start = 0; ;) {
		const { type, size, headerSize } = yield* box();
		if (size < headerSize) return 'missing';
		if (type === 'meta' && size < Infinity) {
			items = yield* itemsEnd(size - headerSize);
			if (!items) return 'missing';
		} else if (size < Infinity) {
			yield skip(size - headerSize);
		} else {
			const missing = (items?.end ?? 0) - start - headerSize;
			if (missing <= 0 || missing === Infinity) return 'untold';
			yield skip(missing);
			return 'reached';
		}
		start += size;
		isDescribed ||= type === 'meta' || type === 'moov';
		hasData ||= type === 'mdat';
		const end = items?.end ?? 0;
		const isThere = hasData || items?.inside === true;
		if (isDescribed && isThere && (end <= start || end === Infinity)) {
			return end === Infinity ? 'untold' : 'reached';
		}
	}
}

const WALKS: Readonly<Record<string, () => Walk>> = {
	'image/jpeg': jpeg,
	'image/png': png,
	'image/gif': gif,
	'image/webp': webp,
	'image/bmp': bmp,
	'image/avif': heif,
	'image/heic': heif,
};

/**
 * Finds the end of an image in a stream, by the structure of its format. Takes chunks of any size, keeps
 * none of them, and does not decode: an image that is whole may still hold garbage.
 */
export class EndOfImage {
	private found?: ImageEnd;
	private readonly walk?: Walk;
	private step: Step = skip(0);
	/** Bytes of the step that have come. */
	private passed = 0;
	private readonly taken = new Uint8Array(MOST_TAKEN);

	constructor({ mimeType }: ImageFormat) {
		// TIFF has none: its parts may stand in any order.
		this.walk = Object.hasOwn(WALKS, mimeType) ? WALKS[mimeType]?.() : undefined;
		if (!this.walk) this.found = 'untold';
	}

	/** What the bytes so far say. */
	get end(): ImageEnd {
		return this.found ?? 'missing';
	}

	/** Takes in the next bytes. */
	push(bytes: Uint8Array): void {
		let at = 0;
		while (this.found === undefined) {
			if ('past' in this.step) {
				at = bytes.indexOf(this.step.past, at) + 1;
				if (at === 0) return;
			} else {
				const { count, isTaken } = this.step;
				const used = Math.min(count - this.passed, bytes.length - at);
				if (isTaken) this.taken.set(bytes.subarray(at, at + used), this.passed);
				at += used;
				this.passed += used;
				if (this.passed < count) return;
			}
			this.go();
		}
	}

	private go(): void {
		const next = this.walk?.next(new DataView(this.taken.buffer));
		this.passed = 0;
		if (next?.done === true) this.found = next.value;
		else if (next) this.step = next.value;
	}
}
