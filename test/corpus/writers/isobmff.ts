import { bytes, u16, u24, u32, u64, zeros, type Part } from './bytes';

/** A box of ISO/IEC 14496-12. */
export function box(type: string, ...content: readonly Part[]): Uint8Array {
	const body = bytes(content);
	return bytes(u32(body.length + 8), type, body);
}

/** A box that writes its size with 64 bits, as large ones have to. */
export function largeBox(type: string, ...content: readonly Part[]): Uint8Array {
	const body = bytes(content);
	return bytes(u32(1), type, u64(body.length + 16), body);
}

/** A box up to the end of the file. */
export function lastBox(type: string, ...content: readonly Part[]): Uint8Array {
	return bytes(u32(0), type, content);
}

/** A box with version and flags. */
export function fullBox(
	type: string,
	version: number,
	flags: number,
	...content: readonly Part[]
): Uint8Array {
	return box(type, version, u24(flags), content);
}

export function ftyp(major: string, ...compatible: readonly string[]): Uint8Array {
	return box('ftyp', major, u32(0), compatible);
}

/** A property of an item: its box, and whether a reader may leave it out. */
export interface Property {
	box: Uint8Array;
	isEssential: boolean;
}

const descriptive = (content: Uint8Array): Property => ({ box: content, isEssential: false });
const transforming = (content: Uint8Array): Property => ({ box: content, isEssential: true });

export const ispe = (width: number, height: number): Property =>
	descriptive(fullBox('ispe', 0, 0, u32(width), u32(height)));
export const auxC = (urn: string): Property => descriptive(fullBox('auxC', 0, 0, urn, 0));
/** Anti-clockwise quarter turns. */
export const irot = (quarters: number): Property => transforming(box('irot', quarters));
/** 0 turns left and right, or top and bottom, around; 1 the other one. */
export const imir = (axis: number): Property => transforming(box('imir', axis));

/** A fraction, or a whole number. */
export type Fraction = number | readonly [numerator: number, denominator: number];

/** Width, height, and how far the middle of the aperture is right of and below that of the image. */
export function clap(
	width: Fraction,
	height: Fraction,
	right: Fraction = 0,
	down: Fraction = 0,
): Property {
	const write = (value: Fraction) => (typeof value === 'number' ? [value, 1] : value).map(u32);
	return transforming(box('clap', [width, height, right, down].map(write)));
}

export interface Item {
	id: number;
	type: string;
	properties?: readonly Property[];
	data?: Uint8Array;
	isHidden?: boolean;
	/** Of the type `mime`. */
	contentType?: string;
	/** The item's data stand in `idat`, within `meta`. */
	isInside?: boolean;
	/** The data come in so many pieces. */
	pieces?: number;
}

/** A reference from one item to others: `dimg` derived from, `thmb` thumbnail of, `auxl`, `cdsc`. */
export interface Reference {
	type: string;
	from: number;
	to: readonly number[];
}

/** An image file of items (ISO/IEC 23008-12); what is left out is what most encoders write. */
export interface ItemFile {
	major: string;
	compatible?: readonly string[];
	items: readonly Item[];
	primary: number;
	references?: readonly Reference[];
	/** Bits of item ids. */
	idBits?: 16 | 32;
	/** Two bytes for each property's number, as more than 127 of them need. */
	hasWideIndexes?: boolean;
	/** Properties of no item, which come first in the list. */
	unused?: readonly Property[];
	/** An association box for each item instead of one for all. */
	hasManyAssociations?: boolean;
	ilocVersion?: 0 | 1 | 2;
	offsetBytes?: 4 | 8;
	/** Locations count from a base of their own. */
	hasBase?: boolean;
	/** How the boxes within `meta` follow each other. */
	order?: readonly string[];
	meta?: typeof box;
	mdat?: typeof box;
	isMetaLast?: boolean;
	/** Boxes between the first and the second of them all. */
	between?: Part;
	/** More boxes within `meta`, before the others. */
	within?: Part;
	behind?: Part;
}

const ORDER = ['hdlr', 'pitm', 'iloc', 'iinf', 'iref', 'iprp', 'idat'];

