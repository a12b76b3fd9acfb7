import { collect, type Specimen } from '../specimen';
import { bytes, le32, repeated, u16, u32, zeros, type Part } from '../writers/bytes';
import { bmp } from '../writers/bmp';
import { control, frame, screen, TRAILER } from '../writers/gif';
import { box, clap, fullBox, ftyp, irot, ispe, itemFile, type Property } from '../writers/isobmff';
import { EOI, MARKER, resized, segment, SOI, takeApart } from '../writers/jpeg';
import { chunk, png } from '../writers/png';
import {
	crowdedDirectory,
	directory,
	greyImage,
	head,
	orientationExif,
	TAG,
	TYPE,
	type Field,
	type Layout,
} from '../writers/tiff';
import { anim, anmf, chunk as riffChunk, FLAG, takeChunk, vp8x, webp } from '../writers/webp';
import { codedItem, type Coded } from './itemVariants';
import { picture } from './picture';

/** Bytes of each of these files, nearly all of them tiny parts. */
const MANY = 1024 * 1024;
const many = (part: Part) => repeated(part, MANY);

async function manyJpg(): Promise<Specimen[]> {
	const { specimens, hostile } = collect('JPG');
	const plain = new Uint8Array(await picture(40, 24).jpeg().toBuffer());
	const { before, frame: header, rest } = takeApart(plain);
	const size = { width: 40, height: 24 };
	const early = (part: Part) => bytes(SOI, many(part), before, header, rest, EOI);
	const late = (part: Part) => bytes(SOI, before, header, rest, many(part), EOI);
	hostile('JPEG, 1 MB of fill bytes', early(0xff), {});
	hostile('JPEG, 1 MB of stray zeros between segments', early(0), { format: undefined });
	hostile('JPEG, 1 MB of comments without text', early(segment(MARKER.COM, [])), { size });
	hostile('JPEG, 1 MB of segments of length 0', early(segment(MARKER.COM, [], 0)), {});
	hostile('JPEG, 1 MB of EXIF without a directory', early(segment(MARKER.APP1, 'Exif\0\0')), {
		size,
	});
	hostile(
		'JPEG, 1 MB of EXIF orientations',
		early(segment(MARKER.APP1, ['Exif\0\0', orientationExif(6)])),
		{ size },
	);
	const layout: Layout = { order: 'II' };
	const crowded = crowdedDirectory(layout, [], 5400);
	const full = segment(MARKER.APP1, ['Exif\0\0', head(layout, 8), crowded]);
	hostile('JPEG, 1 MB of EXIF with 5,400 fields each', early(full), { size });
	hostile('JPEG, 1 MB of tables without content', early(segment(MARKER.DHT, [])), {});
	hostile('JPEG, 1 MB of start markers', early(SOI), {});
	hostile(
		'JPEG, 1 MB of frame headers',
		bytes(SOI, before, many(resized(header, 7, 7)), header, rest, EOI),
		{},
	);
	hostile('JPEG, 1 MB of FF 00 in its scan', late([0xff, 0]), { size, isCut: false });
	hostile('JPEG, 1 MB of FF FF in its scan', late([0xff, 0xff]), { size, isCut: false });
	hostile('JPEG, 1 MB of restart markers', late([0xff, MARKER.RST0]), { size, isCut: false });
	hostile('JPEG, 1 MB of scans', late(segment(MARKER.SOS, [1, 1, 0, 0, 63, 0])), {
		size,
		isCut: false,
	});
	hostile('JPEG, 1 MB of heights behind its scan', late(segment(MARKER.DNL, u16(24))), {
		size,
		isCut: false,
	});
	hostile('JPEG, 1 MB of end markers', late(EOI), { size, isCut: false });
	hostile('JPEG, 1 MB behind its end', bytes(plain, many('garbage')), { size, isCut: false });
	return specimens;
}

