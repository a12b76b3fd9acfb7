import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { noise, openRig, type Rig } from '../../dev/bench/rig';

/** Twelve images of 15 MB at a time; part (c) of `npm run bench` measures more, and larger ones. */
const ITEMS = 12;
const KEY = 'large.bmp';

let rig: Rig;
let folder: string;
let image: Buffer;
beforeAll(async () => {
	image = noise(2500, 2000);
	folder = await mkdtemp(join(tmpdir(), 'image-repair-memory-'));
	await writeFile(join(folder, KEY), image);
	rig = await openRig(0, ['node']);
	await rig.putObject(KEY, image);
});
afterAll(async () => {
	await rig.close();
	await rm(folder, { recursive: true });
});

test.each(['download', 'upload'] as const)(
	'%s: images that n8n keeps on disk are not in memory, however many there are',
	async (call) => {
		const source = call === 'upload' ? join(folder, KEY) : KEY;
		const { idleBytes, peakBytes } = await rig.run('node', {
			call,
			source,
			items: ITEMS,
			concurrency: ITEMS,
		});
		expect(peakBytes - idleBytes).toBeLessThan((ITEMS / 2) * image.length);
	},
);
