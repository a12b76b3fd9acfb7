import { MARKER, skip, take, type Walk } from '../walk';
import { exifOrientation } from './tiff';

/** Markers (ITU-T T.81, table B.1). */
const MARKERS = { endOfImage: 0xd9, scan: 0xda, app1: 0xe1 };
/** Among the start-of-frame markers stand three that are none: Huffman tables, JPG, arithmetic conditions. */
const NO_FRAMES = [0xc4, 0xc8, 0xcc];

function isFrame(marker: number): boolean {
	return marker >= 0xc0 && marker <= 0xcf && !NO_FRAMES.includes(marker);
}

/**
 * Segments are skipped by their length, so that a thumbnail in one of them is not taken for the image. What
 * stands between segments is skipped, as decoders do. In the data of a scan, 0xFF is always followed by a
 * zero, a restart or the next segment.
 */
export const jpeg: Walk = function* (found) {
	let hasScan = false;
	for (;;) {
		const marker = (yield MARKER).getUint8(0);
		if (marker === MARKERS.endOfImage) return hasScan ? 'reached' : 'missing';
		// A length of less than its own two bytes is taken for none, as decoders do.
		const size = Math.max(0, (yield take(2)).getUint16(0) - 2);
		let read = 0;
		if (isFrame(marker) && found.frames === undefined && size >= 6) {
			const frame = yield take(5);
			read = 5;
			found.height = frame.getUint16(1);
			found.width = frame.getUint16(3);
			found.frames = 1;
			found.hasAlpha = false;
		} else if (marker === MARKERS.app1) {
			read = yield* exifOrientation(size, found);
		} else if (marker === MARKERS.scan) {
			hasScan = true;
		}
		if (size > read) yield skip(size - read);
	}
};
