import fc from 'fast-check';
import sharp from 'sharp';

import { boxAround, type Point } from '../../../cos/areas/points';
import { cornersOf, moveShape, type Shape } from '../../../picker/geometry/shapes';
import { sideSeen, toStored, toUpright, uprightSize } from '../../../cos/images/upright';
import { movementToStored } from '../../../picker/geometry/movement';
import { fitView, reveal, toImage, toScreen, zoomAt } from '../../../picker/geometry/view';
import { readArea } from '../../../picker/output/readArea';
import { checkShapes, polygonsText } from '../../../picker/output/polygons';
import { rectangleRow } from '../../../picker/output/rectangles';
import { describeTurn } from '../../../picker/ui/words';
import { boxInImage } from './arbitraries';

const ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8];
const SIZE = { width: 7, height: 4 };

/** Each pixel of the file has a colour of its own. */
async function turnedFile(orientation: number): Promise<Buffer> {
	const data = Buffer.alloc(SIZE.width * SIZE.height * 3);
	for (let pixel = 0; pixel < SIZE.width * SIZE.height; pixel++) data[pixel * 3] = pixel * 9;
	return await sharp(data, { raw: { ...SIZE, channels: 3 } })
		.withMetadata({ orientation })
		.png()
		.toBuffer();
}

/** The file as every other program shows it. */
async function shownByOthers(file: Buffer) {
	const { data, info } = await sharp(file).autoOrient().raw().toBuffer({ resolveWithObject: true });
	const colourAt = ([x, y]: Point) =>
		data[(Math.floor(y) * info.width + Math.floor(x)) * info.channels];
	return { size: { width: info.width, height: info.height }, colourAt };
}

describe.each(ORIENTATIONS)('an image with EXIF orientation %d', (orientation) => {
	const image = { ...SIZE, orientation };

	test('is seen as other programs show it, pixel by pixel', async () => {
		const shown = await shownByOthers(await turnedFile(orientation));
		expect(uprightSize(image)).toEqual(shown.size);
		for (let y = 0; y < SIZE.height; y++) {
			for (let x = 0; x < SIZE.width; x++) {
				const colour = (y * SIZE.width + x) * 9;
				expect(shown.colourAt(toUpright([x + 0.5, y + 0.5], image))).toBe(colour);
			}
		}
	});

	test('has its four corners where it is seen to have corners', () => {
		const { width, height } = uprightSize(image);
		const stored = cornersOf({
			id: 1,
			kind: 'rectangle',
			box: { left: 0, top: 0, right: SIZE.width, bottom: SIZE.height },
		});
		const seen = stored.map((corner) => toUpright(corner, image));
		expect(boxAround(seen)).toEqual({ left: 0, top: 0, right: width, bottom: height });
		for (const [index, corner] of seen.entries())
			expect(toStored(corner, image)).toEqual(stored[index]);
		// The sides that meet in the stored top left corner.
		const meeting = [sideSeen('left', orientation), sideSeen('top', orientation)];
		expect(seen[0]).toEqual([
			meeting.includes('left') ? 0 : width,
			meeting.includes('top') ? 0 : height,
		]);
		const sides = (['left', 'top', 'right', 'bottom'] as const).map((side) =>
			sideSeen(side, orientation),
		);
		expect(new Set(sides).size).toBe(4);
	});

	test('a shape drawn on it is copied in stored pixels, typed in at the same place, and moved as the hand moves', () => {
		const screen = { width: 800, height: 600 };
		fc.assert(
			fc.property(
				boxInImage(5000),
				fc.double({ min: 0.2, max: 8, noNaN: true }),
				fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })),
				({ size, box }, zoom, by) => {
					const stored = { ...size, orientation };
					const shape: Shape = { id: 1, kind: 'rectangle', box };
					const view = zoomAt(fitView(stored, screen), zoom, [300, 200], screen);
					// Drawn from corner to corner on the screen.
					const drawn = cornersOf(shape).map((corner) => toImage(toScreen(corner, view), view));
					drawn.forEach(([x, y], index) => {
						const [cornerX = 0, cornerY = 0] = cornersOf(shape)[index] ?? [];
						expect(x).toBeCloseTo(cornerX, 6);
						expect(y).toBeCloseTo(cornerY, 6);
					});
					// Copied and pasted again, as corners and as rows.
					// The one pixel in the corner could be meant in fractions.
					fc.pre(box.right > 1 || box.bottom > 1);
					const checked = checkShapes([shape]);
					if (!('polygons' in checked)) throw checked.error;
					const text = polygonsText(checked.polygons);
					expect(readArea(text, stored).shapes).toEqual([{ kind: 'rectangle', box }]);
					for (const unit of ['percent', 'pixels'] as const) {
						const row = rectangleRow(box, stored, { from: 'nearest', unit });
						expect(readArea(JSON.stringify([row]), stored).shapes).toEqual([
							{ kind: 'rectangle', box },
						]);
					}
					// Moved: what is seen moves by the same.
					const big = { width: 9000, height: 9000, orientation };
					const far = moveShape(shape, [2000, 2000], big);
					const moved = moveShape(far, movementToStored(by, big), big);
					const seenOf = (one: Shape) =>
						boxAround(cornersOf(one).map((corner) => toUpright(corner, big)));
					const [before, after] = [seenOf(far), seenOf(moved)];
					expect([after.left - before.left, after.top - before.top]).toEqual([...by]);
					const shown = reveal(view, [box.left, box.top], screen);
					const [x, y] = toScreen([box.left, box.top], shown);
					expect(x >= 0 && y >= 0 && x <= screen.width && y <= screen.height).toBe(true);
				},
			),
			{ numRuns: 100 },
		);
	});
});

test('the page says how an image is turned, and how its numbers count', () => {
	expect(describeTurn({ ...SIZE, orientation: 1 })).toBeUndefined();
	expect(describeTurn({ ...SIZE, orientation: 6 })).toBe(
		'This image is stored on its side (EXIF orientation 6). It is shown upright, but its numbers count it as stored, as the node does: left is the top of what you see, top is the right side.',
	);
	expect(describeTurn({ ...SIZE, orientation: 3 })).toMatch(
		/upside down.*left is the right side.*top is the bottom/,
	);
});
