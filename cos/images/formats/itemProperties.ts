import type { ImageSize } from '../../areas/points';
import { fourCC, skip, take, type Findings, type Steps } from '../walk';
import { boxesWithin } from './boxes';

const [ISPE, CLAP, IROT, AUXC] = ['ispe', 'clap', 'irot', 'auxC'].map(fourCC);
const [IPCO, IPMA] = ['ipco', 'ipma'].map(fourCC);

/** What a property does to the size of an image. */
type Property = (size: ImageSize) => ImageSize;

/** Entries of `ipma`: items that a file can have with ids of 16 bits. */
const MOST_ITEMS = 0xffff;
/** Entries of `ipma` that are kept while it is not known which is that of the image. */
const MOST_ENTRIES = 1024;

/** What a clean aperture makes of a side (ISO/IEC 14496-12, 12.1.4); 0 when it is none. */
function cutOut(numerator: number, denominator: number, side: number): number {
	const length = numerator > 0 && denominator > 0 ? Math.round(numerator / denominator) : 0;
	return length <= side ? length : 0;
}

/** How the alpha channel of an item is marked (ISO/IEC 23008-12, 6.5.8; MIAF). */
const ALPHA = ['urn:mpeg:mpegB:cicp:systems:auxiliary:alpha', 'urn:mpeg:hevc:2015:auxid:1'];

/** Version and flags of a box. */
const FULL_BOX = 4;

function* auxiliaryType(length: number): Steps<string> {
	const view = yield take(length);
	const codes = Array.from({ length }, (_, index) => view.getUint8(index));
	const end = codes.indexOf(0);
	return String.fromCharCode(...(end < 0 ? codes : codes.slice(0, end)));
}

/** The properties of the items of a HEIF file (ISO/IEC 23008-12, 9.3.1). */
export class ItemProperties {
	private readonly properties = new Map<number, Property>();
	private readonly sizes = new Map<number, ImageSize>();
	private readonly ofItem = new Map<number, readonly number[]>();
	private count = 0;
	private primary?: number;

	constructor(private readonly found: Findings) {}

	/** Reads `pitm`, which says which item is the image; gives the bytes that it took. */
	*readPrimary(size: number): Steps<number | undefined> {
		if (size < 6) return undefined;
		const isLong = (yield take(FULL_BOX)).getUint8(0) > 0;
		if (!isLong) {
			this.primary = (yield take(2)).getUint16(0);
			return FULL_BOX + 2;
		}
		if (size < 8) return undefined;
		this.primary = (yield take(4)).getUint32(0);
		return FULL_BOX + 4;
	}

	/** Reads `iprp`; gives the bytes that it took. */
	*read(size: number): Steps<number | undefined> {
		const fits = yield* boxesWithin(size, (inner, type) => {
			if (type === IPCO) return this.readProperties(inner);
			return type === IPMA ? this.readAssociations(inner) : nothing();
		});
		return fits ? size : undefined;
	}

	/** The size of the image: what its properties make of it, one after the other. */
	get size(): ImageSize | undefined {
		const indexes = this.ofItem.get(this.primary ?? -1) ?? [];
		const stored = indexes.flatMap((index) => this.sizes.get(index) ?? [])[0];
		return indexes.reduce(
			(size, index) => size && (this.properties.get(index)?.(size) ?? size),
			stored,
		);
	}

	private *readProperties(size: number): Steps<number | undefined> {
		const fits = yield* boxesWithin(size, (inner, type) => {
			this.count++;
			return this.readProperty(this.count, inner, type);
		});
		return fits ? size : undefined;
	}

	private *readProperty(index: number, size: number, type: number): Steps<number> {
		if (type === ISPE && size >= 12) {
			const view = yield take(12);
			this.sizes.set(index, { width: view.getUint32(4), height: view.getUint32(8) });
			return 12;
		}
		if (type === IROT && size >= 1) {
			const isOnItsSide = ((yield take(1)).getUint8(0) & 1) === 1;
			if (isOnItsSide) {
				this.properties.set(index, ({ width, height }) => ({ width: height, height: width }));
			}
			return 1;
		}
		if (type === CLAP && size >= 32) {
			const view = yield take(32);
			const [widthN = 0, widthD = 0, heightN = 0, heightD = 0, , byX = 0, , byY = 0] = [
				0, 4, 8, 12, 16, 20, 24, 28,
			].map((at) => view.getInt32(at));
			const isMeant = byX > 0 && byY > 0;
			this.properties.set(index, ({ width, height }) => ({
				width: isMeant ? cutOut(widthN, widthD, width) : 0,
				height: isMeant ? cutOut(heightN, heightD, height) : 0,
			}));
			return 32;
		}
		if (type === AUXC && size > FULL_BOX) {
			const length = Math.min(size, FULL_BOX + 44);
			yield skip(FULL_BOX);
			const name = yield* auxiliaryType(length - FULL_BOX);
			if (ALPHA.includes(name)) this.found.hasAlpha = true;
			return length;
		}
		return 0;
	}

	/** Reads `ipma`, which says which properties an item has, and in which order they apply. */
	private *readAssociations(size: number): Steps<number | undefined> {
		if (size < 8) return undefined;
		const head = yield take(8);
		const idBytes = head.getUint8(0) > 0 ? 4 : 2;
		const indexBytes = head.getUint8(3) & 1 ? 2 : 1;
		const count = head.getUint32(4);
		if (count > MOST_ITEMS) return undefined;
		let read = 8;
		for (let left = count; left > 0; left--) {
			if (read + idBytes + 1 > size) return undefined;
			const view = yield take(idBytes + 1);
			const item = idBytes === 4 ? view.getUint32(0) : view.getUint16(0);
			const its = view.getUint8(idBytes);
			read += idBytes + 1 + its * indexBytes;
			if (read > size) return undefined;
			if (this.isWanted(item)) this.ofItem.set(item, yield* indexes(its, indexBytes));
			else if (its > 0) yield skip(its * indexBytes);
		}
		return read;
	}

	private isWanted(item: number): boolean {
		if (this.ofItem.has(item)) return false;
		return this.primary === undefined ? this.ofItem.size < MOST_ENTRIES : item === this.primary;
	}
}

function* nothing(): Steps<number> {
	return 0;
}

/** Indexes of properties, counted from 1; their highest bit says whether they are essential. */
function* indexes(count: number, bytes: number): Steps<readonly number[]> {
	const found: number[] = [];
	for (let left = count; left > 0; left--) {
		const view = yield take(bytes);
		found.push(bytes === 2 ? view.getUint16(0) & 0x7fff : view.getUint8(0) & 0x7f);
	}
	return found;
}