function manyPng(): Specimen[] {
	const { specimens, hostile } = collect('PNG');
	const header = { width: 37, height: 21 };
	const known = { size: header, isCut: false };
	hostile('PNG, 1 MB of chunks without data', png(header, many(chunk('teSt'))), known);
	hostile('PNG, 1 MB of pixel chunks without data', png(header, many(chunk('IDAT'))), known);
	hostile('PNG, 1 MB of chunks behind its pixels', png(header, [], many(chunk('teSt', 0))), known);
	hostile('PNG, 1 MB of orientations', png(header, many(chunk('eXIf', orientationExif(6)))), known);
	hostile(
		'PNG, 1 MB of frame controls',
		png(header, [chunk('acTL', u32(2), u32(0)), many(chunk('fcTL', zeros(26)))]),
		known,
	);
	hostile(
		'PNG, 1 MB of animation controls',
		png(header, many(chunk('acTL', u32(2), u32(0)))),
		known,
	);
	hostile('PNG, 1 MB of transparent colors', png(header, many(chunk('tRNS', zeros(6)))), known);
	hostile('PNG, 1 MB of headers', png(header, many(chunk('IHDR', zeros(13)))), {});
	hostile('PNG, 1 MB of ends', png(header, [], many(chunk('IEND'))), known);
	const crowded = crowdedDirectory({ order: 'II' }, [], 65_535);
	hostile(
		'PNG, orientation of 65,535 fields',
		png(header, chunk('eXIf', head({ order: 'II' }, 8), crowded)),
		known,
	);
	return specimens;
}

function manyGif(): Specimen[] {
	const { specimens, hostile } = collect('GIF');
	const full = frame({ width: 30, height: 20 });
	const size = { width: 30, height: 20 };
	const known = { size, isCut: false };
	const gif = (...blocks: readonly Part[]) => bytes(screen(30, 20), blocks, TRAILER);
	hostile('GIF, 1 MB of empty extensions', gif(many([0x21, 0xfe, 0]), full), known);
	hostile('GIF, 1 MB of graphic controls', gif(many(control(0)), full), known);
	hostile(
		'GIF, 1 MB of one-byte blocks in a comment',
		gif(0x21, 0xfe, many([1, 65]), 0, full),
		known,
	);
	hostile(
		'GIF, 1 MB of one-byte blocks in a frame',
		gif(full.slice(0, 11), many([1, 0]), 0),
		known,
	);
	hostile('GIF, 1 MB of the smallest frames', gif(many([0x2c, zeros(9), 2, 0]), full), { size });
	hostile(
		'GIF, 1 MB of frames of one pixel',
		gif(many([control(1), frame({ width: 1, height: 1 })])),
		known,
	);
	hostile('GIF, 1 MB of empty blocks', gif(many(0), full), { size });
	hostile('GIF, 1 MB of trailers', gif(full, many(TRAILER)), known);
	return specimens;
}

async function manyWebp(): Promise<Specimen[]> {
	const { specimens, hostile } = collect('WebP');
	const vp8 = takeChunk(
		new Uint8Array(await picture(40, 24).webp({ effort: 0 }).toBuffer()),
		'VP8 ',
	);
	const size = { width: 40, height: 24 };
	const canvas = (flags: number) => vp8x(flags, 40, 24);
	hostile('WebP, 1 MB of chunks without data', webp([canvas(0), many(riffChunk('wHat')), vp8]), {
		size,
		isCut: false,
	});
	hostile('WebP, 1 MB of chunks without data, no canvas', webp([many(riffChunk('wHat')), vp8]), {});
	hostile(
		'WebP, 1 MB of frames without data',
		webp([canvas(FLAG.animation), anim, many(riffChunk('ANMF'))]),
		{ size, isCut: false },
	);
	hostile(
		'WebP, 1 MB of frames without an image',
		webp([canvas(FLAG.animation), anim, many(anmf(40, 24, []))]),
		{ size, isCut: false },
	);
	hostile('WebP, 1 MB of frames', webp([canvas(FLAG.animation), anim, many(anmf(40, 24, vp8))]), {
		size,
		isCut: false,
	});
	hostile(
		'WebP, 1 MB of EXIF',
		webp([canvas(FLAG.exif), vp8, many(riffChunk('EXIF', orientationExif(6)))]),
		{ size, isCut: false },
	);
	hostile('WebP, 1 MB of canvases', webp([many(canvas(0)), vp8]), {});
	hostile('WebP, 1 MB of images', webp([canvas(0), many(riffChunk('VP8 '))]), {});
	return specimens;
}

