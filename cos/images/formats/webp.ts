import { fourCC, skip, take, type Findings, type Steps, type Walk } from '../walk';
import { exifOrientation } from './tiff';

const [VP8, VP8L, VP8X, ALPH, ANMF, EXIF] = ['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANMF', 'EXIF'].map(
	fourCC,
);
const FLAGS = { alpha: 0x10, animation: 0x02 };
const SIDE_BITS = 0x3fff;

/** Reads the header of a lossy image (RFC 6386, 9.1). */
function* lossy(found: Findings): Steps<void> {
	const header = yield take(10);
	const isKeyFrame = (header.getUint8(0) & 1) === 0;
	if (!isKeyFrame || header.getUint16(3) !== 0x9d01 || header.getUint8(5) !== 0x2a) return;
	found.width = header.getUint16(6, true) & SIDE_BITS;
	found.height = header.getUint16(8, true) & SIDE_BITS;
	found.hasAlpha ??= false;
}

/** Reads the header of a lossless image (RFC 9649, 3.4). */
function* lossless(found: Findings): Steps<void> {
	const header = yield take(5);
	if (header.getUint8(0) !== 0x2f) return;
	const bits = header.getUint32(1, true);
	found.width = (bits & SIDE_BITS) + 1;
	found.height = ((bits >>> 14) & SIDE_BITS) + 1;
	found.hasAlpha = (bits & 0x10000000) !== 0;
}

/** Three bytes, the lowest first. */
function uint24(view: DataView, at: number): number {
	return view.getUint16(at, true) + view.getUint8(at + 2) * 0x10000;
}

/**
 * One RIFF chunk, whose size counts from behind the size itself (RFC 9649, 2.3), and the chunks within it.
 * The canvas of VP8X is that of the image, whatever the image itself says.
 */
export const webp: Walk = function* (found) {
	const size = (yield take(8)).getUint32(4, true);
	if (size < 12) return 'missing';
	yield skip(4);
	let [isAnimated, isExtended, hasExif] = [false, false, false];
	let left = size - 4;
	for (; left >= 8;) {
		const header = yield take(8);
		const [type, length] = [header.getUint32(0), header.getUint32(4, true)];
		left -= 8;
		let read = 0;
		if (length > left) break;
		const isImage = !isExtended && found.width === undefined;
		if (type === VP8X && isImage && length >= 10) {
			const canvas = yield take(10);
			read = 10;
			isExtended = true;
			isAnimated = (canvas.getUint8(0) & FLAGS.animation) !== 0;
			found.hasAlpha = (canvas.getUint8(0) & FLAGS.alpha) !== 0;
			found.width = uint24(canvas, 4) + 1;
			found.height = uint24(canvas, 7) + 1;
		} else if (type === VP8 && isImage && length >= 10) {
			yield* lossy(found);
			read = 10;
		} else if (type === VP8L && isImage && length >= 5) {
			yield* lossless(found);
			read = 5;
		} else if (type === ALPH) {
			found.hasAlpha = true;
		} else if (type === ANMF && isAnimated) {
			found.frames = (found.frames ?? 0) + 1;
		} else if (type === EXIF && !hasExif) {
			hasExif = true;
			read = yield* exifOrientation(length, found);
		}
		// Chunks of an odd length are filled up.
		const padded = Math.min(length + (length & 1), left);
		if (padded > read) yield skip(padded - read);
		left -= padded;
	}
	if (left > 0) yield skip(left);
	if (!isAnimated && found.width !== undefined) found.frames = 1;
	return 'reached';
};
