import fc from 'fast-check';

import { growArea } from '../../../../cos/areas/growth';
import type { ImageSize, Point } from '../../../../cos/areas/points';
import { copyForDetector } from '../../../../cos/detections/copy';
import { detectedAreas } from '../../../../cos/detections/detectedArea';
import { checkWanted, selectDetections } from '../../../../cos/detections/search';
import { parseTexts, type Detection } from '../../../../cos/responses/detections';
import { pixelsOf } from '../areas/pixels';

/** A line of text in an image, as a detector that makes no mistake gives it. */
interface Line {
	readonly text: string;
	readonly confidence: number;
	readonly corners: readonly Point[];
}

interface Scene {
	readonly size: ImageSize;
	readonly lines: readonly Line[];
	/** Of the longer side of what the detector sees; as large as the image where it is small enough. */
	readonly bytes: number;
}

const MARK = 'shop-a.com';
const SIZES: readonly ImageSize[] = [
	{ width: 160, height: 120 },
	{ width: 240, height: 320 },
];
const OTHERS = ['EXIT', 'shop-b.com', 'Café', '2026'];
/** What detectors make of the mark. */
const READINGS = [MARK, 'SHOP-A.COM', 'sh0p-a.c0m', 'www. shop-a.com', '5HOP-A.COM'];

const line = ({ width, height }: ImageSize, texts: readonly string[]): fc.Arbitrary<Line> =>
	fc
		.record({
			text: fc.constantFrom(...texts),
			confidence: fc.integer({ min: 60, max: 100 }),
			x: fc.integer({ min: 10, max: width - 10 }),
			y: fc.integer({ min: 10, max: height - 10 }),
			long: fc.integer({ min: 20, max: 60 }),
			high: fc.integer({ min: 6, max: 16 }),
			angle: fc.constantFrom(0, 15, 90, -30),
		})
		.map(({ text, confidence, x, y, long, high, angle }) => {
			const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
			const corner = (dx: number, dy: number): Point => [
				x + (dx * long * cos - dy * high * sin) / 2,
				y + (dx * long * sin + dy * high * cos) / 2,
			];
			return {
				text,
				confidence,
				corners: [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)],
			};
		});

const scene: fc.Arbitrary<Scene> = fc
	.tuple(fc.constantFrom(...SIZES), fc.constantFrom(0, 1, 2), fc.constantFrom(1000, 6_000_000))
	.chain(([size, marks, bytes]) =>
		fc
			.tuple(
				fc.array(line(size, READINGS), { minLength: marks, maxLength: marks }),
				fc.array(line(size, OTHERS), { maxLength: 2 }),
			)
			.map(([own, others]) => ({ size, bytes, lines: [...others, ...own] })),
	);

function xmlOf(lines: readonly Line[], [sx, sy]: Point): string {
	const shown = lines.map(({ text, confidence, corners }) => {
		const polygon = corners.map(([x, y]) => `<Polygon><X>${x / sx}</X><Y>${y / sy}</Y></Polygon>`);
		return `<TextDetections><DetectedText>${text}</DetectedText><Confidence>${confidence}</Confidence>${polygon.join('')}</TextDetections>`;
	});
	return `<Response><RequestId>a</RequestId>${shown.join('')}</Response>`;
}

/** Pixels whose centre is inside of a convex outline that runs clockwise. */
function inside(corners: readonly Point[], { width, height }: ImageSize): string[] {
	const isInside = (x: number, y: number) =>
		corners.every(([x1, y1], index) => {
			const [x2, y2] = corners[(index + 1) % corners.length] ?? [x1, y1];
			return (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1) >= 0;
		});
	const pixels: string[] = [];
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) if (isInside(x + 0.5, y + 0.5)) pixels.push(`${x},${y}`);
	}
	return pixels;
}

test('of 120 images, each mark is covered, nothing far from one is, and those without a mark have no area', () => {
	const seen = { marked: 0, unmarked: 0, pixels: 0 };
	fc.assert(
		fc.property(scene, ({ size, bytes, lines }) => {
			const scale = copyForDetector({ formatName: 'JPG', bytes, size })?.scale ?? [1, 1];
			const found = parseTexts(xmlOf(lines, scale)).map((one): Detection => ({
				...one,
				corners: one.corners.map(([x, y]): Point => [x * scale[0], y * scale[1]]),
			}));
			const wanted = checkWanted({ filter: 'contains', labels: [MARK], exact: false }, 'texts');
			const search = { wanted, minConfidence: 60, region: { kind: 'image' } as const };
			const areas = detectedAreas(selectDetections(found, search, size), size);
			const marks = lines.filter(({ text }) => READINGS.includes(text));
			expect(areas.map(({ label }) => label)).toEqual(marks.map(({ text }) => text));
			seen[marks.length > 0 ? 'marked' : 'unmarked']++;
			if (marks.length === 0) return;
			const margin = Math.max(1, Math.ceil(Math.min(size.width, size.height) / 100));
			const grown = growArea(
				areas.map(({ polygon }) => polygon),
				{ amount: 1, unit: 'percent' },
				size,
			);
			const covered = new Set(
				grown.flatMap((polygon) => [...pixelsOf(polygon, size.width, size.height)]),
			);
			const marked = marks.flatMap(({ corners }) => inside(corners, size));
			expect(marked.filter((pixel) => !covered.has(pixel))).toEqual([]);
			const near = new Set(
				marked.flatMap((pixel) => {
					const [x = 0, y = 0] = pixel.split(',').map(Number);
					const reach = margin + 2;
					const around: string[] = [];
					for (let dx = -reach; dx <= reach; dx++) {
						for (let dy = -reach; dy <= reach; dy++) around.push(`${x + dx},${y + dy}`);
					}
					return around;
				}),
			);
			expect([...covered].filter((pixel) => !near.has(pixel))).toEqual([]);
			seen.pixels += marked.length;
		}),
		{ numRuns: 120, seed: 20261127 },
	);
	expect(seen.unmarked).toBeGreaterThan(25);
	expect(seen.marked).toBeGreaterThan(60);
	expect(seen.pixels).toBeGreaterThan(10_000);
});