interface Writing {
	id: (value: number) => Uint8Array;
	isWide: boolean;
}

function itemInfo({ items }: ItemFile, { id, isWide }: Writing): Uint8Array {
	const entries = items.map((item) => {
		const type = item.contentType === undefined ? [] : [item.contentType, 0];
		const flags = item.isHidden === true ? 1 : 0;
		return fullBox('infe', isWide ? 3 : 2, flags, id(item.id), u16(0), item.type, 0, type);
	});
	return fullBox('iinf', isWide ? 1 : 0, 0, id(items.length), entries);
}

function itemReferences({ references = [] }: ItemFile, { id, isWide }: Writing): Uint8Array {
	const boxes = references.map(({ type, from, to }) =>
		box(type, id(from), u16(to.length), to.map(id)),
	);
	return boxes.length > 0 ? fullBox('iref', isWide ? 1 : 0, 0, boxes) : bytes();
}

function itemProperties(file: ItemFile, { id, isWide }: Writing): Uint8Array {
	const { items, unused = [], hasWideIndexes = false, hasManyAssociations = false } = file;
	const all = [...new Set([...unused, ...items.flatMap(({ properties = [] }) => properties)])];
	const entries = items.flatMap((item) => {
		const { properties = [] } = item;
		if (properties.length === 0) return [];
		const numbers = properties.map((property) => {
			const index = all.indexOf(property) + 1;
			if (hasWideIndexes) return u16(index + (property.isEssential ? 0x8000 : 0));
			return index + (property.isEssential ? 0x80 : 0);
		});
		return [bytes(id(item.id), properties.length, numbers)];
	});
	const groups = hasManyAssociations ? entries.map((entry) => [entry]) : [entries];
	const associations = groups.map((group) =>
		fullBox('ipma', isWide ? 1 : 0, hasWideIndexes ? 1 : 0, u32(group.length), group),
	);
	return box(
		'iprp',
		box(
			'ipco',
			all.map((property) => property.box),
		),
		associations,
	);
}

function itemLocations(file: ItemFile, { id, isWide }: Writing, dataAt: number): Uint8Array {
	const { items, offsetBytes = 4, hasBase = false } = file;
	const isSomeInside = items.some(({ isInside }) => isInside === true);
	const version = file.ilocVersion ?? (isWide ? 2 : isSomeInside ? 1 : 0);
	const number = offsetBytes === 4 ? u32 : u64;
	const at = { outside: dataAt, inside: 0 };
	const located = items.filter(({ data }) => data !== undefined);
	const entries = located.map(({ id: itemId, data = zeros(0), isInside = false, pieces = 1 }) => {
		const place = isInside ? 'inside' : 'outside';
		const method = version === 0 ? [] : u16(isInside ? 1 : 0);
		const base = hasBase ? at[place] : 0;
		const size = Math.ceil(data.length / pieces);
		const extents = Array.from({ length: pieces }, (_, piece) => {
			const start = piece * size;
			const offset = at[place] - base + start;
			return [number(offset), number(Math.min(size, data.length - start))];
		});
		at[place] += data.length;
		return [id(itemId), method, u16(0), hasBase ? number(base) : [], u16(pieces), extents];
	});
	const sizes = [offsetBytes * 17, hasBase ? offsetBytes * 16 : 0];
	const count = version === 2 ? u32(located.length) : u16(located.length);
	return fullBox('iloc', version, 0, sizes, count, entries);
}

