import { fourCC, skip, take, type Walk } from '../walk';
import { exifOrientation } from './tiff';

const [IHDR, CGBI, ACTL, TRNS, EXIF, IDAT, IEND] = [
	'IHDR',
	'CgBI',
	'acTL',
	'tRNS',
	'eXIf',
	'IDAT',
	'IEND',
].map(fourCC);

/** Color types with an alpha channel. */
const WITH_ALPHA = [4, 6];

const SPACE = 0x20;

function isLetter(code: number): boolean {
	const upper = code & ~SPACE;
	return upper >= 0x41 && upper <= 0x5a;
}

function isType(header: DataView): boolean {
	return [4, 5, 6, 7].every((at) => isLetter(header.getUint8(at)));
}

/** Chunks up to IEND, its checksum included (PNG, third edition, 5.3); frames by acTL (11.3.6.1). */
export const png: Walk = function* (found) {
	yield skip(8);
	let [isFirst, hasData, hasExif] = [true, false, false];
	for (;;) {
		const header = yield take(8);
		const [length, type] = [header.getUint32(0), header.getUint32(4)];
		if (length > 0x7fffffff || !isType(header)) return 'missing';
		let read = 0;
		if (type === IHDR && isFirst && length === 13) {
			const image = yield take(13);
			read = 13;
			found.width = image.getUint32(0);
			found.height = image.getUint32(4);
			found.hasAlpha = WITH_ALPHA.includes(image.getUint8(9));
			found.frames = 1;
		} else if (type === ACTL && !hasData && length >= 8) {
			found.frames = (yield take(8)).getUint32(0);
			read = 8;
		} else if (type === EXIF && !hasExif) {
			hasExif = true;
			read = yield* exifOrientation(length, found);
		} else if (type === TRNS) {
			found.hasAlpha = true;
		} else if (type === IDAT) {
			hasData = true;
		}
		// Apple's own variant has a chunk before the header.
		isFirst &&= type === CGBI;
		yield skip(length + 4 - read);
		if (type === IEND) return hasData ? 'reached' : 'missing';
	}
};
