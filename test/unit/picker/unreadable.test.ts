import { UnreadableImage } from '../../../picker/image/unreadable';
import { specimens, type Specimen } from '../../corpus/corpus';

/** What the page says of a file that the browser cannot show. */
const said = (bytes: Uint8Array) => new UnreadableImage(bytes, 'photo.heic').message;

async function ordinary(...families: ReadonlyArray<Specimen['family']>): Promise<Specimen[]> {
	const all = await specimens();
	const found = all.filter(({ family, kind }) => kind === 'ordinary' && families.includes(family));
	expect(found.length).toBeGreaterThan(4);
	return found;
}

test.each([
	['HEIF', 'HEIC'],
	['TIFF', 'TIFF'],
] as const)(
	'%s is told to be what the browser does not show, and what to do',
	async (family, called) => {
		const start = `photo.heic is a ${called} image, which this browser does not show; Safari does. Save a copy as JPG at the same size`;
		for (const { name, bytes } of await ordinary(family)) {
			expect([name, said(bytes).startsWith(start)]).toEqual([name, true]);
		}
	},
);

test('of what every browser shows, the file is at fault', async () => {
	for (const { name, family, bytes } of await ordinary(
		'JPG',
		'PNG',
		'WebP',
		'GIF',
		'BMP',
		'AVIF',
	)) {
		const start = `This browser cannot show photo.heic: the ${family} file is damaged or cut short`;
		expect([name, said(bytes).startsWith(start)]).toEqual([name, true]);
	}
});

test.each(['', 'not an image', '<svg xmlns="http://www.w3.org/2000/svg"/>'])(
	'what is no image by its first bytes is not told to be one: %p',
	(text) => {
		expect(said(Buffer.from(text))).toMatch(/^This browser cannot show photo\.heic\. Use a JPG/);
	},
);