function manyTiff(): Specimen[] {
	const { specimens, hostile } = collect('TIFF');
	const size = { width: 37, height: 21 };
	const { fields } = greyImage(37, 21);
	for (const order of ['II', 'MM'] as const) {
		const crowded = crowdedDirectory({ order }, fields, 65_000);
		hostile(`TIFF, 65,000 fields (${order})`, [head({ order }, 8), crowded], {});
	}
	const big: Layout = { order: 'II', isBig: true };
	hostile('BigTIFF, 50,000 fields', [head(big, 16), crowdedDirectory(big, fields, 50_000)], {});
	const layout: Layout = { order: 'II' };
	const first = directory(layout, 8, fields, 8 + 2 + fields.length * 12 + 4);
	/** Directories of no fields, each of which points to the one `step` bytes from it. */
	const chain = (from: number, step: number) => {
		const all = new DataView(new ArrayBuffer(MANY - (MANY % 6)));
		for (let at = 0; at < all.byteLength; at += 6)
			all.setUint32(at + 2, Math.max(8, from + at + step), true);
		return new Uint8Array(all.buffer);
	};
	const chainAt = 8 + first.length;
	hostile('TIFF, 1 MB of directories without fields', [head(layout, 8), first, chain(chainAt, 6)], {
		size,
	});
	const last = chainAt + MANY - (MANY % 6) - 6;
	hostile(
		'TIFF, 1 MB of directories, each before the other',
		[head(layout, 8), directory(layout, 8, fields, last), chain(chainAt, -6)],
		{ size },
	);
	const offsets = (tag: number, count: number): Field => ({
		tag,
		type: TYPE.long,
		values: repeated(le32(8), count * 4),
	});
	const strips = [offsets(TAG.stripOffsets, 130_000), offsets(TAG.stripBytes, 130_000)];
	const below = offsets(TAG.subDirectories, 260_000);
	const one = (...more: readonly Field[]) =>
		bytes(head(layout, 8), directory(layout, 8, [...fields, ...more], 0));
	hostile('TIFF, 130,000 strips at the same place', one(...strips), { size });
	hostile('TIFF, 260,000 directories below', one(below), { size });
	return specimens;
}

