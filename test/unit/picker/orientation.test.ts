import sharp from 'sharp';

import { readOrientation } from '../../../picker/picture/orientation';

const blank = () => sharp({ create: { width: 4, height: 2, channels: 3, background: 'red' } });

describe.each(['jpeg', 'png', 'webp'] as const)('a %s', (format) => {
	test.each([1, 2, 3, 4, 5, 6, 7, 8])('tells its orientation %d', async (orientation) => {
		const file = await blank().withMetadata({ orientation }).toFormat(format).toBuffer();
		expect(readOrientation(file)).toBe(orientation);
	});

	test('without camera data is as it is stored', async () => {
		expect(readOrientation(await blank().toFormat(format).toBuffer())).toBe(1);
	});

	test('that breaks off anywhere is read without a complaint', async () => {
		const file = await blank().withMetadata({ orientation: 6 }).toFormat(format).toBuffer();
		for (let length = 0; length < file.length; length++) {
			expect([1, 6]).toContain(readOrientation(file.subarray(0, length)));
		}
	});
});
