import { fourCC, skip, take, type Findings, type Steps, type Walk } from '../walk';
import { box, boxesWithin } from './boxes';
import { itemLocations, type ItemsEnd } from './itemLocations';
import { ItemProperties } from './itemProperties';

const [FTYP, META, MOOV, MDAT, PITM, IPRP, ILOC, STSD, STSZ] = [
	'ftyp',
	'meta',
	'moov',
	'mdat',
	'pitm',
	'iprp',
	'iloc',
	'stsd',
	'stsz',
].map(fourCC);
/** Bytes of `stsd` up to width and height of its first entry (ISO/IEC 14496-12, 8.5.2 and 12.1.3). */
const SAMPLE_ENTRY = 44;
/** Brands of files that hold a sequence of images. */
const SEQUENCES = ['msf1', 'hevc', 'hevx', 'avis'].map(fourCC);
/** Boxes of `moov` that hold the boxes of a track (ISO/IEC 14496-12, 8.3 to 8.5). */
const TRACK_BOXES: ReadonlySet<number | undefined> = new Set(
	['trak', 'mdia', 'minf', 'stbl'].map(fourCC),
);

/** Walks through a `meta` box; undefined when its boxes do not fit into it. */
function* meta(size: number, found: Findings): Steps<ItemsEnd | undefined> {
	const items: ItemsEnd = { end: 0, inside: false };
	const properties = new ItemProperties(found);
	// Version and flags.
	yield skip(4);
	const fits = yield* boxesWithin(size - 4, function* (inner, type) {
		if (type === PITM) return yield* properties.readPrimary(inner);
		if (type === IPRP) return yield* properties.read(inner);
		if (type !== ILOC) return 0;
		const locations = yield* itemLocations();
		items.end = Math.max(items.end, locations?.end ?? 0);
		items.inside ||= locations?.inside === true;
		return locations?.read;
	});
	if (!fits) return undefined;
	if (properties.size) ({ width: found.width, height: found.height } = properties.size);
	found.hasAlpha ??= false;
	return items;
}

/**
 * Walks through a `moov` box, whose longest track has the frames, and its first one their size. Boxes of a
 * track are walked into as if theirs were beside them: how deep they are nested makes no difference.
 *
 * @returns whether it ended where it should
 */
function* frames(size: number, found: Findings): Steps<boolean> {
	for (let left = size; left > 0;) {
		const { type, size: inner, headerSize } = yield* box();
		if (inner < headerSize || inner > left) {
			// The image does not hang on it.
			yield skip(Math.max(0, left - headerSize));
			return headerSize <= left;
		}
		left -= TRACK_BOXES.has(type) ? headerSize : inner;
		if (TRACK_BOXES.has(type)) continue;
		let read = headerSize;
		if (type === STSD && inner >= headerSize + SAMPLE_ENTRY) {
			const entry = yield take(SAMPLE_ENTRY);
			read += SAMPLE_ENTRY;
			found.width ??= entry.getUint16(40);
			found.height ??= entry.getUint16(42);
		} else if (type === STSZ && inner >= headerSize + 12) {
			found.frames = Math.max(found.frames ?? 0, (yield take(12)).getUint32(8));
			read += 12;
		}
		if (inner > read) yield skip(inner - read);
	}
	return true;
}

/**
 * Boxes, until the items that `meta` lists have come whole with the boxes around them (HEIF, AVIF). An
 * image sequence with `moov` alone needs its first `mdat`.
 */
export const heif: Walk = function* (found) {
	let items: ItemsEnd | undefined;
	let [isDescribed, hasData, isSequence] = [false, false, false];
	for (let start = 0; ;) {
		const { type, size, headerSize } = yield* box();
		if (size < headerSize) return 'missing';
		const length = size - headerSize;
		if (type === FTYP && length >= 4 && size < Infinity) {
			isSequence = SEQUENCES.includes((yield take(4)).getUint32(0));
			yield skip(length - 4);
		} else if (type === META && size < Infinity) {
			items = yield* meta(length, found);
			if (!items) return 'missing';
		} else if (type === MOOV && size < Infinity) {
			if (!(yield* frames(length, found))) return 'missing';
		} else if (size < Infinity) {
			yield skip(length);
		} else {
			const missing = (items?.end ?? 0) - start - headerSize;
			if (missing <= 0 || missing === Infinity) return 'untold';
			yield skip(missing);
			return 'reached';
		}
		start += size;
		isDescribed ||= type === META || type === MOOV;
		hasData ||= type === MDAT;
		const end = items?.end ?? 0;
		const isThere = hasData || items?.inside === true;
		if (isDescribed && isThere && (end <= start || end === Infinity)) {
			// The boxes that count the frames may come last.
			found.isWholeHere = isSequence && found.frames === undefined;
			if (found.isWholeHere) continue;
			found.frames ??= 1;
			return end === Infinity ? 'untold' : 'reached';
		}
	}
};
