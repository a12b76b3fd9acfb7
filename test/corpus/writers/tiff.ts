import { bytes, le16, le32, le64, repeated, u16, u32, u64, type Part } from './bytes';

/** How a TIFF file writes its numbers. */
export interface Layout {
	order: 'II' | 'MM';
	/** BigTIFF: offsets and counts of 64 bits. */
	isBig?: boolean;
}

export const TAG = {
	subfileType: 254,
	width: 256,
	height: 257,
	bits: 258,
	compression: 259,
	photometric: 262,
	make: 271,
	stripOffsets: 273,
	orientation: 274,
	samples: 277,
	rowsPerStrip: 278,
	stripBytes: 279,
	subDirectories: 330,
	extraSamples: 338,
	thumbnailOffset: 513,
	thumbnailBytes: 514,
	exif: 34665,
};

/** Types of fields, as TIFF numbers them. */
export const TYPE = { byte: 1, ascii: 2, short: 3, long: 4, rational: 5, long8: 16 };

/** A field of a directory. */
export interface Field {
	tag: number;
	type: number;
	/** Numbers, or bytes as they stand. */
	values: readonly number[] | Uint8Array;
	/** What it says of the number of its values where that is not the truth. */
	count?: number;
}

export const short = (tag: number, ...values: readonly number[]): Field => ({
	tag,
	type: TYPE.short,
	values,
});
export const long = (tag: number, ...values: readonly number[]): Field => ({
	tag,
	type: TYPE.long,
	values,
});

const writers = ({ order }: Layout) =>
	order === 'II' ? { n2: le16, n4: le32, n8: le64 } : { n2: u16, n4: u32, n8: u64 };

const SIZE: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 16: 8 };

function valueBytes(layout: Layout, { type, values }: Field): Uint8Array {
	if (values instanceof Uint8Array) return values;
	const { n2, n4, n8 } = writers(layout);
	const write = { 1: (value: number) => Uint8Array.of(value), 3: n2, 4: n4, 16: n8 }[type];
	if (!write) throw new Error(`Numbers of type ${type} are not written here`);
	return bytes([...values].map((value) => write(value)));
}

/** The first bytes, which say where the first directory is. */
export function head(layout: Layout, firstAt: number): Uint8Array {
	const { n2, n4, n8 } = writers(layout);
	const { order, isBig = false } = layout;
	return isBig
		? bytes(order, n2(43), n2(8), n2(0), n8(firstAt))
		: bytes(order, n2(42), n4(firstAt));
}

/** Bytes of the head. */
export const headSize = ({ isBig = false }: Layout): number => (isBig ? 16 : 8);

/**
 * A directory, and behind it the values that its fields have no room for.
 *
 * @param at where it will stand
 * @param next where the next one stands, 0 for none
 */
export function directory(
	layout: Layout,
	at: number,
	fields: readonly Field[],
	next: number,
): Uint8Array {
	const { n2, n4, n8 } = writers(layout);
	const { isBig = false } = layout;
	const room = isBig ? 8 : 4;
	const offset = isBig ? n8 : n4;
	const behind: Part[] = [];
	let behindAt = at + (isBig ? 16 : 6) + fields.length * (isBig ? 20 : 12);
	const entries = fields.map((field) => {
		const value = valueBytes(layout, field);
		const count = field.count ?? value.length / (SIZE[field.type] ?? 1);
		const start = [n2(field.tag), n2(field.type), offset(count)];
		if (value.length <= room) return bytes(start, value, new Uint8Array(room - value.length));
		const padded = bytes(value, value.length % 2 === 1 ? 0 : []);
		const entry = bytes(start, offset(behindAt));
		behind.push(padded);
		behindAt += padded.length;
		return entry;
	});
	return bytes((isBig ? n8 : n2)(fields.length), entries, offset(next), behind);
}

