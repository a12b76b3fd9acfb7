import { collect, type Specimen } from '../specimen';
import { bytes, patched, repeated, u16, u32, zeros } from '../writers/bytes';
import {
	directory,
	greyImage,
	head,
	headSize,
	long,
	short,
	TAG,
	tiff,
	TYPE,
	type Layout,
} from '../writers/tiff';
import { picture } from './picture';

const LAYOUTS: Readonly<Record<string, Layout>> = {
	'little-endian': { order: 'II' },
	'big-endian': { order: 'MM' },
	'BigTIFF, little-endian': { order: 'II', isBig: true },
	'BigTIFF, big-endian': { order: 'MM', isBig: true },
};

async function encoded(): Promise<ReadonlyArray<readonly [string, Uint8Array]>> {
	const small = picture(40, 24);
	const files = {
		'not compressed': small.clone().tiff({ compression: 'none' }),
		LZW: small.clone().tiff({ compression: 'lzw', predictor: 'horizontal' }),
		deflate: small.clone().tiff({ compression: 'deflate' }),
		PackBits: small.clone().tiff({ compression: 'packbits' }),
		JPEG: small.clone().tiff({ compression: 'jpeg' }),
		'fax, group 4': small
			.clone()
			.greyscale()
			.toColourspace('b-w')
			.tiff({ compression: 'ccittfax4', bitdepth: 1 }),
		tiles: small.clone().tiff({ tile: true, tileWidth: 16, tileHeight: 16, compression: 'lzw' }),
		'pyramid of tiles': picture(200, 120)
			.resize(40, 24)
			.tiff({ pyramid: true, tile: true, tileWidth: 16, tileHeight: 16, compression: 'lzw' }),
		grey: small.clone().toColourspace('b-w').tiff({ compression: 'lzw' }),
		'16 bits': small.clone().toColourspace('rgb16').tiff({ compression: 'deflate' }),
		CMYK: small.clone().toColourspace('cmyk').tiff({ compression: 'lzw' }),
		'BigTIFF by an encoder': small.clone().tiff({ compression: 'lzw', bigtiff: true }),
		'color profile': small.clone().withIccProfile('p3').tiff({ compression: 'lzw' }),
	};
	return await Promise.all(
		Object.entries(files).map(
			async ([name, file]) => [name, new Uint8Array(await file.toBuffer())] as const,
		),
	);
}

