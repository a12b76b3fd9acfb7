import { collect, type Specimen } from '../specimen';
import { bytes, hex, u32, zeros } from '../writers/bytes';
import {
	box,
	clap,
	filmFile,
	ftyp,
	irot,
	ispe,
	itemFile,
	moov,
	type Item,
	type Property,
} from '../writers/isobmff';
import { boxLies } from './boxLies';
import {
	addComposed,
	addTransformed,
	addWritten,
	CODED_SIZE,
	codedItem,
	turned,
	withManyProperties,
	type Coded,
} from './itemVariants';
import { manyBoxes } from './manyParts';

/** An image of one grey, 128×64, and the configuration of its decoder, as x265 made them. */
const HEVC: Coded = {
	major: 'heic',
	type: 'hvc1',
	configuration: {
		isEssential: true,
		box: box(
			'hvcC',
			hex(`
				0104080000000000000000001ef000fcfcf8f800000f03
				2000010017 40010c01ffff0408000003009ff800000300001eba0240
				2100010027 42010104080000 03009ff800000300001ec040810596ea4929ae6c08000003000800000300084022000100
				07 4401c172b02240
			`),
		),
	},
	data: hex('0000000e 2801ae33e2b0e0ff6d70cc892bb0'),
};

/**
 * HEIF: boxes, among which the items of the image, their properties, and which item is the primary one.
 * The libheif in sharp has no decoder for these, but reads all that is asked here.
 */
