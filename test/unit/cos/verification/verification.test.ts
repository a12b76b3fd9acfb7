import fc from 'fast-check';

import type { Bitmap } from '../../../../cos/images/bitmap';
import { uprightSize } from '../../../../cos/images/upright';
import { markMask, markPolygons } from '../../../../cos/verification/marked';
import { shrink } from '../../../../cos/verification/shrink';
import { isTurned } from '../../../../cos/verification/turned';
import { verify } from '../../../../cos/verification/verdict';

type Color = readonly [number, number, number];

function bitmap(
	width: number,
	height: number,
	colorAt: (x: number, y: number) => readonly number[],
): Bitmap {
	const pixels = new Uint8Array(width * height * 4);
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			const [red = 0, green = 0, blue = 0, alpha = 255] = colorAt(x, y);
			pixels.set([red, green, blue, alpha], (y * width + x) * 4);
		}
	}
	return { width, height, pixels };
}

const texture = (x: number, y: number): Color => [
	(x * 2 + y) % 200,
	(y * 3) % 200,
	(x + y * 2) % 200,
];
const WIDTH = 160;
const HEIGHT = 120;
const plain = bitmap(WIDTH, HEIGHT, texture);
const size = { width: WIDTH, height: HEIGHT };
const BOX = { left: 48, top: 40, right: 80, bottom: 56 };
const isIn = (x: number, y: number, { left, top, right, bottom } = BOX) =>
	x >= left && x < right && y >= top && y < bottom;
const polygon = [
	[48, 40],
	[80, 40],
	[80, 56],
	[48, 56],
] as const;
const marked = markPolygons([polygon], { ...size, orientation: 1 }, size);
const verdictOf = (result: Bitmap, known = true) =>
	verify({ size, copy: plain }, { size, copy: result }, known ? marked : undefined);

describe('a result is', () => {
	test('repaired when the area alone has changed', () => {
		const result = bitmap(WIDTH, HEIGHT, (x, y) => (isIn(x, y) ? [120, 110, 100] : texture(x, y)));
		expect(verdictOf(result)).toEqual({
			verdict: 'repaired',
			changedInside: 100,
			changedOutside: 0,
		});
		expect(verdictOf(result, false)).toMatchObject({ verdict: 'repaired' });
	});

	test('repaired when a little beside the area has changed, as JPEG and painting over do', () => {
		const around = { left: 42, top: 34, right: 86, bottom: 62 };
		const result = bitmap(WIDTH, HEIGHT, (x, y) =>
			isIn(x, y, around) ? [120, 110, 100] : texture(x, y),
		);
		expect(verdictOf(result)).toMatchObject({ verdict: 'repaired', changedOutside: 0 });
	});

	test('unchanged when only encoding noise differs', () => {
		const result = bitmap(WIDTH, HEIGHT, (x, y) =>
			texture(x, y).map((value) => Math.min(255, value + ((x * 7 + y * 13) % 5))),
		);
		expect(verdictOf(result)).toMatchObject({ verdict: 'unchanged', changedInside: 0 });
		expect(verdictOf(result, false)).toMatchObject({ verdict: 'unchanged', changedOutside: 0 });
	});

	test('changed elsewhere when a single square far from the area has changed', () => {
		const far = { left: 8, top: 96, right: 16, bottom: 104 };
		const result = bitmap(WIDTH, HEIGHT, (x, y) =>
			isIn(x, y) || isIn(x, y, far) ? [250, 250, 250] : texture(x, y),
		);
		const found = verdictOf(result);
		expect(found.verdict).toBe('changedElsewhere');
		expect(found.changedOutside).toBeGreaterThan(0);
	});

	test('changed elsewhere when all colors are a little other ones', () => {
		const result = bitmap(WIDTH, HEIGHT, (x, y) => {
			const [red, green, blue] = texture(x, y);
			return [red + 5, green, blue];
		});
		for (const known of [true, false]) {
			expect(verdictOf(result, known)).toMatchObject({
				verdict: 'changedElsewhere',
				colorShift: 5,
			});
		}
	});

	test('resized when its size is another one, whatever the copies show', () => {
		const result = { size: { width: 80, height: 60 }, copy: plain };
		expect(verify({ size, copy: plain }, result, marked)).toMatchObject({
			verdict: 'resized',
			size,
			resultSize: result.size,
		});
	});

	test('the same when transparent pixels hide other colors', () => {
		const hidden = (color: number) =>
			bitmap(WIDTH, HEIGHT, (x, y) => (x < 40 ? [color, color, color, 0] : texture(x, y)));
		const found = verify({ size, copy: hidden(0) }, { size, copy: hidden(255) }, marked);
		expect(found).toMatchObject({ verdict: 'unchanged', changedOutside: 0 });
	});
});