/** As the other formats, for box files; those of AVIF would be the same. */
export function manyBoxes(coded: Coded): Specimen[] {
	const { specimens, hostile } = collect('HEIF');
	const { major } = coded;
	const size = { width: 64, height: 128 };
	const items = [codedItem(coded, 1, [irot(1)])];
	const file = (within: Part) => itemFile({ major, items, primary: 1, within });
	const properties = (...boxes: readonly Part[]) => box('iprp', box('ipco', boxes));
	const small = (property: Property) => many(property.box);
	hostile(`HEIC, 1 MB of sizes`, file(properties(small(ispe(1, 1)))), {});
	hostile(`HEIC, 1 MB of apertures`, file(properties(small(clap(1, 1)))), {});
	hostile(
		`HEIC, 1 MB of sizes and apertures in turn`,
		file(properties(many([ispe(9, 9).box, clap(1, 1).box]))),
		{},
	);
	hostile(`HEIC, 1 MB of quarter turns`, file(properties(small(irot(1)))), {});
	hostile(`HEIC, 1 MB of properties without content`, file(properties(many(box('free')))), {});
	const associations = (entry: Part) => {
		const entries = many(entry);
		return box(
			'iprp',
			box('ipco', ispe(9, 9).box),
			fullBox('ipma', 0, 0, u32(entries.length / bytes(entry).length), entries),
		);
	};
	hostile(`HEIC, 1 MB of associations of another item`, file(associations([u16(2), 1, 1])), {});
	hostile(`HEIC, 1 MB of associations of its image`, file(associations([u16(1), 1, 1])), {});
	hostile(`HEIC, 1 MB of associations with nothing`, file(associations([u16(1), 0])), {});
	hostile(
		`HEIC, 1 MB of association boxes`,
		file(box('iprp', box('ipco'), many(fullBox('ipma', 0, 0, u32(0))))),
		{},
	);
	const infe = fullBox('infe', 2, 0, u16(2), u16(0), coded.type, 0);
	hostile(
		`HEIC, 1 MB of items`,
		file(fullBox('iinf', 1, 0, u32(Math.floor(MANY / infe.length)), many(infe))),
		{},
	);
	hostile(
		`HEIC, 1 MB of locations`,
		file(
			fullBox(
				'iloc',
				2,
				0,
				0x44,
				0,
				u32(Math.floor(MANY / 18)),
				repeated([u32(2), u16(0), u16(0), u16(1), u32(0), u32(0)], MANY),
			),
		),
		{},
	);
	hostile(
		`HEIC, 1 MB of locations without pieces`,
		file(fullBox('iloc', 0, 0, 0, 0, u16(0xffff), repeated([u16(2), u16(0), u16(0)], 0xffff * 6))),
		{},
	);
	hostile(
		`HEIC, 65,535 pieces of no bytes`,
		file(fullBox('iloc', 0, 0, 0, 0, u16(1), u16(2), u16(0), u16(0xffff))),
		{},
	);
	hostile(
		`HEIC, 1 MB of pieces`,
		file(
			fullBox(
				'iloc',
				0,
				0,
				0x44,
				0,
				u16(2),
				[2, 3].map((id) => [u16(id), u16(0), u16(0xffff), zeros(0xffff * 8)]),
			),
		),
		{},
	);
	hostile(
		`HEIC, 1 MB of references`,
		file(fullBox('iref', 0, 0, many(box('dimg', u16(1), u16(1), u16(1))))),
		{},
	);
	hostile(`HEIC, 1 MB of primary items`, file(many(fullBox('pitm', 0, 0, u16(2)))), {});
	hostile(
		`HEIC, 1 MB of boxes without content`,
		itemFile({ major, items, primary: 1, between: many(box('free')) }),
		{},
	);
	hostile(`HEIC, 1 MB of boxes without content within meta`, file(many(box('free'))), {});
	hostile(
		`HEIC, 1 MB of meta without content`,
		itemFile({ major, items, primary: 1, between: many(fullBox('meta', 0, 0)) }),
		{},
	);
	hostile(
		`HEIC, 1 MB of mdat without content`,
		itemFile({ major, items, primary: 1, between: many(box('mdat')) }),
		{},
	);
	hostile(
		`HEIC, 1 MB of compatible brands`,
		itemFile({
			major,
			items,
			primary: 1,
			compatible: ['wHat'.repeat(MANY / 4)],
		}),
		{},
	);
	for (const type of ['moov', 'meta', 'iprp', 'ipco']) {
		const own = type === 'meta' ? 12 : 8;
		const nested = new DataView(new ArrayBuffer(MANY - (MANY % own)));
		for (let at = 0; at < nested.byteLength; at += own) {
			nested.setUint32(at, nested.byteLength - at);
			nested.setUint32(at + 4, Buffer.from(type, 'latin1').readUInt32BE());
		}
		hostile(
			`HEIC, 1 MB of ${type} within ${type}`,
			bytes(ftyp(major, 'mif1', major), new Uint8Array(nested.buffer)),
			{ size: null },
		);
	}
	hostile(
		`HEIC, 1 MB of data`,
		itemFile({ major, items: [{ ...codedItem(coded, 1, [irot(1)]), data: many(0) }], primary: 1 }),
		{ size, isCut: false },
	);
	return specimens;
}

/** Files of 1 MB that are nearly nothing but tiny parts: whatever takes a while for each of them shows. */
export async function manySpecimens(): Promise<Specimen[]> {
	const encoded = await Promise.all([manyJpg(), manyWebp()]);
	const { specimens, hostile } = collect('BMP');
	hostile(
		'BMP, 1 MB of pixels that end nothing',
		bmp({ width: 18, height: 11, bits: 8, compression: 1, pixels: many([0, 2, 0, 0]) }),
		{
			size: { width: 18, height: 11 },
		},
	);
	hostile('BMP, 1 MB of headers', bytes(bmp({ width: 18, height: 11 }), many(['BM', le32(54)])), {
		size: { width: 18, height: 11 },
	});
	return [encoded.flat(), manyPng(), manyGif(), manyTiff(), specimens].flat();
}
