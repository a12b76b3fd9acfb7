import sharp from 'sharp';

import { collect, type Specimen } from '../specimen';
import { bytes, le16, le32, patched, repeated, zeros, type Part } from '../writers/bytes';
import { orientationExif } from '../writers/tiff';
import { anim, anmf, chunk, FLAG, takeChunk, vp8x, webp } from '../writers/webp';
import { picture } from './picture';

/** An animation by an encoder. */
function animation(frames: number): Promise<Buffer> {
	const height = 32;
	const pixels = new Uint8Array(48 * height * frames * 3);
	// Frames that are alike would become one.
	for (let at = 0; at < pixels.length; at++) pixels[at] = Math.floor(at / (48 * height * 3)) * 60;
	return sharp(pixels, {
		raw: { width: 48, height: height * frames, channels: 3, pageHeight: height },
	})
		.webp({ effort: 0 })
		.toBuffer();
}

/** WebP: RIFF chunks. The canvas of VP8X, where there is one, is the size; or else that of the image. */
export async function webpSpecimens(): Promise<Specimen[]> {
	const { specimens, ordinary, odd } = collect('WebP');
	const [lossy, lossless, alpha, losslessAlpha, oriented, profile, moving, twoFrames] = (
		await Promise.all([
			picture(40, 24).webp({ effort: 0 }).toBuffer(),
			picture(40, 24).webp({ lossless: true, effort: 0 }).toBuffer(),
			picture(40, 24, 4).webp({ effort: 0 }).toBuffer(),
			picture(40, 24, 4).webp({ lossless: true, effort: 0 }).toBuffer(),
			picture(40, 24).withMetadata({ orientation: 6 }).webp({ effort: 0 }).toBuffer(),
			picture(40, 24).withIccProfile('p3').webp({ effort: 0 }).toBuffer(),
			animation(4),
			animation(2),
		] as const)
	).map((file) => new Uint8Array(file));
	if (
		!lossy ||
		!lossless ||
		!alpha ||
		!losslessAlpha ||
		!oriented ||
		!profile ||
		!moving ||
		!twoFrames
	) {
		return specimens;
	}
	const size = { width: 40, height: 24 };
	const whole = { size, isCut: false };
	const vp8 = takeChunk(lossy, 'VP8 ');
	const vp8l = takeChunk(lossless, 'VP8L');
	const exifChunk = (orientation: number) => chunk('EXIF', orientationExif(orientation, 'II'));

	ordinary.sharp('WebP, lossy', lossy, { ...whole, hasAlpha: false, frames: 1, orientation: 1 });
	ordinary.sharp('WebP, lossless', lossless, { ...whole, hasAlpha: false, frames: 1 });
	ordinary.sharp('WebP, lossy with alpha', alpha, { ...whole, hasAlpha: true });
	ordinary.sharp('WebP, lossless with alpha', losslessAlpha, { ...whole, hasAlpha: true });
	ordinary.sharp('WebP by an encoder, orientation 6', oriented, { ...whole, orientation: 6 });
	ordinary.sharp('WebP by an encoder, color profile', profile, whole);
	ordinary.sharp('WebP by an encoder, 4 frames', moving, {
		size: { width: 48, height: 32 },
		frames: 4,
		isCut: false,
	});
	ordinary.sharp('WebP by an encoder, 2 frames', twoFrames, {
		size: { width: 48, height: 32 },
		frames: 2,
		isCut: false,
	});
	for (const orientation of [1, 3, 5, 8]) {
		ordinary.sharp(
			`WebP, EXIF orientation ${orientation}`,
			webp([vp8x(FLAG.exif, 40, 24), vp8, exifChunk(orientation)]),
			{
				...whole,
				orientation,
			},
		);
	}
	ordinary.sharp('WebP, canvas and a lossless image', webp([vp8x(0, 40, 24), vp8l]), whole);
	ordinary.sharp(
		'WebP, XMP',
		webp([vp8x(FLAG.xmp, 40, 24), vp8, chunk('XMP ', '<x:xmpmeta/>')]),
		whole,
	);
	ordinary.sharp(
		'WebP, color profile of odd length',
		webp([vp8x(FLAG.icc, 40, 24), chunk('ICCP', zeros(131)), vp8]),
		whole,
	);
	const frames = (count: number, image: Part) =>
		Array.from({ length: count }, () => anmf(40, 24, image));
	ordinary.sharp(
		'WebP, 3 frames, lossy',
		webp([vp8x(FLAG.animation, 40, 24), anim, frames(3, vp8)]),
		{ ...whole, frames: 3 },
	);
	ordinary.sharp(
		'WebP, 3 frames, lossless',
		webp([vp8x(FLAG.animation, 40, 24), anim, frames(3, vp8l)]),
		{ ...whole, frames: 3 },
	);
	ordinary.sharp(
		'WebP, animation of one frame',
		webp([vp8x(FLAG.animation, 40, 24), anim, frames(1, vp8)]),
		{ ...whole, frames: 1 },
	);
	ordinary.sharp(
		'WebP, animation whose frames are smaller than its canvas',
		webp([vp8x(FLAG.animation, 100, 80), anim, anmf(40, 24, vp8, 10, 20), anmf(40, 24, vp8)]),
		{
			size: { width: 100, height: 80 },
			frames: 2,
			isCut: false,
		},
	);
	ordinary.sharp(
		'WebP, animation with EXIF',
		webp([vp8x(FLAG.animation + FLAG.exif, 40, 24), anim, frames(2, vp8), exifChunk(6)]),
		{
			...whole,
			frames: 2,
			orientation: 6,
		},
	);
	const dot = new Uint8Array(await picture(1, 1).webp().toBuffer());
	ordinary.sharp('WebP, one pixel', dot, { size: { width: 1, height: 1 }, isCut: false });

	odd.sharp(
		'WebP, unknown chunks',
		webp([vp8x(0, 40, 24), chunk('wHat', 'odd'), vp8, chunk('wHat', 'even')]),
		whole,
	);
	odd.sharp(
		'WebP, lossy with scaling bits in its sides',
		patched(lossy, 26, [le16(40 | 0x4000), le16(24 | 0xc000)]),
		whole,
	);
	odd.sharp(
		'WebP, EXIF that begins as in a JPEG',
		webp([vp8x(FLAG.exif, 40, 24), vp8, chunk('EXIF', 'Exif\0\0', orientationExif(6))]),
		{
			...whole,
			orientation: 6,
		},
	);
	odd.sharp('WebP, EXIF before its image', webp([vp8x(FLAG.exif, 40, 24), exifChunk(6), vp8]), {
		...whole,
		orientation: 6,
	});
	odd.sharp('WebP, EXIF that its flags deny', webp([vp8x(0, 40, 24), vp8, exifChunk(6)]), whole);
	odd.sharp(
		'WebP, EXIF that is garbage',
		webp([vp8x(FLAG.exif, 40, 24), vp8, chunk('EXIF', 'garbage')]),
		{ ...whole, orientation: 1 },
	);
	odd.sharp('WebP, garbage behind its end', bytes(lossy, 'garbage'), whole);
	odd.sharp('WebP, another WebP behind its end', bytes(lossy, dot), whole);
	// The decoder of sharp refuses files that are not whole or not consistent; what they say is judged where
	// it is beyond doubt.
	odd.hand('WebP, image larger than its canvas', webp([vp8x(0, 10, 10), vp8]), {});
	odd.sharp('WebP, alpha flag and no alpha', webp([vp8x(FLAG.alpha, 40, 24), vp8]), whole);
	odd.sharp('WebP, RIFF size of 0', webp(vp8, 0), { size: null });
	odd.hand('WebP, RIFF size of 4 GB', webp(vp8, 0xffffffff), { isCut: true });
	odd.hand('WebP, RIFF size a byte short', webp(vp8, vp8.length + 3), {});
	odd.hand(
		'WebP, chunk that says it is larger than the file',
		patched(lossy, 16, le32(0x7fffffff)),
		{},
	);
	odd.sharp('WebP, no image', webp(chunk('EXIF', 'garbage')), { size: null });
	odd.sharp('WebP, first frame is no key frame', patched(lossy, 20, (lossy[20] ?? 0) | 1), {
		size: null,
	});
	odd.sharp('WebP, lossy without its start code', patched(lossy, 23, [0, 0, 0]), { size: null });
	odd.sharp('WebP, lossless without its signature', patched(lossless, 20, 0), { size: null });
	odd.sharp(
		'WebP, 60 KB of empty chunks',
		webp([vp8x(0, 40, 24), repeated(chunk('wHat'), 60_000), vp8]),
		whole,
	);
	odd.hand('WebP, cut in its image', lossy.slice(0, -20), { size, isCut: true });
	odd.hand('WebP, last byte missing', lossless.slice(0, -1), { size, isCut: true });
	odd.hand('WebP, cut in its second frame', moving.slice(0, -30), {
		size: { width: 48, height: 32 },
		isCut: true,
	});
	odd.sharp('WebP, cut behind its name', lossy.slice(0, 12), { size: null, isCut: true });
	odd.sharp('WebP, cut before its sides', lossy.slice(0, 24), { size: null, isCut: true });
	return specimens;
}
