import { BLOCKS, skip, take, type Walk } from '../walk';

const KINDS = { extension: 0x21, image: 0x2c, trailer: 0x3b };
const GRAPHIC_CONTROL = 0xf9;

/** Bytes of a color table, by the flags of the screen or image it belongs to. */
function colorTable(flags: number): number {
	return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** Blocks up to the trailer (GIF89a, 17 to 27). */
export const gif: Walk = function* (found) {
	const screen = yield take(13);
	found.width = screen.getUint16(6, true);
	found.height = screen.getUint16(8, true);
	found.hasAlpha = false;
	found.frames = 0;
	const palette = colorTable(screen.getUint8(10));
	if (palette > 0) yield skip(palette);
	for (;;) {
		const kind = (yield take(1)).getUint8(0);
		if (kind === KINDS.trailer) return found.frames > 0 ? 'reached' : 'missing';
		// Some encoders write an empty block too many.
		if (kind === 0) continue;
		if (kind === KINDS.image) {
			const flags = (yield take(9)).getUint8(8);
			yield skip(colorTable(flags) + 1);
			yield BLOCKS;
			found.frames++;
		} else if (kind === KINDS.extension) {
			const label = (yield take(1)).getUint8(0);
			if (label === GRAPHIC_CONTROL) {
				const control = yield take(2);
				if (control.getUint8(0) === 0) continue;
				if (control.getUint8(1) & 1) found.hasAlpha = true;
				if (control.getUint8(0) > 1) yield skip(control.getUint8(0) - 1);
			}
			yield BLOCKS;
		} else {
			return 'missing';
		}
	}
};
