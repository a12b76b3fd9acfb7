import sharp from 'sharp';

import { asStored } from '../../../picker/image/orientation';

const SIZE = { width: 4, height: 2 };
const blank = () => sharp({ create: { ...SIZE, channels: 3, background: 'red' } });

describe.each(['jpeg', 'png', 'webp'] as const)('a %s', (format) => {
	const fileWith = async (orientation: number) =>
		Uint8Array.from(await blank().withMetadata({ orientation }).toFormat(format).toBuffer());

	test.each([1, 2, 3, 4, 5, 6, 7, 8])(
		'with orientation %d is shown as it is stored',
		async (stored) => {
			const { bytes, orientation } = asStored(await fileWith(stored));
			expect(orientation).toBe(stored);
			const shown = sharp(bytes, { failOn: 'warning' }).autoOrient();
			const { info } = await shown.raw().toBuffer({ resolveWithObject: true });
			expect(info).toMatchObject(SIZE);
			expect((await sharp(bytes).metadata()).orientation).toBe(1);
		},
	);

	test('without metadata is left unchanged', async () => {
		const file = Uint8Array.from(await blank().toFormat(format).toBuffer());
		expect(asStored(file.slice())).toEqual({ bytes: file, orientation: 1 });
	});

	test('that is cut off anywhere is read without an error', async () => {
		const file = await fileWith(6);
		for (let length = 0; length < file.length; length++) {
			expect([1, 6]).toContain(asStored(file.slice(0, length)).orientation);
		}
	});
});