export function itemFile(file: ItemFile): Uint8Array {
	const {
		items,
		idBits = 16,
		order = ORDER,
		isMetaLast = false,
		compatible = ['mif1', file.major],
	} = file;
	const { between = [], within = [], behind = [], meta = box, mdat = box } = file;
	const writing: Writing = { id: idBits === 16 ? u16 : u32, isWide: idBits === 32 };
	const dataOf = (inside: boolean) =>
		bytes(items.map(({ data = [], isInside = false }) => (isInside === inside ? data : [])));
	const insideData = dataOf(true);
	const start = bytes(ftyp(file.major, ...compatible), between);
	const data = mdat('mdat', dataOf(false));
	const headerBytes = data.length - dataOf(false).length;
	const describe = (dataAt: number) => {
		const boxes: Readonly<Record<string, Part>> = {
			hdlr: fullBox('hdlr', 0, 0, u32(0), 'pict', zeros(12), 0),
			pitm: fullBox('pitm', idBits === 16 ? 0 : 1, 0, writing.id(file.primary)),
			iloc: itemLocations(file, writing, dataAt),
			iinf: itemInfo(file, writing),
			iref: itemReferences(file, writing),
			iprp: itemProperties(file, writing),
			idat: insideData.length > 0 ? box('idat', insideData) : [],
		};
		return meta(
			'meta',
			u32(0),
			within,
			order.map((type) => boxes[type] ?? []),
		);
	};
	if (isMetaLast) return bytes(start, data, describe(start.length + headerBytes), behind);
	const metaBytes = describe(0).length;
	return bytes(start, describe(start.length + metaBytes + headerBytes), data, behind);
}

/** The data of an item that puts tiles together, row by row (ISO/IEC 23008-12, 6.6.2.3). */
export function gridData(columns: number, rows: number, width: number, height: number): Uint8Array {
	const isWide = width > 0xffff || height > 0xffff;
	const side = isWide ? u32 : u16;
	return bytes(0, isWide ? 1 : 0, rows - 1, columns - 1, side(width), side(height));
}

const MATRIX = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].map(u32);

/** A film of images: `moov` with one track, whose samples all have the same bytes. */
export interface Film {
	width: number;
	height: number;
	frames: number;
	/** The type of its samples, such as `hvc1`, and the box that configures their decoder. */
	type: string;
	configuration: Uint8Array;
	sampleBytes: number;
	/** Where the first sample stands in the file. */
	dataAt: number;
}

export function moov(film: Film): Uint8Array {
	const { width, height, frames, sampleBytes, dataAt } = film;
	const entry = box(
		film.type,
		[zeros(6), u16(1), zeros(16), u16(width), u16(height)],
		[u32(0x480000), u32(0x480000), u32(0), u16(1), zeros(32), u16(24), u16(0xffff)],
		film.configuration,
	);
	const table = box(
		'stbl',
		fullBox('stsd', 0, 0, u32(1), entry),
		fullBox('stts', 0, 0, u32(1), u32(frames), u32(100)),
		fullBox('stsc', 0, 0, u32(1), u32(1), u32(frames), u32(1)),
		fullBox('stsz', 0, 0, u32(sampleBytes), u32(frames)),
		fullBox('stco', 0, 0, u32(1), u32(dataAt)),
	);
	const dataReference = box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1)));
	const media = box(
		'mdia',
		fullBox('mdhd', 0, 0, [0, 0, 1000, frames * 100].map(u32), u32(0x55c40000)),
		fullBox('hdlr', 0, 0, u32(0), 'pict', zeros(12), 0),
		box('minf', fullBox('vmhd', 0, 1, zeros(8)), dataReference, table),
	);
	const track = box(
		'trak',
		fullBox('tkhd', 0, 3, [0, 0, 1, 0, frames * 100, 0, 0].map(u32), [
			zeros(8),
			MATRIX,
			u32(width * 0x10000),
			u32(height * 0x10000),
		]),
		media,
	);
	const times = [0, 0, 1000, frames * 100].map(u32);
	const movie = [u32(0x10000), u16(0x100), zeros(10), MATRIX, zeros(24), u32(2)];
	return box('moov', fullBox('mvhd', 0, 0, times, movie), track);
}

/** A film of images and nothing else: the samples follow in `mdat`. */
export function filmFile(
	brands: readonly [string, ...string[]],
	film: Omit<Film, 'sampleBytes' | 'dataAt'>,
	sample: Uint8Array,
): Uint8Array {
	const start = ftyp(...brands);
	const describe = (dataAt: number) => moov({ ...film, sampleBytes: sample.length, dataAt });
	const dataAt = start.length + describe(0).length + 8;
	const samples = Array.from({ length: film.frames }, () => sample);
	return bytes(start, describe(dataAt), box('mdat', samples));
}
