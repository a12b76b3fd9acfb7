import { collect, type Specimen } from '../specimen';
import { bytes, indexOf, patched, u16, u32, u64, zeros, type Part } from '../writers/bytes';
import {
	box,
	clap,
	fullBox,
	ftyp,
	gridData,
	irot,
	ispe,
	itemFile,
	type Item,
	type Property,
} from '../writers/isobmff';
import { boxBounds, cuts } from './cuts';
import { codedItem, turned, type Coded } from './itemVariants';

/** Box files (HEIF, AVIF) that say what is not so, or are cut at every point of their structure. */
export function boxLies(family: 'HEIF' | 'AVIF', name: string, coded: Coded): Specimen[] {
	const { specimens, hostile } = collect(family);
	const sized = (width: number, height: number, ...turns: readonly Property[]) =>
		itemFile({
			major: coded.major,
			items: [codedItem(coded, 1, turns, { width, height })],
			primary: 1,
		});
	hostile(`${name}, sides of 50000×50000`, sized(50_000, 50_000), {
		size: { width: 50_000, height: 50_000 },
	});
	for (const [width, height] of [
		[50_001, 10],
		[10, 50_001],
		[0x7fffffff, 1],
		[0x80000000, 0x80000000],
		[0xffffffff, 0xffffffff],
	] as const) {
		hostile(`${name}, sides of ${width}×${height}`, sized(width, height), { size: null });
		hostile(`${name}, sides of ${width}×${height}, irot 1`, sized(width, height, irot(1)), {
			size: null,
		});
	}
	hostile(
		`${name}, aperture of 2 billion pixels`,
		sized(128, 64, clap(0x7fffffff, 0x7fffffff)),
		{},
	);
	hostile(`${name}, aperture of 4 billion pixels`, sized(128, 64, clap(0xffffffff, 0xffffffff)), {
		size: null,
	});

	const plain = turned(coded, irot(1));
	const at = (type: string) => indexOf(plain, type) - 4;
	for (const type of [
		'ftyp',
		'meta',
		'iprp',
		'ipco',
		'ispe',
		'irot',
		'iloc',
		'iinf',
		'ipma',
		'mdat',
	]) {
		for (const size of [0, 1, 4, 7, 8, 0x7fffffff, 0xffffffff]) {
			hostile(
				`${name}, ${type} that says it has ${size} bytes`,
				patched(plain, at(type), u32(size)),
				{
					...(type === 'ftyp' ? { format: undefined } : {}),
				},
			);
		}
	}
	for (const size of [0, 8, 15, 2n ** 63n, 2n ** 64n - 1n, 2n ** 32n + 24n]) {
		const large = bytes(u32(1), 'free', u64(size), zeros(8));
		hostile(
			`${name}, free space of ${size} bytes told in 64 bits`,
			itemFile({ major: coded.major, items: [codedItem(coded, 1)], primary: 1, between: large }),
			{},
		);
	}
	const count = (type: string, behind: number, value: Part) =>
		patched(plain, at(type) + behind, value);
	hostile(`${name}, 65,535 items and one entry`, count('iinf', 12, u16(0xffff)), {});
	hostile(`${name}, 0 items and one entry`, count('iinf', 12, u16(0)), {});
	hostile(`${name}, 65,535 locations and one entry`, count('iloc', 14, u16(0xffff)), {});
	hostile(`${name}, 65,535 pieces and one entry`, count('iloc', 20, u16(0xffff)), {});
	hostile(`${name}, 4 billion associations and one entry`, count('ipma', 12, u32(0xffffffff)), {});
	hostile(`${name}, 255 properties and three entries`, count('ipma', 18, 255), {});
	hostile(
		`${name}, properties of numbers that do not exist`,
		count('ipma', 19, [0x7f, 0xff, 0]),
		{},
	);
	hostile(`${name}, locations of no bytes`, count('iloc', 12, [0, 0]), {});
	hostile(`${name}, locations of 15 bytes`, count('iloc', 12, [0xff, 0xff]), {});
	const upright = { size: { width: 64, height: 128 } };
	hostile(`${name}, data at 4 billion`, count('iloc', 22, u32(0xffffffff)), {
		...upright,
		isCut: true,
	});
	hostile(`${name}, data of 4 billion bytes`, count('iloc', 26, u32(0xffffffff)), {
		...upright,
		isCut: true,
	});

	const file = (items: readonly Item[], type: string, ...to: readonly number[]) =>
		itemFile({ major: coded.major, items, primary: 1, references: [{ type, from: 1, to }] });
	const image = codedItem(coded, 1);
	const tile = { ...codedItem(coded, 2), isHidden: true };
	const grid: Item = {
		id: 1,
		type: 'grid',
		data: gridData(1, 1, 128, 64),
		properties: [ispe(128, 64)],
	};
	const same: Item = { id: 1, type: 'iden', properties: [ispe(128, 64)] };
	hostile(`${name}, grid made of itself`, file([grid], 'dimg', 1), {});
	hostile(
		`${name}, grid of 65,025 tiles that are one`,
		file(
			[{ ...grid, data: gridData(255, 255, 128, 64) }, tile],
			'dimg',
			...Array.from({ length: 65_025 }, () => 2),
		),
		{},
	);
	hostile(`${name}, grid without tiles`, file([grid], 'dimg'), {});
	hostile(`${name}, the same as itself (iden)`, file([same], 'dimg', 1), {});
	hostile(`${name}, thumbnail of itself`, file([image], 'thmb', 1), {});
	hostile(
		`${name}, two that are the same as each other`,
		itemFile({
			...{ major: coded.major, items: [same, { ...same, id: 2 }], primary: 1 },
			references: [
				{ type: 'dimg', from: 1, to: [2] },
				{ type: 'dimg', from: 2, to: [1] },
			],
		}),
		{},
	);
	hostile(
		`${name}, two items of the same number`,
		itemFile({
			major: coded.major,
			items: [image, codedItem(coded, 1, [], { width: 9, height: 9 })],
			primary: 1,
		}),
		{},
	);
	hostile(
		`${name}, item of number 0`,
		itemFile({ major: coded.major, items: [codedItem(coded, 0)], primary: 0 }),
		{},
	);
	const inTwo = itemFile({
		major: coded.major,
		items: [{ ...codedItem(coded, 1, [irot(1)]), pieces: 2 }],
		primary: 1,
	});
	const pieces = indexOf(inTwo, 'iloc') + 18;
	hostile(
		`${name}, pieces that overlap`,
		patched(inTwo, pieces + 8, inTwo.slice(pieces, pieces + 4)),
		upright,
	);
	hostile(`${name}, data that is the file type`, count('iloc', 22, u32(0)), upright);
	hostile(
		`${name}, two meta`,
		bytes(plain, fullBox('meta', 0, 0, fullBox('hdlr', 0, 0, u32(0), 'pict', zeros(13)))),
		{},
	);
	hostile(`${name}, meta of sound`, patched(plain, indexOf(plain, 'pict'), 'soun'), {});
	hostile(
		`${name}, meta without a version`,
		bytes(ftyp(coded.major, 'mif1'), box('meta', box('hdlr', zeros(20)))),
		{},
	);

	const ispeEnd = indexOf(plain, 'ispe') + 16;
	const metaEnd = indexOf(plain, 'mdat') - 4;
	return [
		...specimens,
		...cuts({
			...{ family, name, file: plain, size: upright.size },
			known: [ispeEnd, metaEnd],
			lengths: [...boxBounds(plain), metaEnd + 8, plain.length - 1],
		}),
	];
}
