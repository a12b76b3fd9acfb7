import { maskFault } from '../../../../cos/areas/maskPixels';

/** A mask of ten pixels, each given as brightness, and alpha where it is not opaque. */
function mask(...pixels: ReadonlyArray<number | readonly [brightness: number, alpha: number]>) {
	const bytes = pixels.flatMap((pixel) => {
		const [brightness, alpha] = typeof pixel === 'number' ? [pixel, 255] : pixel;
		return [brightness, brightness, brightness, alpha];
	});
	return { width: pixels.length, height: 1, pixels: Uint8Array.from(bytes) };
}

const many = (count: number, brightness: number) => Array<number>(count).fill(brightness);

describe('a mask', () => {
	it.each([
		['white on black', mask(...many(9, 0), 255)],
		['half white', mask(...many(5, 0), ...many(5, 255))],
		['with a thin line, grey in a small copy', mask(...many(9, 0), 16)],
		['white on transparent black', mask([0, 0], [0, 0], [0, 0], [255, 255])],
		['black and white, transparent all over', mask([0, 0], [0, 0], [255, 0])],
	])('%s can be meant', (_, pixels) => {
		expect(maskFault(pixels)).toBeUndefined();
	});

	it.each([
		['black, with the noise of JPEG', 'empty', mask(...many(9, 0), 6)],
		['white, with the noise of JPEG', 'full', mask(...many(9, 255), 250)],
		['black on transparent black', 'alpha', mask([0, 0], [0, 255])],
		['white on transparent white', 'alpha', mask([255, 0], [255, 255])],
		['black, transparent all over', 'empty', mask([0, 0], [0, 0])],
	])('%s is %s', (_, fault, pixels) => {
		expect(maskFault(pixels)).toEqual({ fault });
	});

	it('that is white on more than half seems to be inverted', () => {
		const pixels = mask(...many(4, 0), ...many(6, 255));
		expect(maskFault(pixels)).toEqual({ fault: 'inverted', percent: 60 });
	});
});
