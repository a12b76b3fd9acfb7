import { collect, type Specimen } from '../specimen';
import { bytes, patched, repeated, u16, u32, zeros, type Part } from '../writers/bytes';
import {
	blackPixels,
	chunk,
	headerData,
	IEND,
	IHDR,
	png,
	SIGNATURE,
	type Header,
} from '../writers/png';
import { exif, orientationExif, short, TAG } from '../writers/tiff';
import { picture } from './picture';

const COLORS: Readonly<Record<number, { name: string; depths: readonly number[] }>> = {
	0: { name: 'grey', depths: [1, 2, 4, 8, 16] },
	2: { name: 'truecolor', depths: [8, 16] },
	3: { name: 'palette', depths: [1, 2, 4, 8] },
	4: { name: 'grey with alpha', depths: [8, 16] },
	6: { name: 'truecolor with alpha', depths: [8, 16] },
};

const frameControl = (sequence: number, width: number, height: number) =>
	chunk('fcTL', [sequence, width, height, 0, 0].map(u32), u16(1), u16(10), 0, 0);

/** An animated PNG whose further frames are as large as the first, which is also its still image. */
function animated(header: Header, frames: number): Uint8Array {
	const pixels = blackPixels(header);
	const further = Array.from({ length: frames - 1 }, (_, index) => [
		frameControl(index * 2 + 1, header.width, header.height),
		chunk('fdAT', u32(index * 2 + 2), pixels),
	]);
	const start = [chunk('acTL', u32(frames), u32(0)), frameControl(0, header.width, header.height)];
	return png(header, start, further);
}