test('an image is turned, in each of the seven ways, but not as it is', () => {
	const turnedBy = (orientation: number) => {
		const { width, height } = uprightSize({ ...size, orientation });
		const stored = (x: number, y: number): readonly [number, number] => {
			const [a, b] = orientation >= 5 ? [y, x] : [x, y];
			const flipsX = [2, 3, 7, 8].includes(orientation);
			const flipsY = [3, 4, 6, 7].includes(orientation);
			return [flipsX ? WIDTH - 1 - a : a, flipsY ? HEIGHT - 1 - b : b];
		};
		return bitmap(width, height, (x, y) => scene(...stored(x, y)));
	};
	const scene = (x: number, y: number): Color => [
		x + y / 3,
		(y * 200) / HEIGHT,
		x > 100 ? 200 : 20,
	];
	const before = bitmap(WIDTH, HEIGHT, scene);
	expect([2, 3, 4, 5, 6, 7, 8].filter((turn) => isTurned(before, turnedBy(turn)))).toHaveLength(7);
	expect(isTurned(before, before)).toBe(false);
	expect(isTurned(before, plain)).toBe(false);
});

describe('what an area covers of a copy', () => {
	test('is no pixel less than the shape, and at most one more on each side', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 1, max: 8 }),
				fc.integer({ min: 1, max: 8 }),
				fc.record({
					left: fc.integer({ min: 0, max: 400 }),
					top: fc.integer({ min: 0, max: 300 }),
					width: fc.integer({ min: 4, max: 200 }),
					height: fc.integer({ min: 4, max: 200 }),
				}),
				(orientation, scale, box) => {
					const stored = { width: 640, height: 520, orientation };
					const upright = uprightSize(stored);
					const copy = {
						width: Math.ceil(upright.width / scale),
						height: Math.ceil(upright.height / scale),
					};
					const right = Math.min(640, box.left + box.width);
					const bottom = Math.min(520, box.top + box.height);
					const corners = [
						[box.left, box.top],
						[right, box.top],
						[right, bottom],
						[box.left, bottom],
					] as const;
					const count = markPolygons([corners], stored, copy).filter((pixel) => pixel === 1).length;
					const [wide, high] = [(right - box.left) / scale, (bottom - box.top) / scale];
					expect(count).toBeGreaterThanOrEqual((wide - 1) * (high - 1));
					expect(count).toBeLessThanOrEqual((wide + 3) * (high + 3));
				},
			),
			{ seed: 7, numRuns: 300 },
		);
	});

	test('of a mask is the same as of its shape, however the image is turned', () => {
		const mask = bitmap(WIDTH, HEIGHT, (x, y) => (isIn(x, y) ? [255, 255, 255] : [0, 0, 0]));
		for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
			const copy = uprightSize({ ...size, orientation });
			const shape = markPolygons([polygon], { ...size, orientation }, copy);
			expect(markMask(mask, orientation, copy)).toEqual(shape);
		}
	});
});

test('a smaller copy has the means of the pixels', () => {
	const small = shrink(
		bitmap(4, 2, (x) => [x * 10, 100, 0]),
		{ width: 2, height: 1 },
	);
	expect([...small.pixels]).toEqual([5, 100, 0, 255, 25, 100, 0, 255]);
});