export function heifSpecimens(): Specimen[] {
	const { specimens, ordinary, odd } = collect('HEIF');
	const whole = { size: CODED_SIZE, isCut: false };
	const upright = { size: { width: 64, height: 128 }, isCut: false };
	const image = codedItem(HEVC, 1);
	const file = (...items: readonly Item[]) => itemFile({ major: 'heic', items, primary: 1 });

	ordinary.sharp('HEIC', turned(HEVC), { ...whole, frames: 1, hasAlpha: false });
	const branded = (major: string, ...compatible: readonly string[]) =>
		itemFile({ major, compatible, items: [codedItem(HEVC, 1, [irot(1)])], primary: 1 });
	for (const brand of ['heic', 'heix', 'heim', 'heis']) {
		ordinary.sharp(`HEIF of brand ${brand}`, branded(brand, 'mif1', 'heic', brand), upright);
	}
	ordinary.sharp('HEIF of brand mif1, heic compatible', branded('mif1', 'mif1', 'heic'), upright);
	ordinary.sharp(
		'HEIF of brand mif1, only compatible with itself',
		branded('mif1', 'mif1'),
		upright,
	);
	// Not among the brands that sharp opens.
	odd.hand('HEIF of brand hevx, with an item', branded('hevx', 'mif1', 'heix', 'hevx'), upright);
	addTransformed('HEIC', HEVC, ordinary.sharp);
	addWritten('HEIC', HEVC, ordinary.sharp);
	addComposed('HEIC', HEVC, ordinary.sharp);
	// libheif stops at 100 properties, where one byte for their numbers would still do.
	ordinary.hand('HEIC, 130 properties of other items first', withManyProperties(HEVC), upright);

	// sharp wants a still image in each file.
	const film = { ...CODED_SIZE, frames: 3, type: 'hvc1', configuration: HEVC.configuration.box };
	for (const brands of [
		['msf1', 'msf1', 'hevc'],
		['hevc', 'msf1', 'hevc'],
		['hevx', 'msf1', 'hevx'],
	] as const) {
		ordinary.hand(
			`HEIF of brand ${brands[0]}, a film without a still image`,
			filmFile(brands, film, HEVC.data),
			{
				...whole,
				frames: 3,
			},
		);
	}
	const withFilm = (dataAt: number) =>
		itemFile({
			major: 'heic',
			compatible: ['mif1', 'heic', 'msf1', 'hevc'],
			items: [codedItem(HEVC, 1, [irot(3)])],
			primary: 1,
			between: moov({ ...film, frames: 1, sampleBytes: HEVC.data.length, dataAt }),
		});
	const length = withFilm(0).length;
	odd.sharp('HEIC, still image and a film', withFilm(length - HEVC.data.length), upright);

	const { configuration, data } = HEVC;
	const own = (...properties: readonly Property[]) =>
		file({ id: 1, type: 'hvc1', data, properties: [configuration, ...properties] });
	odd.sharp('HEIC, size listed behind irot', own(irot(1), ispe(128, 64)), upright);
	odd.sharp('HEIC, size listed behind clap', own(clap(100, 40), ispe(128, 64)), {
		size: { width: 100, height: 40 },
		isCut: false,
	});
	odd.sharp('HEIC, irot whose other bits are set', own(ispe(128, 64), irot(0xfd)), upright);
	odd.sharp(
		'HEIC, the same irot for two items',
		itemFile({
			major: 'heic',
			primary: 2,
			items: [{ ...image, properties: [configuration, ispe(7, 9)] }, codedItem(HEVC, 2, [irot(1)])],
		}),
		upright,
	);
	odd.sharp('HEIC, no size', own(), { size: null });
	odd.sharp('HEIC, width 0', own(ispe(0, 64)), { size: null });
	odd.sharp('HEIC, clap of width 0', own(ispe(128, 64), clap(0, 40)), { size: null });
	odd.sharp('HEIC, clap of width 0.4', own(ispe(128, 64), clap([2, 5], 40)), { size: null });
	odd.sharp('HEIC, clap of a fraction by 0', own(ispe(128, 64), clap([100, 0], 40)), {
		size: null,
	});
	odd.sharp('HEIC, clap of an offset by 0', own(ispe(128, 64), clap(100, 40, [1, 0])), {
		size: null,
	});
	odd.sharp('HEIC, clap of negative width', own(ispe(128, 64), clap(-100, 40)), { size: null });
	// libheif says the size of the aperture and then decodes what of it there is: no size is judged.
	odd.hand('HEIC, clap larger than the image', own(ispe(128, 64), clap(300, 40)), { isCut: false });
	odd.hand('HEIC, clap beside the image', own(ispe(128, 64), clap(100, 40, 5000)), {
		isCut: false,
	});
	odd.sharp(
		'HEIC, primary item that does not exist',
		itemFile({ major: 'heic', items: [image], primary: 3 }),
		{ size: null },
	);
	odd.sharp(
		'HEIC, no primary item',
		itemFile({
			major: 'heic',
			items: [image],
			primary: 1,
			order: ['hdlr', 'iloc', 'iinf', 'iprp'],
		}),
		{ size: null },
	);
	odd.sharp(
		'HEIC, no properties',
		itemFile({
			major: 'heic',
			items: [image],
			primary: 1,
			order: ['hdlr', 'pitm', 'iloc', 'iinf'],
		}),
		{ size: null },
	);
	odd.sharp(
		'HEIC, properties that do not exist',
		itemFile({ major: 'heic', items: [{ ...image, properties: [] }], primary: 1 }),
		{ size: null },
	);
	odd.sharp('HEIC, file type only', ftyp('heic', 'mif1', 'heic'), { size: null, isCut: true });
	odd.sharp('HEIC, file type and data', bytes(ftyp('heic', 'mif1', 'heic'), box('mdat', data)), {
		size: null,
	});
	odd.hand(
		'HEIC, file type without compatible brands',
		itemFile({ major: 'heic', compatible: [], items: [image], primary: 1 }),
		whole,
	);
	const plain = turned(HEVC, irot(1));
	odd.sharp('HEIC, cut in its data', plain.slice(0, -6), { ...upright, isCut: true });
	odd.sharp('HEIC, cut before its data', plain.slice(0, plain.length - data.length - 8), {
		...upright,
		isCut: true,
	});
	odd.sharp('HEIC, cut in meta', plain.slice(0, 150), { size: null, isCut: true });
	odd.sharp('HEIC, cut in the header of meta', plain.slice(0, 33), { size: null, isCut: true });
	odd.sharp(
		'HEIC, meta behind mdat, cut',
		itemFile({ major: 'heic', items: [image], primary: 1, isMetaLast: true }).slice(0, -30),
		{ size: null, isCut: true },
	);
	odd.sharp(
		'HEIC, 60 KB of free space before meta',
		itemFile({ major: 'heic', items: [image], primary: 1, between: box('free', zeros(60_000)) }),
		whole,
	);
	odd.sharp(
		'HEIC, free space of 60 KB in boxes without content',
		itemFile({
			major: 'heic',
			items: [image],
			primary: 1,
			between: Array.from({ length: 7500 }, () => box('free')),
		}),
		whole,
	);
	// Brands for both: which decoder it takes only its items say.
	odd.sharp(
		'HEIF of brand mif1, heic and avif compatible',
		branded('mif1', 'mif1', 'heic', 'avif'),
		{ ...upright, format: undefined },
	);
	odd.sharp(
		'HEIC, minor version of its brand',
		bytes(u32(24), 'ftypheic', u32(0x10000), 'mif1heic', plain.slice(24)),
		{ ...upright },
	);
	return [...specimens, ...boxLies('HEIF', 'HEIC', HEVC), ...manyBoxes(HEVC)];
}