/** TIFF: directories anywhere in the file, which point to each other and to the data. The first is the image. */
export async function tiffSpecimens(): Promise<Specimen[]> {
	const { specimens, ordinary, odd } = collect('TIFF');
	const size = { width: 37, height: 21 };
	const whole = { size, isCut: false };
	const little: Layout = { order: 'II' };
	const grey = greyImage(37, 21);

	for (const [name, file] of await encoded()) {
		ordinary.sharp(`TIFF, ${name}`, file, { size: { width: 40, height: 24 }, isCut: false });
	}
	const alpha = new Uint8Array(await picture(40, 24, 4).tiff({ compression: 'lzw' }).toBuffer());
	ordinary.sharp('TIFF by an encoder, alpha', alpha, {
		size: { width: 40, height: 24 },
		hasAlpha: true,
		isCut: false,
	});
	for (const [name, layout] of Object.entries(LAYOUTS)) {
		for (const place of ['before', 'behind'] as const) {
			ordinary.sharp(`TIFF, ${name}, directory ${place} the data`, tiff(layout, [grey], place), {
				...whole,
				frames: 1,
				orientation: 1,
			});
			ordinary.sharp(
				`TIFF of 3 images, ${name}, directories ${place} the data`,
				tiff(layout, [grey, greyImage(12, 34), greyImage(5, 6)], place),
				{
					...whole,
					frames: 3,
				},
			);
		}
	}
	for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
		const layout: Layout = { order: orientation % 2 === 0 ? 'II' : 'MM' };
		ordinary.sharp(
			`TIFF, orientation ${orientation} (${layout.order})`,
			tiff(layout, [greyImage(37, 21, [short(TAG.orientation, orientation)])]),
			{
				...whole,
				orientation,
			},
		);
	}
	const sides = (width: number, height: number) => [
		short(TAG.width, width),
		short(TAG.height, height),
	];
	const withoutSides = grey.fields.filter(({ tag }) => tag !== TAG.width && tag !== TAG.height);
	for (const order of ['II', 'MM'] as const) {
		ordinary.sharp(
			`TIFF, sides of 16 bits (${order})`,
			tiff({ order }, [{ ...grey, fields: [...sides(37, 21), ...withoutSides] }]),
			whole,
		);
	}
	const strips = Array.from({ length: 21 }, () => zeros(37));
	const rows = {
		fields: [
			...grey.fields.filter(({ tag }) => tag !== TAG.rowsPerStrip),
			long(TAG.rowsPerStrip, 1),
		],
		strips,
	};
	ordinary.sharp('TIFF, a strip for each row', tiff(little, [rows]), whole);
	ordinary.sharp(
		'TIFF, maker and EXIF that points nowhere',
		tiff(little, [
			greyImage(37, 21, [
				{ tag: TAG.make, type: TYPE.ascii, values: bytes('A maker of cameras\0\0') },
				long(TAG.exif, 0),
			]),
		]),
		whole,
	);

	odd.sharp('TIFF, garbage behind its end', bytes(tiff(little, [grey]), 'garbage'), whole);
	odd.sharp('TIFF, orientation 0', tiff(little, [greyImage(37, 21, [short(TAG.orientation, 0)])]), {
		...whole,
		orientation: 1,
	});
	odd.sharp('TIFF, orientation 9', tiff(little, [greyImage(37, 21, [short(TAG.orientation, 9)])]), {
		...whole,
		orientation: 1,
	});
	odd.sharp(
		'TIFF, unknown fields of unknown types',
		tiff(little, [greyImage(37, 21, [{ tag: 40_000, type: 77, values: zeros(4), count: 1 }])]),
		whole,
	);
	odd.sharp('TIFF, width 0', tiff(little, [greyImage(0, 21)]), { size: null });
	odd.sharp(
		'TIFF, no width',
		tiff(little, [{ ...grey, fields: grey.fields.filter(({ tag }) => tag !== TAG.width) }]),
		{ size: null },
	);
	odd.sharp(
		'TIFF, no height',
		tiff(little, [{ ...grey, fields: grey.fields.filter(({ tag }) => tag !== TAG.height) }]),
		{ size: null },
	);
	odd.sharp('TIFF, no fields', tiff(little, [{ fields: [], strips: [] }]), { size: null });
	odd.sharp('TIFF, first directory at 0', bytes(head(little, 0), zeros(40)), { size: null });
	odd.sharp('TIFF, first directory behind its end', bytes(head(little, 100_000), zeros(40)), {
		size: null,
	});
	odd.sharp('TIFF, head only', head(little, 8), { size: null });
	const behind = tiff(little, [grey]);
	const before = tiff(little, [grey], 'before');
	odd.sharp('TIFF, directory before the data, cut in the data', before.slice(0, -200), {
		size,
		isCut: true,
	});
	// The decoder of sharp refuses it; the fields that are left may still tell a size.
	odd.hand('TIFF, directory behind the data, cut in the directory', behind.slice(0, -40), {
		isCut: true,
	});
	odd.sharp('TIFF, directory behind the data, cut in the data', behind.slice(0, 300), {
		size: null,
		isCut: true,
	});
	// A thumbnail that comes first and says that it is one: whether the size is its own is not judged.
	const thumbnail = greyImage(16, 8, [long(TAG.subfileType, 1)]);
	odd.sharp('TIFF, thumbnail first', tiff(little, [thumbnail, grey]), { frames: 2, isCut: false });
	// A raw photo: the first directory is a thumbnail, the photo is in a directory below it.
	const start = headSize(little);
	const parent = (at: number) =>
		directory(
			little,
			start,
			[
				...greyImage(16, 8, [long(TAG.subfileType, 1), long(TAG.subDirectories, at, at)]).fields,
			].sort((a, b) => a.tag - b.tag),
			0,
		);
	const childAt = start + parent(0).length;
	const raw = bytes(
		head(little, start),
		parent(childAt),
		directory(little, childAt, greyImage(4000, 3000).fields, 0),
	);
	odd.hand('TIFF, raw photo like a NEF, thumbnail first', raw, { format: undefined, size: null });
	odd.sharp(
		'TIFF, 400 more fields',
		tiff(little, [
			greyImage(
				37,
				21,
				Array.from({ length: 400 }, (_, index) => short(40_000 + index, 1)),
			),
		]),
		whole,
	);
	const farFields = [...grey.fields, long(TAG.stripOffsets, 8), long(TAG.stripBytes, 777)].sort(
		(a, b) => a.tag - b.tag,
	);
	odd.sharp(
		'TIFF, 60 KB between head and directory',
		bytes(head(little, 60_000), zeros(59_992), directory(little, 60_000, farFields, 0)),
		whole,
	);
	odd.sharp('TIFF, byte order of neither kind', patched(behind, 0, 'IM'), {
		format: null,
		size: null,
	});
	odd.sharp('TIFF, number 44 for 42', patched(behind, 2, [44, 0]), { format: null, size: null });
	odd.sharp(
		'TIFF, marks of another byte order',
		bytes('MM', 42, 0, u32(8), u16(0), u32(0), repeated('filler', 30)),
		{ format: null, size: null },
	);
	return specimens;
}
