import { collect, type Specimen } from '../specimen';
import {
	bytes,
	indexOf,
	le16,
	le32,
	patched,
	u16,
	u32,
	u64,
	zeros,
	type Part,
} from '../writers/bytes';
import { bmp } from '../writers/bmp';
import { frame, screen, TRAILER } from '../writers/gif';
import { EOI, MARKER, resized, segment, SOI, takeApart } from '../writers/jpeg';
import { chunk, IEND, IHDR, png, SIGNATURE } from '../writers/png';
import {
	directory,
	greyImage,
	head,
	headSize,
	long,
	short,
	TAG,
	TYPE,
	type Field,
	type Layout,
} from '../writers/tiff';
import { anim, anmf, chunk as riffChunk, FLAG, takeChunk, vp8x, webp } from '../writers/webp';
import { picture } from './picture';

/** Sides that Image Repair does not take, and the largest that it does. */
const SIDES: ReadonlyArray<readonly [width: number, height: number]> = [
	[50_000, 50_000],
	[50_001, 10],
	[10, 50_001],
	[65_535, 65_535],
	[0x7fffffff, 1],
	[0x80000000, 0x80000000],
	[0xffffffff, 0xffffffff],
];
const LARGEST = 50_000;

const sizeOf = (width: number, height: number) =>
	width <= LARGEST && height <= LARGEST ? { width, height } : null;

async function jpgLies(): Promise<Specimen[]> {
	const { specimens, hostile } = collect('JPG');
	const plain = new Uint8Array(await picture(40, 24).jpeg().toBuffer());
	const { before, frame: header, rest } = takeApart(plain);
	const size = { width: 40, height: 24 };
	for (const [width, height] of SIDES.slice(0, 4)) {
		hostile(
			`JPEG, sides of ${width}×${height}`,
			bytes(SOI, before, resized(header, width, height), rest, EOI),
			{
				size: sizeOf(width, height),
			},
		);
	}
	for (const length of [0xffff, 0x7fff, 10_000]) {
		hostile(
			`JPEG, segment of ${length} bytes in a small file`,
			bytes(SOI, segment(MARKER.COM, 'short', length), before, header, rest, EOI),
			{
				size: null,
				isCut: true,
			},
		);
	}
	hostile(
		'JPEG, frame header of length 2',
		bytes(SOI, before, 0xff, MARKER.SOF0, u16(2), rest, EOI),
		{ size: null },
	);
	hostile(
		'JPEG, frame header of length 7',
		bytes(SOI, before, segment(MARKER.SOF0, header.slice(4, 9)), rest, EOI),
		{},
	);
	hostile(
		'JPEG, frame header in a comment that is not closed',
		bytes(SOI, segment(MARKER.COM, header, 0xfff0)),
		{
			size: null,
			isCut: true,
		},
	);
	hostile(
		'JPEG, two frame headers',
		bytes(SOI, before, header, resized(header, 7, 7), rest, EOI),
		{},
	);
	const exif = (data: Part) =>
		bytes(SOI, segment(MARKER.APP1, ['Exif\0\0', data]), before, header, rest, EOI);
	const layout: Layout = { order: 'MM' };
	const orientation = short(TAG.orientation, 6);
	const start = headSize(layout);
	hostile(
		'JPEG, EXIF directory that points to itself',
		exif([head(layout, start), directory(layout, start, [orientation], start)]),
		{
			size,
			orientation: 6,
			isCut: false,
		},
	);
	hostile(
		'JPEG, EXIF directory that is its own part',
		exif([head(layout, start), directory(layout, start, [orientation, long(TAG.exif, start)], 0)]),
		{
			size,
			orientation: 6,
			isCut: false,
		},
	);
	hostile('JPEG, EXIF directory at 0', exif([head(layout, 0), zeros(20)]), { size, isCut: false });
	hostile(
		'JPEG, EXIF directory that says it has 65,535 fields',
		exif([head(layout, start), u16(0xffff), zeros(20)]),
		{ size, isCut: false },
	);
	hostile(
		'JPEG, EXIF orientation of 4 billion values',
		exif([
			head(layout, start),
			directory(layout, start, [{ ...orientation, count: 0xffffffff }], 0),
		]),
		{
			size,
			isCut: false,
		},
	);
	const fields = Array.from({ length: 5000 }, (_, index) => short(10_000 + index, 1));
	hostile(
		'JPEG, EXIF of 5,000 fields',
		exif([head(layout, start), directory(layout, start, fields, 0)]),
		{ size, isCut: false },
	);
	return specimens;
}

