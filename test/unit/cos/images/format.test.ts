import {
	formatOfBytes,
	formatOfFileName,
	formatOfMimeType,
	withExtensionOf,
} from '../../../../cos/images/format';

function bytes(text: string): Uint8Array {
	return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

describe('the first bytes of a file', () => {
	it.each([
		['image/jpeg', '\xff\xd8\xff\xe0\0\x10JFIF'],
		['image/jpeg', '\xff\xd8\xff\xe1\0\x10Exif'],
		['image/png', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR'],
		['image/webp', 'RIFF\x10\0\0\0WEBPVP8 '],
		['image/gif', 'GIF87a\x01\0'],
		['image/gif', 'GIF89a\x01\0'],
		['image/bmp', 'BM\x36\0\0\0'],
		['image/avif', '\0\0\0\x20ftypavif\0\0'],
		['image/avif', '\0\0\0\x20ftypavis\0\0'],
		['image/heic', '\0\0\0\x20ftypheic\0\0'],
		['image/heic', '\0\0\0\x20ftypheix\0\0'],
		['image/heic', '\0\0\0\x20ftyphevc\0\0'],
		['image/heic', '\0\0\0\x20ftypheim\0\0'],
		['image/heic', '\0\0\0\x20ftypheis\0\0'],
		['image/heic', '\0\0\0\x20ftyphevx\0\0'],
		['image/heic', '\0\0\0\x20ftypmif1\0\0'],
		['image/heic', '\0\0\0\x20ftypmsf1\0\0'],
		['image/tiff', 'II*\0\x08\0\0\0'],
		['image/tiff', 'MM\0*\0\0\0\x08'],
	])('show %s', (mimeType, start) => {
		expect(formatOfBytes(bytes(start))?.mimeType).toBe(mimeType);
		expect(formatOfBytes(bytes(start.slice(0, 12)))?.mimeType).toBe(mimeType);
	});

	it.each([
		['nothing', ''],
		['one byte', '\xff'],
		['text', 'hello world, this is text'],
		['XML', '<?xml version="1.0"?><Error/>'],
		['audio in the same container as WebP', 'RIFF\x10\0\0\0WAVEfmt '],
		['video in the same container as HEIF', '\0\0\0\x20ftypisom\0\0'],
		['a truncated JPEG', '\xff\xd8'],
		['a PDF', '%PDF-1.7'],
		['a JPEG signature without its first byte', '\0\xd8\xff\xe0'],
		['a JPEG signature without its second byte', '\xff\0\xff\xe0'],
		['a JPEG signature without its third byte', '\xff\xd8\0\xe0'],
		['a PNG signature without its first byte', 'xPNG\r\n\x1a\n'],
		['only the first byte of a PNG signature', '\x89XYZ\r\n\x1a\n'],
		['WebP in another container', 'RIFX\x10\0\0\0WEBPVP8 '],
		['AVIF outside its box', '\0\0\0\x20freeavif\0\0'],
		['HEIF outside its box', '\0\0\0\x20freeheic\0\0'],
	])('do not make an image of %s', (_, start) => {
		expect(formatOfBytes(bytes(start))).toBeUndefined();
	});
});

describe('a MIME type', () => {
	it.each([
		['image/png', 'image/png'],
		['IMAGE/JPEG', 'image/jpeg'],
		[' image/webp ; charset=binary', 'image/webp'],
		['application/octet-stream', undefined],
		['image/svg+xml', undefined],
		['', undefined],
	])('%j is the format %j', (mimeType, format) => {
		expect(formatOfMimeType(mimeType)?.mimeType).toBe(format);
	});
});

describe('a file name', () => {
	it.each([
		['a.jpg', 'image/jpeg'],
		['a.JPEG', 'image/jpeg'],
		['a.b.png', 'image/png'],
		['photos.png/a.gif', 'image/gif'],
		['a.heif', 'image/heic'],
		['DSC00001.HIF', 'image/heic'],
		['a.heics', 'image/heic'],
		['a.heifs', 'image/heic'],
		['a.jfif', 'image/jpeg'],
		['a.JPE', 'image/jpeg'],
		['a.DIB', 'image/bmp'],
		['a.tif', 'image/tiff'],
		['a.dib', 'image/bmp'],
		['.webp', 'image/webp'],
		['a.avif', 'image/avif'],
		// Of neither a page says that it can be repaired.
		['a.avci', undefined],
		['a.apng', undefined],
		['a.pdf', undefined],
		['jpg', undefined],
		['a.', undefined],
		['a.png/b', undefined],
		['', undefined],
	])('%j stands for %j', (fileName, mimeType) => {
		expect(formatOfFileName(fileName)?.mimeType).toBe(mimeType);
	});

	it.each([
		['logo.png', 'image/jpeg', 'logo.jpg'],
		['logo.jpeg', 'image/jpeg', 'logo.jpeg'],
		['logo.JPG', 'image/jpeg', 'logo.JPG'],
		['logo', 'image/png', 'logo.png'],
		['logo.v2', 'image/png', 'logo.v2.png'],
		['logo.final.png', 'image/webp', 'logo.final.webp'],
		['logo.heic', 'image/jpeg', 'logo.jpg'],
		['DSC00001.HIF', 'image/heic', 'DSC00001.HIF'],
		['DSC00001.HIF', 'image/jpeg', 'DSC00001.jpg'],
		['图标.gif', 'image/png', '图标.png'],
		['', 'image/bmp', '.bmp'],
	])('%j with the format %s becomes %j', (fileName, mimeType, corrected) => {
		const format = formatOfMimeType(mimeType);
		expect(format && withExtensionOf(fileName, format)).toBe(corrected);
	});

	it('gets a neutral extension for a format without one', () => {
		expect(withExtensionOf('a', { name: 'Other', mimeType: 'image/x-new', extensions: [] })).toBe(
			'a.img',
		);
	});
});
