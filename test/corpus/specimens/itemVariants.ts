import type { Add } from '../specimen';
import { bytes, u16, u32, zeros } from '../writers/bytes';
import {
	auxC,
	box,
	clap,
	gridData,
	imir,
	irot,
	ispe,
	itemFile,
	largeBox,
	lastBox,
	type Item,
	type ItemFile,
	type Property,
} from '../writers/isobmff';
import { orientationExif } from '../writers/tiff';

/** A coded image of 128×64, from which all files of HEIF and AVIF are made. */
export interface Coded {
	/** The item's type, `hvc1` or `av01`. */
	type: string;
	/** The box that configures the decoder. */
	configuration: Property;
	data: Uint8Array;
	major: string;
}

export const CODED_SIZE = { width: 128, height: 64 };

/** An item of the coded image, which may say another size. */
export function codedItem(
	{ type, configuration, data }: Coded,
	id: number,
	properties: readonly Property[] = [],
	size = CODED_SIZE,
): Item {
	return {
		id,
		type,
		data,
		properties: [configuration, ispe(size.width, size.height), ...properties],
	};
}

/** A file of one image with these transformations. */
export function turned(coded: Coded, ...properties: readonly Property[]): Uint8Array {
	return itemFile({ major: coded.major, items: [codedItem(coded, 1, properties)], primary: 1 });
}

/** An image turned upright whose properties have numbers of more than seven bits. */
export function withManyProperties(coded: Coded): Uint8Array {
	const unused = Array.from({ length: 130 }, (_, index) => ispe(index + 1, index + 1));
	const items = [codedItem(coded, 1, [irot(1)])];
	return itemFile({ major: coded.major, items, primary: 1, hasWideIndexes: true, unused });
}

/** What irot, imir and clap make of 128×64, in the order in which they are listed. */
export function addTransformed(name: string, coded: Coded, add: Add): void {
	const cases: ReadonlyArray<readonly [string, readonly Property[], number, number]> = [
		['irot 0', [irot(0)], 128, 64],
		['irot 1', [irot(1)], 64, 128],
		['irot 2', [irot(2)], 128, 64],
		['irot 3', [irot(3)], 64, 128],
		['imir 0', [imir(0)], 128, 64],
		['imir 1', [imir(1)], 128, 64],
		['irot 1, imir 0', [irot(1), imir(0)], 64, 128],
		['imir 1, irot 3', [imir(1), irot(3)], 64, 128],
		['irot 1 twice', [irot(1), irot(1)], 128, 64],
		['clap 100×40', [clap(100, 40)], 100, 40],
		['clap in a corner', [clap(100, 40, -14, 12)], 100, 40],
		['clap of all', [clap(128, 64)], 128, 64],
		['clap of one pixel', [clap(1, 1, [1, 2], [1, 2])], 1, 1],
		// A side is rounded to the nearest pixel, halves up (libheif, Fraction::round).
		['clap 100.5×40.25', [clap([201, 2], [161, 4])], 101, 40],
		['clap 100.49×40.75', [clap([10_049, 100], [163, 4])], 100, 41],
		['clap 33.3×33.7', [clap([100, 3], [101, 3])], 33, 34],
		['clap with fractional offsets', [clap([200, 2], [80, 2], [-27, 2], [23, 2])], 100, 40],
		['clap, irot 1', [clap(100, 40), irot(1)], 40, 100],
		['irot 1, clap', [irot(1), clap(50, 100)], 50, 100],
		['irot 3, clap, imir 0', [irot(3), clap(40, 90), imir(0)], 40, 90],
		['clap, irot 3, imir 1', [clap(90, 40), irot(3), imir(1)], 40, 90],
		['clap, clap', [clap(100, 60), clap(50, 30)], 50, 30],
	];
	for (const [turns, properties, width, height] of cases) {
		add(`${name}, ${turns}`, turned(coded, ...properties), {
			size: { width, height },
			isCut: false,
		});
	}
}