function pngLies(): Specimen[] {
	const { specimens, hostile } = collect('PNG');
	const header = { width: 37, height: 21 };
	for (const [width, height] of SIDES) {
		const file = bytes(SIGNATURE, IHDR({ width, height }), chunk('IDAT', zeros(20)), IEND);
		hostile(`PNG, sides of ${width}×${height}`, file, { size: sizeOf(width, height) });
	}
	const plain = png(header);
	for (const length of [0x7fffffff, 0x80000000, 0xffffffff, 10_000]) {
		hostile(`PNG, chunk of ${length} bytes in a small file`, patched(plain, 33, u32(length)), {
			isCut: true,
		});
		hostile(`PNG, first chunk of ${length} bytes`, patched(plain, 8, u32(length)), { size: null });
	}
	hostile('PNG, pixels of length 0', bytes(SIGNATURE, IHDR(header), chunk('IDAT'), IEND), {
		size: header,
	});
	hostile(
		'PNG, animation of 4 billion frames',
		png(header, chunk('acTL', u32(0xffffffff), u32(0))),
		{ size: header },
	);
	hostile('PNG, animation of 0 frames', png(header, chunk('acTL', u32(0), u32(0))), {
		size: header,
	});
	hostile('PNG, animation without data', png(header, chunk('acTL')), { size: header });
	hostile('PNG, chunk whose name is no name', png(header, chunk('\0\xff\n!')), {});
	return specimens;
}

function gifLies(): Specimen[] {
	const { specimens, hostile } = collect('GIF');
	const small = frame({ width: 3, height: 3 });
	for (const [width, height] of SIDES.slice(0, 4)) {
		hostile(`GIF, screen of ${width}×${height}`, bytes(screen(width, height), small, TRAILER), {
			size: sizeOf(width, height),
		});
	}
	const file = bytes(screen(30, 20), small, TRAILER);
	hostile('GIF, color table larger than the file', patched(file, 10, 0x87).slice(0, 60), {
		size: { width: 30, height: 20 },
		isCut: true,
	});
	hostile(
		'GIF, frame of 65,535×65,535 at 65,535',
		bytes(screen(30, 20), frame({ width: 1, height: 1, x: 65_535, y: 65_535 }), TRAILER),
		{},
	);
	hostile('GIF, block of an unknown kind', bytes(screen(30, 20), 0x99, small, TRAILER), {});
	hostile('GIF, trailer first', bytes(screen(30, 20), TRAILER, small, TRAILER), {});
	hostile('GIF, 0x21 to the end', bytes(screen(30, 20), new Uint8Array(400).fill(0x21)), {
		isCut: true,
	});
	hostile('GIF, 0xff to the end', bytes(screen(30, 20), 0x21, new Uint8Array(400).fill(0xff)), {
		isCut: true,
	});
	return specimens;
}

async function webpLies(): Promise<Specimen[]> {
	const { specimens, hostile } = collect('WebP');
	const lossy = new Uint8Array(await picture(40, 24).webp({ effort: 0 }).toBuffer());
	const vp8 = takeChunk(lossy, 'VP8 ');
	for (const [width, height] of [...SIDES.slice(0, 4), [0x1000000, 0x1000000] as const]) {
		hostile(
			`WebP, canvas of ${width}×${height}`,
			webp([vp8x(FLAG.animation, width, height), anim, anmf(40, 24, vp8)]),
			{
				size: sizeOf(width, height),
			},
		);
	}
	hostile('WebP, lossy of 0×0', patched(lossy, 26, zeros(4)), { size: null });
	hostile(
		'WebP, lossless of 16,384×16,384',
		webp(riffChunk('VP8L', 0x2f, le32(0x0fffffff), zeros(9))),
		{
			size: { width: 16_384, height: 16_384 },
		},
	);
	for (const size of [0, 1, 4, 0x7fffffff, 0xffffffff]) {
		hostile(`WebP, file that says it has ${size} bytes`, patched(lossy, 4, le32(size)), {});
		hostile(`WebP, image that says it has ${size} bytes`, patched(lossy, 16, le32(size)), {});
	}
	const moving = webp([vp8x(FLAG.animation, 40, 24), anim, anmf(40, 24, vp8)]);
	for (const size of [0, 15, 16, 0xffffffff]) {
		hostile(
			`WebP, frame that says it has ${size} bytes`,
			patched(moving, indexOf(moving, 'ANMF') + 4, le32(size)),
			{
				size: { width: 40, height: 24 },
			},
		);
	}
	hostile('WebP, canvas of no bytes', webp([riffChunk('VP8X'), vp8]), {});
	hostile('WebP, canvas behind its image', webp([vp8, vp8x(0, 400, 240)]), {});
	hostile('WebP, two canvases', webp([vp8x(0, 40, 24), vp8x(0, 400, 240), vp8]), {});
	hostile('WebP, image of no bytes', webp(riffChunk('VP8 ')), { size: null });
	return specimens;
}

