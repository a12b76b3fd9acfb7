import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';

import { collect, type Specimen } from '../specimen';
import { bytes, hex, le16, le32, repeated, u16, u32, zeros, type Part } from '../writers/bytes';
import { box, ftyp } from '../writers/isobmff';
import { png } from '../writers/png';
import { directory, head, long, short, TAG } from '../writers/tiff';
import { picture } from './picture';

/** An archive of one compressed file (APPNOTE of PKWARE). */
function zip(name: string, text: string): Uint8Array {
	const data = deflateRawSync(text);
	const about: Part = [
		le16(20),
		le16(0),
		le16(8),
		le32(0),
		le32(0),
		le32(data.length),
		le32(text.length),
	];
	const local = bytes('PK', 3, 4, about, le16(name.length), le16(0), name, data);
	const central = bytes('PK', 1, 2, le16(20), about, le16(name.length), zeros(12), le32(0), name);
	const end = [zeros(4), le16(1), le16(1), le32(central.length), le32(local.length), le16(0)];
	return bytes(local, central, 'PK', 5, 6, end);
}

/** Files that are no images, or of formats that Image Repair has no part in. */
export async function otherSpecimens(): Promise<Specimen[]> {
	const { specimens, ordinary, odd, hostile } = collect('other');
	const jpg = new Uint8Array(await picture(9, 5).jpeg().toBuffer());
	const small = png({ width: 9, height: 5 });
	const none = { size: null };

	ordinary.hand('empty file', [], none);
	ordinary.hand('one byte', [0xff], none);
	ordinary.hand('two bytes of a JPEG', [0xff, 0xd8], none);
	ordinary.hand('plain text', 'Once upon a time\n'.repeat(10), none);
	ordinary.hand('zeros', zeros(1000), none);
	ordinary.hand(
		'PDF',
		['%PDF-1.7\n', '1 0 obj << /Type /Catalog >> endobj\n', 'trailer << /Root 1 0 R >>\n%%EOF\n'],
		none,
	);
	ordinary.hand(
		'HTML',
		'<!DOCTYPE html><html><body><img src="a.png" width="10" height="20"></body></html>',
		none,
	);
	ordinary.hand('XML', '<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>', none);
	ordinary.hand('JSON', '{"format": "png", "width": 10, "height": 20}', none);
	ordinary.hand('gzip', gzipSync('text'), none);
	ordinary.hand('ZIP', zip('photo.jpg', 'not a photo'), none);
	ordinary.hand('DOCX', zip('[Content_Types].xml', '<Types/>'), none);
	ordinary.hand('EPS', '%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 50\nshowpage\n', none);
	ordinary.hand(
		'EPS with a preview',
		[hex('c5d0d3c6'), le32(32), le32(20), zeros(20), '%!PS-Adobe-3.0\nshow\n'],
		none,
	);
	ordinary.hand('MP4', [ftyp('isom', 'isom', 'iso2', 'mp41'), box('mdat', zeros(20))], none);
	ordinary.hand('MOV', [ftyp('qt  ', 'qt  '), box('wide'), box('mdat', zeros(20))], none);
	ordinary.hand('MOV without a file type', [box('wide'), box('mdat', zeros(20))], none);
	ordinary.hand('3GP', [ftyp('3gp5', '3gp5', 'isom'), box('mdat', zeros(20))], none);
	ordinary.hand('MP3', ['ID3', 3, 0, 0, u32(0), zeros(30)], none);
	ordinary.hand('WAV', ['RIFF', le32(36), 'WAVEfmt ', zeros(28)], none);
	ordinary.hand('AVI', ['RIFF', le32(36), 'AVI LIST', zeros(28)], none);

	// Images, but of no format of Image Repair. sharp reads some of them.
	ordinary.hand(
		'SVG',
		'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="20"><rect width="5" height="5"/></svg>',
		none,
	);
	ordinary.hand(
		'PSD',
		['8BPS', u16(1), zeros(6), u16(3), u32(20), u32(10), u16(8), u16(3), zeros(14)],
		none,
	);
	ordinary.hand(
		'ICO with a PNG',
		[
			le16(0),
			le16(1),
			le16(1),
			[9, 5, 0, 0],
			le16(1),
			le16(32),
			le32(small.length),
			le32(22),
			small,
		],
		none,
	);
	ordinary.hand(
		'CUR',
		[le16(0), le16(2), le16(1), [9, 5, 0, 0], zeros(4), le32(small.length), le32(22), small],
		none,
	);
	const sides = box('ihdr', u32(20), u32(10), u16(3), 7, 7, 0, 0);
	ordinary.hand(
		'JPEG 2000',
		[box('jP  ', hex('0d0a870a')), ftyp('jp2 ', 'jp2 '), box('jp2h', sides)],
		none,
	);
	ordinary.hand(
		'JPEG 2000, code stream only',
		[hex('ff4fff51 002f0000'), u32(10), u32(20), zeros(40)],
		none,
	);
	ordinary.hand(
		'JPEG XL',
		[box('JXL ', hex('0d0a870a')), ftyp('jxl ', 'jxl '), box('jxlc', hex('ff0a'), zeros(20))],
		none,
	);
	ordinary.hand('JPEG XL, code stream only', [hex('ff0a'), zeros(20)], none);
	ordinary.hand('JPEG XR', [hex('4949bc01'), le32(8), zeros(20)], none);
	ordinary.hand('PPM', 'P6 2 1 255\nabcdef', none);
	ordinary.hand('TGA', [0, 0, 2, zeros(9), le16(2), le16(1), 24, 0, zeros(6)], none);
	ordinary.hand('PCX', [10, 5, 1, 8, le16(0), le16(0), le16(9), le16(4), zeros(116)], none);
	ordinary.hand('DDS', ['DDS ', le32(124), le32(0x1007), le32(10), le32(20), zeros(108)], none);
	ordinary.hand('OpenEXR', [hex('762f3101'), le32(2), 'channels\0', zeros(20)], none);
	ordinary.hand('Radiance', '#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 10 +X 20\n', none);
	ordinary.hand(
		'MNG',
		[hex('8a4d4e470d0a1a0a'), u32(28), 'MHDR', u32(20), u32(10), zeros(24)],
		none,
	);
	ordinary.hand(
		'JNG',
		[hex('8b4a4e470d0a1a0a'), u32(16), 'JHDR', u32(20), u32(10), zeros(12)],
		none,
	);
	ordinary.hand('FLIF', ['FLIF', '31', zeros(20)], none);
	ordinary.hand('WMF', [hex('d7cdc69a'), zeros(40)], none);
	ordinary.hand(
		'raw photo of Canon, CR3',
		[ftyp('crx ', 'crx ', 'isom'), box('moov', zeros(20))],
		none,
	);
	ordinary.hand('raw photo of Fujifilm, RAF', ['FUJIFILMCCD-RAW 0201', zeros(80), jpg], none);
	ordinary.hand(
		'raw photo of Olympus, ORF',
		[
			'IIRO',
			le32(8),
			directory({ order: 'II' }, 8, [long(TAG.width, 20), long(TAG.height, 10)], 0),
		],
		none,
	);
	ordinary.hand(
		'raw photo of Panasonic, RW2',
		[
			'IIU',
			0,
			le32(8),
			directory({ order: 'II' }, 8, [short(TAG.width, 20), short(TAG.height, 10)], 0),
		],
		none,
	);
	// Canon's raw photos begin as a TIFF does; the two letters behind that tell them apart.
	const canon = bytes(
		head({ order: 'II' }, 16),
		'CR',
		2,
		0,
		le32(0),
		directory({ order: 'II' }, 16, [short(TAG.width, 20), short(TAG.height, 10)], 0),
	);
	odd.hand('raw photo of Canon, CR2', canon, { format: undefined });

	// Names that begin like an image.
	odd.hand(
		'text that begins with BM',
		'BMW is a maker of cars. Its cars are made in Bavaria and elsewhere.\n',
		{ format: undefined, size: null },
	);
	odd.hand('text that begins with GIF8', 'GIF8 is what the first four letters of a GIF are.\n', {
		format: undefined,
		size: null,
	});
	odd.hand('text that begins with II', 'II. The second chapter, in which much happens.\n', none);
	odd.hand('text that begins with RIFF', 'RIFF, they said, is not RAFF. And so on.\n', none);
	odd.hand('PNG with line ends changed', bytes(small.slice(0, 4), '\n', small.slice(6)), none);
	odd.hand('PNG in Base64', Buffer.from(small).toString('base64'), none);
	odd.hand(
		'PNG in a data URL',
		`data:image/png;base64,${Buffer.from(small).toString('base64')}`,
		none,
	);
	odd.hand('PNG behind a byte order mark', [hex('efbbbf'), small], none);
	odd.hand('JPEG behind a line end', ['\r\n', jpg], none);
	odd.hand(
		'JPEG read as text and written as UTF-8',
		Buffer.from(Buffer.from(jpg).toString('utf8'), 'utf8'),
		none,
	);
	odd.hand(
		'JPEG behind the head of a multipart form',
		['--boundary\r\nContent-Type: image/jpeg\r\n\r\n', jpg, '\r\n--boundary--'],
		none,
	);
	odd.hand('PNG within a ZIP, not compressed', ['PK', 3, 4, zeros(26), small], none);
	odd.hand('zlib data', deflateSync(zeros(100)), none);
	odd.hand('file type box cut', u32(24), none);
	odd.hand('file type of an unknown brand', ftyp('wHat', 'wHat'), none);

	const megabyte = 1024 * 1024;
	hostile('1 MB of zeros', zeros(megabyte), none);
	hostile('1 MB of FF', repeated(0xff, megabyte), none);
	hostile('1 MB of groups in an SVG', ['<svg>', repeated('<g>', megabyte)], none);
	hostile('1 MB of file types of an unknown brand', repeated(ftyp('wHat'), megabyte), none);
	hostile('1 MB of compatible brands of a film', ftyp('isom', 'mp42'.repeat(megabyte / 4)), none);
	return specimens;
}