/** Ways to write the same turned image: none of them changes what it shows. */
export function addWritten(name: string, coded: Coded, add: Add): void {
	const item = codedItem(coded, 1, [irot(1)]);
	const other = codedItem(coded, 2, [], { width: 96, height: 96 });
	const file: ItemFile = { major: coded.major, items: [item], primary: 1 };
	const ways: Readonly<Record<string, Partial<ItemFile>>> = {
		'item ids of 32 bits': { idBits: 32 },
		'property numbers of 15 bits': { hasWideIndexes: true },
		'item ids of 32 bits, property numbers of 15 bits': { idBits: 32, hasWideIndexes: true },
		'item id of 70,000': { idBits: 32, items: [{ ...item, id: 70_000 }], primary: 70_000 },
		'size of another item first': { unused: [ispe(7, 9)] },
		'associations in two boxes': { items: [item, other], hasManyAssociations: true },
		'primary item last': { items: [other, item] },
		'pitm behind iprp': { order: ['hdlr', 'iinf', 'iloc', 'iprp', 'pitm'] },
		'iprp first': { order: ['hdlr', 'iprp', 'iinf', 'iloc', 'pitm'] },
		'iloc last': { order: ['hdlr', 'pitm', 'iinf', 'iprp', 'iloc'] },
		'iloc of version 1': { ilocVersion: 1 },
		'iloc of version 2': { ilocVersion: 2, idBits: 32 },
		'offsets of 64 bits': { offsetBytes: 8 },
		'offsets from a base': { hasBase: true },
		'data in three pieces': { items: [{ ...item, pieces: 3 }] },
		'data within meta': { items: [{ ...item, isInside: true }] },
		'meta behind mdat': { isMetaLast: true },
		'sizes of 64 bits': { meta: largeBox, mdat: largeBox },
		'mdat up to the end of the file': { mdat: lastBox },
		'free space between boxes': { between: [box('free', zeros(50)), box('skip', zeros(3))] },
		'free space within meta': { within: [box('free', zeros(50)), box('uuid', zeros(16), 'own')] },
		'eight compatible brands': {
			compatible: ['mif1', coded.major, ...'miaf MiHB MA1B MA1A tmap iso8'.split(' ')],
		},
	};
	for (const [way, changes] of Object.entries(ways)) {
		add(`${name}, ${way}`, itemFile({ ...file, ...changes }), {
			size: { width: 64, height: 128 },
			isCut: false,
		});
	}
}