function bmpLies(): Specimen[] {
	const { specimens, hostile } = collect('BMP');
	const plain = bmp({ width: 18, height: 11 });
	for (const [width, height] of SIDES) {
		const isNegative = width > 0x7fffffff;
		const file = patched(plain, 18, [le32(width), le32(height)]);
		hostile(`BMP, sides of ${width}×${height}`, file, {
			size: isNegative ? null : sizeOf(width, height),
		});
	}
	hostile('BMP, sides of 50000×-50000', patched(plain, 18, [le32(50_000), le32(-50_000)]), {
		size: { width: 50_000, height: 50_000 },
		isCut: true,
	});
	hostile(
		'BMP, OS/2 1, sides of 65535×65535',
		patched(bmp({ width: 18, height: 11, headerSize: 12 }), 18, [le16(65_535), le16(65_535)]),
		{ size: null },
	);
	for (const at of [0, 1, 0x7fffffff, 0xffffffff]) {
		hostile(`BMP, pixels at ${at}`, patched(plain, 10, le32(at)), {});
		hostile(`BMP, ${at} colors`, patched(plain, 46, le32(at)), {});
		hostile(`BMP, pixels of ${at} bytes`, patched(plain, 34, le32(at)), {});
	}
	hostile('BMP, 0 bits', patched(plain, 28, le16(0)), {});
	hostile('BMP, 65,535 bits', patched(plain, 28, le16(65_535)), {});
	hostile('BMP, compression of no kind', patched(plain, 30, le32(77)), {});
	return specimens;
}

function tiffLies(): Specimen[] {
	const { specimens, hostile } = collect('TIFF');
	const layout: Layout = { order: 'II' };
	const big: Layout = { order: 'MM', isBig: true };
	const start = headSize(layout);
	const size = { width: 37, height: 21 };
	const { fields } = greyImage(37, 21);
	for (const [width, height] of SIDES) {
		const sides = [long(TAG.width, width), long(TAG.height, height)];
		hostile(
			`TIFF, sides of ${width}×${height}`,
			[head(layout, start), directory(layout, start, [...sides, ...fields.slice(2)], 0)],
			{
				size: sizeOf(width, height),
			},
		);
	}
	const wide = (tag: number, value: number): Field => ({ tag, type: TYPE.long8, values: [value] });
	const wideSides = [wide(TAG.width, 2 ** 32 + 37), wide(TAG.height, 2 ** 53)];
	hostile(
		'BigTIFF, sides over 32 bits',
		[head(big, 16), directory(big, 16, [...wideSides, ...fields.slice(2)], 0)],
		{ size: null },
	);
	const one = (next: number) => bytes(head(layout, start), directory(layout, start, fields, next));
	const { length } = one(0);
	hostile('TIFF, directory that points to itself', one(start), { size });
	hostile('TIFF, directory that points into itself', one(start + 14), { size });
	hostile('TIFF, directory that points to the head', one(0x2a), { size });
	hostile('TIFF, directory that points behind the end', one(0xfffffffe), { size });
	hostile(
		'TIFF, two directories that point to each other',
		[one(length), directory(layout, length, fields, start)],
		{ size },
	);
	hostile('TIFF, two directories that overlap', [one(start + 12), zeros(200)], { size });
	const own = (more: Field) =>
		bytes(head(layout, start), directory(layout, start, [...fields, more], 0));
	hostile('TIFF, directory that is below itself', own(long(TAG.subDirectories, start)), { size });
	hostile(
		'TIFF, 4 billion directories below',
		own({ ...long(TAG.subDirectories, start), count: 0xffffffff }),
		{ size },
	);
	for (const count of [0, 0x7fffffff, 0xffffffff]) {
		hostile(`TIFF, ${count} strips`, own({ ...long(TAG.stripOffsets, 8), count }), {});
		const sides = [{ ...long(TAG.width, 37), count }, long(TAG.height, 21)];
		hostile(
			`TIFF, ${count} widths`,
			[head(layout, start), directory(layout, start, [...sides, ...fields.slice(2)], 0)],
			{},
		);
	}
	hostile('TIFF, strips at the end of 32 bits', own(long(TAG.stripOffsets, 0xffffffff)), {});
	hostile('TIFF, 65,535 fields in a small file', [head(layout, start), le16(0xffff), zeros(40)], {
		size: null,
	});
	hostile('BigTIFF, 2^64 - 1 fields', [head(big, 16), u64(-1), zeros(40)], { size: null });
	hostile(
		'BigTIFF, first directory at 2^64 - 1',
		['MM', u16(43), u16(8), u16(0), u64(-1), zeros(40)],
		{ size: null },
	);
	hostile('BigTIFF, offsets of 4 bytes', ['MM', u16(43), u16(4), u16(0), u64(16), zeros(40)], {
		size: null,
	});
	hostile('TIFF, first directory within the head', [head(layout, 4), zeros(40)], { size: null });
	return specimens;
}

/** Files that say what is not so. */
export async function lyingSpecimens(): Promise<Specimen[]> {
	const encoded = await Promise.all([jpgLies(), webpLies()]);
	return [encoded, pngLies(), gifLies(), bmpLies(), tiffLies()].flat(2);
}
