import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

import sharp from 'sharp';

import { DetectionThread } from '../../../dev/sandbox/detect/detectionThread';
import { LOGO, logoPng, marked, photo } from './drawings';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sandbox-logos-'));
let logos: DetectionThread;
beforeAll(async () => {
	fs.writeFileSync(path.join(folder, 'Example Shop.png'), await logoPng());
	fs.writeFileSync(path.join(folder, 'notes.txt'), 'not an image');
	logos = new DetectionThread(folder);
});
afterAll(async () => {
	await logos.close();
	fs.rmSync(folder, { recursive: true, force: true });
});

/** A photo with the logo in this size, seen through so much. */
async function withLogo(left: number, top: number, width: number, opacity = 1): Promise<Buffer> {
	const content = `<g opacity="${opacity}">${LOGO}</g>`;
	const input = await sharp(await logoPng(content))
		.resize(width)
		.png()
		.toBuffer();
	return await sharp(await photo())
		.composite([{ input, left, top }])
		.jpeg({ quality: 90 })
		.toBuffer();
}

it.each([
	['in its own size', 600, 300, 160, 1],
	['small', 80, 420, 72, 1],
	['large and half-transparent', 300, 60, 288, 0.6],
])('finds a logo %s, to a few pixels', async (_, left, top, width, opacity) => {
	const found = await logos.findLogos(await withLogo(left, top, width, opacity), 'jpeg');
	expect(found.map(({ name }) => name)).toEqual(['Example Shop']);
	expect(found[0]?.score).toBeGreaterThan(75);
	expect(found[0]?.score).toBeLessThanOrEqual(100);
	const right = [
		[left, top],
		[left + width, top],
		[left + width, top + width / 2],
		[left, top + width / 2],
	];
	for (const [index, [x, y]] of (found[0]?.corners ?? []).entries()) {
		const [rightX = NaN, rightY = NaN] = right[index] ?? [];
		expect(Math.hypot(x - rightX, y - rightY)).toBeLessThan(width / 20);
	}
});

it('finds no logo where there is another one, or none', async () => {
	expect(await logos.findLogos(await photo(), 'png')).toEqual([]);
	const text = { text: 'Example Shop', x: 200, y: 300, size: 60 };
	expect(await logos.findLogos(await marked(await photo(), text), 'png')).toEqual([]);
});

it('does not start for a folder that is not there', () => {
	expect(() => new DetectionThread(path.join(folder, 'none'))).toThrow('ENOENT');
});