/** PNG: a chain of chunks, the first of which has the size. */
export async function pngSpecimens(): Promise<Specimen[]> {
	const { specimens, ordinary, odd } = collect('PNG');
	const header: Header = { width: 37, height: 21 };
	const size = { width: 37, height: 21 };
	const whole = { size, isCut: false };

	for (const [type, { name, depths }] of Object.entries(COLORS)) {
		for (const depth of depths) {
			for (const isInterlaced of [false, true]) {
				const file = png({ ...header, colorType: Number(type), depth, isInterlaced });
				ordinary.sharp(`PNG, ${name}, ${depth} bits${isInterlaced ? ', interlaced' : ''}`, file, {
					...whole,
					hasAlpha: type === '4' || type === '6',
					frames: 1,
					orientation: 1,
				});
			}
		}
	}
	const transparent: Record<string, { colorType: number; tRNS: Part }> = {
		grey: { colorType: 0, tRNS: u16(0) },
		truecolor: { colorType: 2, tRNS: zeros(6) },
		palette: { colorType: 3, tRNS: [0, 255] },
	};
	for (const [name, { colorType, tRNS }] of Object.entries(transparent)) {
		ordinary.sharp(
			`PNG, ${name} with a transparent color`,
			png({ ...header, colorType }, chunk('tRNS', tRNS)),
			{
				...whole,
				hasAlpha: true,
			},
		);
	}
	const encoded = {
		'PNG by an encoder, palette': picture(64, 48).png({ palette: true, colours: 8 }).toBuffer(),
		'PNG by an encoder, interlaced': picture(64, 48).png({ progressive: true }).toBuffer(),
		'PNG by an encoder, alpha': picture(64, 48, 4).png().toBuffer(),
		'PNG by an encoder, 16 bits': picture(64, 48).toColourspace('rgb16').png().toBuffer(),
		'PNG by an encoder, color profile': picture(64, 48).withIccProfile('srgb').png().toBuffer(),
	};
	for (const [name, file] of Object.entries(encoded)) {
		ordinary.sharp(name, await file, { size: { width: 64, height: 48 }, isCut: false });
	}
	for (const [width, height] of [
		[1, 1],
		[50_000, 1],
		[1, 50_000],
	] as const) {
		ordinary.sharp(`PNG, ${width}×${height}`, png({ width, height, depth: 1, colorType: 0 }), {
			size: { width, height },
			isCut: false,
		});
	}
	const oriented = (data: Part) => chunk('eXIf', data);
	for (const orientation of [3, 6, 8]) {
		ordinary.sharp(
			`PNG, eXIf orientation ${orientation} before its pixels`,
			png(header, oriented(orientationExif(orientation, orientation === 3 ? 'II' : 'MM'))),
			{ ...whole, orientation },
		);
	}
	// It may stand anywhere (PNG, third edition, 11.3.4.4); the decoder of sharp stops reading before it.
	ordinary.hand('PNG, eXIf behind its pixels', png(header, [], oriented(orientationExif(6))), {
		...whole,
		orientation: 6,
	});
	ordinary.sharp('PNG, eXIf without an orientation', png(header, oriented(exif('II', []))), {
		...whole,
		orientation: 1,
	});
	ordinary.sharp(
		'PNG, text, time and resolution',
		png(header, [
			chunk('pHYs', u32(2835), u32(2835), 1),
			chunk('tIME', u16(2025), 1, 2, 3, 4, 5),
			chunk('tEXt', 'Comment\0IHDR IDAT IEND'),
		]),
		whole,
	);
	const pixels = blackPixels(header);
	ordinary.sharp(
		'PNG, pixels in many chunks',
		bytes(
			SIGNATURE,
			IHDR(header),
			[...pixels].map((byte) => chunk('IDAT', byte)),
			IEND,
		),
		whole,
	);
	// sharp sees the still image only.
	for (const frames of [1, 2, 12]) {
		ordinary.hand(`APNG of ${frames} frames`, animated(header, frames), { ...whole, frames });
	}
	const still = [chunk('acTL', u32(2), u32(0)), chunk('IDAT', pixels)];
	const moving = [1, 3].map((sequence) => [
		frameControl(sequence - 1, 37, 21),
		chunk('fdAT', u32(sequence), pixels),
	]);
	ordinary.hand(
		'APNG whose still image is not one of its frames',
		bytes(SIGNATURE, IHDR(header), still, moving, IEND),
		{
			...whole,
			frames: 2,
		},
	);
	// An acTL behind the first IDAT makes no animation (PNG, third edition, 11.3.3.1).
	odd.sharp('PNG, acTL behind its pixels', png(header, [], chunk('acTL', u32(5), u32(0))), {
		...whole,
		frames: 1,
	});

	odd.sharp('PNG, garbage behind its end', bytes(png(header), 'garbage'), whole);
	odd.sharp(
		'PNG, another PNG behind its end',
		bytes(png(header), png({ width: 1, height: 1 })),
		whole,
	);
	odd.sharp(
		'PNG, unknown chunks that may be left out',
		png(header, [chunk('vpAg', zeros(9)), chunk('prVt')]),
		whole,
	);
	odd.sharp('PNG, empty pixel chunks', png(header, chunk('IDAT'), chunk('IDAT')), whole);
	odd.sharp(
		'PNG, 60 KB of chunks without data',
		png(header, repeated(chunk('teSt'), 60_000)),
		whole,
	);
	odd.sharp(
		'PNG, wrong checksum of its pixels',
		patched(png(header), png(header).length - 16, zeros(4)),
		whole,
	);
	odd.sharp('PNG, orientation 0', png(header, oriented(orientationExif(0))), {
		...whole,
		orientation: 1,
	});
	odd.sharp(
		'PNG, eXIf that begins as in a JPEG',
		png(header, oriented(['Exif\0\0', orientationExif(6)])),
		whole,
	);
	odd.sharp('PNG, eXIf that is garbage', png(header, oriented('II*')), {
		...whole,
		orientation: 1,
	});
	odd.sharp(
		'PNG, EXIF directory of nothing but its tag',
		png(header, oriented(exif('MM', [short(TAG.orientation)]))),
		{
			...whole,
			orientation: 1,
		},
	);
	// Xcode's: pixels without a checksum of zlib, behind a chunk of Apple's. Only Apple reads it.
	odd.hand(
		'PNG made for iOS (CgBI before IHDR)',
		bytes(
			SIGNATURE,
			chunk('CgBI', u32(0x50002002)),
			IHDR({ ...header, colorType: 6 }),
			chunk('IDAT', pixels),
			IEND,
		),
		{ size },
	);
	const data = headerData(header);
	const around = (...start: readonly Part[]) =>
		bytes(SIGNATURE, start, chunk('IDAT', pixels), IEND);
	odd.sharp('PNG, IHDR one byte short', around(chunk('IHDR', data.slice(0, 12))), { size: null });
	odd.sharp('PNG, IHDR one byte long', around(chunk('IHDR', data, 0)), { size: null });
	odd.sharp('PNG, empty IHDR', around(chunk('IHDR')), { size: null });
	odd.sharp('PNG, text before IHDR', around(chunk('tEXt', 'a\0b'), IHDR(header)), { size: null });
	odd.sharp('PNG, pixels before IHDR', around(chunk('IDAT', pixels), IHDR(header)), { size: null });
	odd.sharp('PNG, without IHDR', around(), { size: null });
	odd.sharp('PNG, width 0', around(IHDR({ width: 0, height: 21 })), { size: null });
	odd.sharp('PNG, height 0', around(IHDR({ width: 37, height: 0 })), { size: null });
	const file = png(header);
	odd.sharp('PNG, signature only', SIGNATURE, { size: null, isCut: true });
	odd.sharp('PNG, cut within IHDR', file.slice(0, 20), { size: null, isCut: true });
	// sharp wants to see the first pixels.
	odd.hand('PNG, cut behind IHDR', file.slice(0, 33), { isCut: true });
	odd.sharp('PNG, cut in its pixels', file.slice(0, 50), { size, isCut: true });
	odd.sharp('PNG, without IEND', file.slice(0, -12), { size, isCut: true });
	odd.sharp('PNG, cut in IEND', file.slice(0, -3), { size, isCut: true });
	return specimens;
}
