/** An image format by its MIME type and the file extensions in use for it, the usual one first. */
export interface ImageFormat {
	/** As people call it. */
	readonly name: string;
	readonly mimeType: string;
	readonly extensions: readonly string[];
}

type Signature = (
	byteAt: (index: number) => number | undefined,
	text: (from: number, to: number) => string,
) => boolean;

const HEIF_BRANDS = [
	'heic',
	'heix',
	'heim',
	'heis',
	'hevc',
	'hevx',
	'hevm',
	'hevs',
	'mif1',
	'msf1',
];

const AVIF_BRANDS = ['avif', 'avis'];
/** Brands that say nothing of how the image is coded: those that it is compatible with do. */
const GENERAL_BRANDS = ['mif1', 'msf1'];
/** Where the compatible brands begin in a file type box, and how many are looked at. */
const COMPATIBLE_AT = 16;
const MOST_COMPATIBLE = 12;

/** The brands that say how an image is coded, as far as the bytes go. */
function brandsOf(text: (from: number, to: number) => string): string[] {
	const major = text(8, 12);
	if (!GENERAL_BRANDS.includes(major)) return [major];
	return Array.from({ length: MOST_COMPATIBLE }, (_, index) => {
		const at = COMPATIBLE_AT + index * 4;
		return text(at, at + 4);
	});
}

/** TIFF 6.0 and BigTIFF, in either byte order. Canon's raw files begin so too, with `CR` behind it. */
const TIFF_STARTS = ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'];

/** The formats of "Usage Limits", and how their files begin. */
const FORMATS: ReadonlyArray<ImageFormat & { begins: Signature }> = [
	{
		name: 'JPG',
		mimeType: 'image/jpeg',
		extensions: ['jpg', 'jpeg', 'jpe', 'jfif'],
		begins: (at) => at(0) === 0xff && at(1) === 0xd8 && at(2) === 0xff,
	},
	{
		name: 'PNG',
		mimeType: 'image/png',
		extensions: ['png'],
		begins: (_, text) => text(0, 8) === '\x89PNG\r\n\x1a\n',
	},
	{
		name: 'WebP',
		mimeType: 'image/webp',
		extensions: ['webp'],
		begins: (_, text) => text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP',
	},
	{
		name: 'GIF',
		mimeType: 'image/gif',
		extensions: ['gif'],
		begins: (_, text) => text(0, 6) === 'GIF87a' || text(0, 6) === 'GIF89a',
	},
	{
		name: 'BMP',
		mimeType: 'image/bmp',
		extensions: ['bmp', 'dib'],
		// What is text, and no image, has a header of some hundred million bytes.
		begins: (at, text) => text(0, 2) === 'BM' && [16, 17].every((index) => !at(index)),
	},
	{
		name: 'AVIF',
		mimeType: 'image/avif',
		extensions: ['avif'],
		begins: (_, text) =>
			text(4, 8) === 'ftyp' && brandsOf(text).some((brand) => AVIF_BRANDS.includes(brand)),
	},
	{
		name: 'HEIF',
		mimeType: 'image/heic',
		// Cameras of Sony and Canon write `.hif`, and ISO 23008-12 has further ones for sequences.
		extensions: ['heic', 'heif', 'hif', 'heics', 'heifs'],
		begins: (_, text) => text(4, 8) === 'ftyp' && HEIF_BRANDS.includes(text(8, 12)),
	},
	{
		name: 'TIFF',
		mimeType: 'image/tiff',
		extensions: ['tif', 'tiff'],
		begins: (_, text) => TIFF_STARTS.includes(text(0, 4)) && text(8, 10) !== 'CR',
	},
];

/** What Image Repair can read ("Usage Limits"); of AVIF and TIFF no page says so. */
export const REPAIRABLE_FORMATS: readonly ImageFormat[] = FORMATS.filter(
	({ name }) => name !== 'AVIF' && name !== 'TIFF',
);

/** Bytes by which a format is told; most need 12. */
export const FORMAT_BYTES = 64;

/** The format of a file, by its first bytes. */
export function formatOfBytes(bytes: Uint8Array): ImageFormat | undefined {
	const text = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
	return FORMATS.find(({ begins }) => begins((index) => bytes[index], text));
}

/** The format of a MIME type (parameters such as `; charset=…` are ignored). */
export function formatOfMimeType(mimeType: string): ImageFormat | undefined {
	const bare = mimeType.replace(/;.*/s, '').trim().toLowerCase();
	return FORMATS.find((format) => format.mimeType === bare);
}

/** The format of a file, by the extension of its name. */
export function formatOfFileName(fileName: string): ImageFormat | undefined {
	const extension = /(?<=\.)[^./]+$/.exec(fileName.toLowerCase())?.[0];
	return FORMATS.find(({ extensions }) => extensions.some((one) => one === extension));
}

/** The file name with the extension its format has: `logo.png` that is a JPEG becomes `logo.jpg`. */
export function withExtensionOf(fileName: string, format: ImageFormat): string {
	if (formatOfFileName(fileName)?.mimeType === format.mimeType) return fileName;
	const [extension = 'img'] = format.extensions;
	const stem = formatOfFileName(fileName) ? fileName.replace(/\.[^.]+$/, '') : fileName;
	return `${stem}.${extension}`;
}
