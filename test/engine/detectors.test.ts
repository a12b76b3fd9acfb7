import sharp from 'sharp';

import { COORDINATES } from '../../cos/areas/shapes';
import { DETECTORS, inUnit } from '../unit/cos/areas/detectors';
import { byKey, openScene, type Scene } from './bucketAndEngine';

/** What all detectors have found, in pixels. */
const BOX = { left: 140, top: 84, right: 420, bottom: 210 };

let scene: Scene;

beforeAll(async () => {
	// Its results are tiny, and depend on the pixels of the area.
	scene = await openScene({}, { quick: true });
});
afterAll(async () => {
	await scene.close();
});

test.each([
	['landscape', { width: 1600, height: 700 }],
	['portrait', { width: 700, height: 1600 }],
])(
	'boxes of all detectors, whatever they count in, are repairs of the same pixels of a %s',
	async (orientation, size) => {
		const key = `${orientation}.png`;
		const noise = { type: 'gaussian', mean: 120, sigma: 40 } as const;
		const original = await sharp({ create: { ...size, channels: 3, background: '#777', noise } })
			.png()
			.toBuffer();
		await scene.sandbox.putObject(key, original, 'image/png');
		const before = (await scene.sandbox.ledger()).calls.flatMap((call) => call.asked).length;
		const items = DETECTORS.flatMap(({ counts, give, reading }) =>
			COORDINATES.flatMap((coordinates) => {
				const unit = coordinates === 'auto' ? counts : coordinates;
				if (unit === undefined) return [];
				const polygons = JSON.stringify(give(inUnit(BOX, unit, size)));
				return [{ json: { polygons, coordinates, origin: reading?.origin ?? 'auto' } }];
			}),
		);
		const result = await scene.run(
			{
				operation: 'download',
				objectKey: byKey(key),
				area: 'polygons',
				polygons: '={{ $json.polygons }}',
				coordinates: '={{ $json.coordinates }}',
				origin: '={{ $json.origin }}',
			},
			items,
		);
		expect(result.error).toBeUndefined();
		expect(items.length).toBeGreaterThan(100);
		const { left, top, right, bottom } = BOX;
		const corners = [
			[left, top],
			[right, top],
			[right, bottom],
			[left, bottom],
		];
		const asked = (await scene.sandbox.ledger()).calls.flatMap((call) => call.asked);
		const areas = asked.slice(before).map(({ area }) => area);
		expect(new Set(areas)).toEqual(new Set([`polygons ${JSON.stringify([corners])}`]));
		const images = await Promise.all(
			items.map(async (_, index) => (await scene.readOutput(result, index)).toString('base64')),
		);
		expect(new Set(images).size).toBe(1);
	},
);
