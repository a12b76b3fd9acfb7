import { kindOfFile, type FileKind } from '../../../../cos/images/fileKind';
import { limitBroken, type KnownImage } from '../../../../cos/images/limits';

describe('a file that is no image to repair', () => {
	it.each<[string, FileKind]>([
		['%PDF-1.7\n', 'pdf'],
		['\n\n%PDF-1.4', 'pdf'],
		['<svg xmlns="http://www.w3.org/2000/svg">', 'svg'],
		['<?xml version="1.0"?><!-- drawn --><svg>', 'svg'],
		['\xef\xbb\xbf<!DOCTYPE html><html>', 'html'],
		['  <html lang="en">', 'html'],
		['<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>', 'xml'],
		['{"error":"not found"}', 'json'],
		['[1, 2]', 'json'],
		['PK\x03\x04\x14\0\x06\0[Content_Types].xml', 'office'],
		['PK\x03\x04\x14\0\0\0photo.jpg', 'zip'],
		['\x1f\x8b\x08', 'archive'],
		['8BPS\0\x01', 'photoshop'],
		['\0\0\x01\0\x02\0', 'icon'],
		['\0\0\0\x0cjP  \r\n\x87\n', 'jpeg2000'],
		['\xff\x0a\xfa', 'jpegXl'],
		['II*\0\x10\0\0\0CR\x02\0', 'raw'],
		['\0\0\0\x18ftypcrx \0\0\0\x01', 'raw'],
		['P6\n640 480\n255\n', 'otherImage'],
		['iVBORw0KGgoAAAANSUhEUg', 'base64'],
		['data:image/png;base64,iVBOR', 'base64'],
		['\xef\xbf\xbdPNG\r\n\x1a\n', 'brokenText'],
		['\0\0\0\x20ftypisom\0\0\x02\0', 'video'],
		['ID3\x04\0', 'audio'],
		['Hello, this is a note.\n', 'text'],
		['\x01\x02\x03\x04', 'unknown'],
		['', 'unknown'],
	])('is told by its first bytes: %j is %s', (start, kind) => {
		expect(kindOfFile(Buffer.from(start, 'latin1'))).toBe(kind);
	});
});

describe('the limits of an image', () => {
	const of = (width: number, height: number, more: KnownImage = {}): KnownImage => ({
		size: { width, height },
		...more,
	});

	it.each<[string, KnownImage]>([
		['an image that nothing is known of', {}],
		['the largest file', { bytes: 32 * 1024 * 1024 }],
		['the longest side', of(50_000, 5000)],
		['all pixels', of(15_625, 16_000)],
		['the longest side of a WebP', of(16_383, 100, { formatName: 'WebP' })],
		['the longest animation', of(100, 100, { frames: 300 })],
		['all pixels of an animation', of(10_000, 1000, { frames: 25 })],
	])('hold for %s', (_, image) => {
		expect(limitBroken(image)).toBeUndefined();
	});

	it.each<[string, KnownImage, string]>([
		['bytes', { bytes: 32 * 1024 * 1024 + 1 }, 'bytes'],
		['a side', of(50_001, 1), 'side'],
		['the other side', of(1, 50_001), 'side'],
		['a side of a WebP', of(1, 16_384, { formatName: 'WebP' }), 'side'],
		['pixels', of(15_626, 16_000), 'pixels'],
		['frames', { frames: 301 }, 'frames'],
		['pixels of an animation', of(10_000, 1000, { frames: 26 }), 'framePixels'],
	])('are broken by too many: %s', (_, image, limit) => {
		expect(limitBroken(image)).toMatchObject({ limit });
	});
});