/** A directory of these fields, none of them longer than its room, and many more that nobody knows. */
export function crowdedDirectory(
	layout: Layout,
	fields: readonly Field[],
	more: number,
): Uint8Array {
	const { n2, n8 } = writers(layout);
	const { isBig = false } = layout;
	const entries = (some: readonly Field[]) => {
		const all = directory(layout, 0, some, 0);
		return isBig ? all.slice(8, -8) : all.slice(2, -4);
	};
	const unknown = entries([short(40_000, 1)]);
	const count = (isBig ? n8 : n2)(fields.length + more);
	const next = new Uint8Array(isBig ? 8 : 4);
	return bytes(count, entries(fields), repeated(unknown, more * unknown.length), next);
}

/** An image of a file. `strips` are its data; where they stand becomes a field. */
export interface Image {
	fields: readonly Field[];
	strips: readonly Uint8Array[];
}

/** Grey pixels of 8 bits, not compressed. */
export function greyImage(width: number, height: number, more: readonly Field[] = []): Image {
	const fields = [
		[long(TAG.width, width), long(TAG.height, height), short(TAG.bits, 8)],
		[short(TAG.compression, 1), short(TAG.photometric, 1), short(TAG.samples, 1)],
		[long(TAG.rowsPerStrip, height)],
	].flat();
	return { fields: [...fields, ...more], strips: [new Uint8Array(width * height)] };
}

/** A file of these images; the directory of each stands before or behind its data. */
export function tiff(
	layout: Layout,
	images: readonly Image[],
	place: 'before' | 'behind' = 'behind',
): Uint8Array {
	const build = (starts: readonly number[]) => {
		const directoryStarts: number[] = [];
		let at = headSize(layout);
		const parts = images.map(({ fields, strips }, index) => {
			const stripBytes = strips.reduce((sum, strip) => sum + strip.length, 0);
			const own = starts[index] ?? 0;
			const next = starts[index + 1] ?? 0;
			const all = (dataAt: number) => {
				const offsets = strips.map((_, strip) =>
					strips.slice(0, strip).reduce((sum, { length }) => sum + length, dataAt),
				);
				const lengths = strips.map(({ length }) => length);
				const data = [long(TAG.stripOffsets, ...offsets), long(TAG.stripBytes, ...lengths)];
				return [...fields, ...(strips.length > 0 ? data : [])].sort((a, b) => a.tag - b.tag);
			};
			if (place === 'behind') {
				const written = directory(layout, own, all(at), next);
				const padding = stripBytes % 2 === 1 ? 0 : [];
				directoryStarts.push(at + stripBytes + (stripBytes % 2));
				const part = bytes(strips, padding, written);
				at += part.length;
				return part;
			}
			const { length } = directory(layout, own, all(0), next);
			directoryStarts.push(at);
			const part = bytes(directory(layout, own, all(at + length), next), strips);
			const padded = bytes(part, part.length % 2 === 1 ? 0 : []);
			at += padded.length;
			return padded;
		});
		return { starts: directoryStarts, parts };
	};
	// Where things stand does not depend on the numbers that say so.
	const { starts } = build([]);
	return bytes(head(layout, starts[0] ?? 0), build(starts).parts);
}

/** What EXIF says, as the data of an EXIF chunk: a TIFF file without image data. */
export function exif(
	order: Layout['order'],
	fields: readonly Field[],
	thumbnail?: Uint8Array,
): Uint8Array {
	const layout: Layout = { order };
	const start = headSize(layout);
	if (!thumbnail) return bytes(head(layout, start), directory(layout, start, fields, 0));
	const own = directory(layout, start, fields, 0);
	const secondAt = start + own.length;
	const second = (dataAt: number) =>
		directory(
			layout,
			secondAt,
			[
				short(TAG.compression, 6),
				long(TAG.thumbnailOffset, dataAt),
				long(TAG.thumbnailBytes, thumbnail.length),
			],
			0,
		);
	const first = directory(layout, start, fields, secondAt);
	return bytes(head(layout, start), first, second(secondAt + second(0).length), thumbnail);
}

/** EXIF that says an orientation and nothing else. */
export const orientationExif = (orientation: number, order: Layout['order'] = 'MM'): Uint8Array =>
	exif(order, [short(TAG.orientation, orientation)]);