/** Files of several items, of which the primary one is the image. */
export function addComposed(name: string, coded: Coded, add: Add): void {
	const image = codedItem(coded, 1);
	const { major } = coded;
	const whole = { size: CODED_SIZE, isCut: false };
	const thumbnail = codedItem(coded, 9, [], { width: 16, height: 8 });
	const file = (items: readonly Item[], changes: Partial<ItemFile> = {}) =>
		itemFile({ major, items, primary: 1, ...changes });

	add(
		`${name}, thumbnail listed before its image`,
		file([thumbnail, image], { references: [{ type: 'thmb', from: 9, to: [1] }] }),
		whole,
	);
	const exif: Item = { id: 5, type: 'Exif', data: bytes(u32(0), orientationExif(6)) };
	const described = { references: [{ type: 'cdsc', from: 5, to: [1] }] };
	add(`${name}, EXIF orientation that irot does not say`, file([image, exif], described), whole);
	add(
		`${name}, EXIF orientation that irot says too (a phone held upright)`,
		file([codedItem(coded, 1, [irot(3)]), exif], described),
		{
			...whole,
			size: { width: 64, height: 128 },
		},
	);
	const xmp: Item = {
		id: 5,
		type: 'mime',
		contentType: 'application/rdf+xml',
		data: new Uint8Array(40).fill(32),
	};
	add(`${name}, XMP`, file([xmp, image], described), whole);

	const auxiliary = (urn: string) => codedItem(coded, 2, [auxC(urn)]);
	const belongs = { references: [{ type: 'auxl', from: 2, to: [1] }] };
	const alpha = auxiliary('urn:mpeg:mpegB:cicp:systems:auxiliary:alpha');
	add(`${name}, alpha`, file([image, alpha], belongs), { ...whole, hasAlpha: true });
	add(`${name}, alpha listed before its image`, file([alpha, image], belongs), {
		...whole,
		hasAlpha: true,
	});
	const depth = auxiliary('urn:mpeg:mpegB:cicp:systems:auxiliary:depth');
	add(`${name}, map of depth`, file([image, depth], belongs), { ...whole, hasAlpha: false });

	const tiles = [11, 12, 13, 14].map((id) => ({ ...codedItem(coded, id), isHidden: true }));
	const grid = (width: number, height: number, ...turns: readonly Property[]): Item => ({
		id: 1,
		type: 'grid',
		data: gridData(2, 2, width, height),
		properties: [ispe(width, height), ...turns],
	});
	const derived = { references: [{ type: 'dimg', from: 1, to: [11, 12, 13, 14] }] };
	add(`${name}, grid of four tiles`, file([...tiles, grid(256, 128)], derived), {
		size: { width: 256, height: 128 },
		isCut: false,
	});
	add(`${name}, grid whose tiles are larger than it`, file([grid(250, 120), ...tiles], derived), {
		size: { width: 250, height: 120 },
		isCut: false,
	});
	add(`${name}, grid, irot 3`, file([...tiles, grid(250, 120, irot(3))], derived), {
		size: { width: 120, height: 250 },
		isCut: false,
	});
	const phone = [
		...tiles,
		grid(250, 120, irot(3)),
		thumbnail,
		{ ...exif, isHidden: true },
		{ ...xmp, id: 6 },
	];
	add(
		`${name} as a phone writes it: grid, irot 3, thumbnail, EXIF, XMP`,
		file(phone, {
			references: [
				...derived.references,
				{ type: 'thmb', from: 9, to: [1] },
				...[5, 6].map((from) => ({ type: 'cdsc', from, to: [1] })),
			],
		}),
		{ size: { width: 120, height: 250 }, isCut: false },
	);
	const gain = { ...codedItem(coded, 3, [], { width: 64, height: 32 }), isHidden: true };
	const toneMap: Item = { id: 4, type: 'tmap', data: zeros(60), properties: [ispe(128, 64)] };
	const mapped = { references: [{ type: 'dimg', from: 4, to: [1, 3] }] };
	add(`${name}, gain map (tmap)`, file([image, gain, toneMap], mapped), whole);
	const inside = { ...grid(250, 120, clap(200, 100), irot(1)), isInside: true };
	add(`${name}, grid within meta, clap, irot 1`, file([inside, ...tiles], derived), {
		size: { width: 100, height: 200 },
		isCut: false,
	});
	const same: Item = { id: 1, type: 'iden', properties: [ispe(128, 64), irot(1)] };
	add(
		`${name}, the same image turned (iden)`,
		file([{ ...image, id: 2 }, same], { references: [{ type: 'dimg', from: 1, to: [2] }] }),
		{
			size: { width: 64, height: 128 },
			isCut: false,
		},
	);
	const canvas = [[0, 0, 0, 0xffff, 300, 200, 20, 30].map(u16)];
	const overlay: Item = {
		id: 1,
		type: 'iovl',
		data: bytes(0, 0, canvas),
		properties: [ispe(300, 200)],
	};
	add(
		`${name}, image on a canvas (iovl)`,
		file([{ ...image, id: 2 }, overlay], { references: [{ type: 'dimg', from: 1, to: [2] }] }),
		{
			size: { width: 300, height: 200 },
			isCut: false,
		},
	);
	const group = box('grpl', box('altr', u32(0), u32(100), u32(2), u32(1), u32(2)));
	add(
		`${name}, two images, one of them the primary`,
		file([codedItem(coded, 2, [irot(1)], { width: 20, height: 90 }), image], { within: group }),
		whole,
	);
	add(`${name}, garbage behind its end`, file([image], { behind: 'garbage!' }), whole);
}
