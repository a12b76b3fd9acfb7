import { collect, type Family, type Specimen } from '../specimen';
import { bytes } from '../writers/bytes';
import { bmp } from '../writers/bmp';
import { comment, control, frame, loop, screen, TRAILER } from '../writers/gif';
import { MARKER, segment, SOI, takeApart, EOI } from '../writers/jpeg';
import { chunk, png } from '../writers/png';
import { greyImage, orientationExif, short, TAG, tiff } from '../writers/tiff';
import { picture } from './picture';

/** A whole file, and where it is cut. */
interface Whole {
	family: Family;
	name: string;
	file: Uint8Array;
	size: { width: number; height: number };
	/** Before so many bytes nobody can know the size; with so many more everybody can. */
	known: readonly [impossible: number, certain: number];
	/** Lengths to which it is cut. */
	lengths: readonly number[];
}

/** Boxes whose content is boxes, and how many bytes stand before these. */
const PARENTS: Readonly<Record<string, number>> = {
	meta: 4,
	iinf: 6,
	iprp: 0,
	ipco: 0,
	moov: 0,
	trak: 0,
	mdia: 0,
	minf: 0,
	stbl: 0,
};

/** Where boxes and their contents begin and end. */
export function boxBounds(file: Uint8Array, from = 0, to = file.length): number[] {
	const view = new DataView(file.buffer, file.byteOffset, file.length);
	const bounds: number[] = [];
	for (let at = from; at + 8 <= to;) {
		const size = view.getUint32(at);
		const type = Buffer.from(file.slice(at + 4, at + 8)).toString('latin1');
		const skipped = PARENTS[type];
		bounds.push(at, at + 4, at + 8);
		if (skipped !== undefined) bounds.push(...boxBounds(file, at + 8 + skipped, at + size));
		at += Math.max(8, size);
	}
	return bounds;
}

/** Where the segments of a JPEG begin, up to its scan. */
function segmentBounds(file: Uint8Array): number[] {
	const { before, frame: header } = takeApart(file);
	const bounds = [1, 2];
	let at = 2;
	for (const part of [...before, header]) {
		bounds.push(at + 1, at + 2, at + 3, at + 4, at + part.length);
		at += part.length;
	}
	return bounds;
}

/** Cuts a file at every point of its structure. Below twelve bytes its format need not be known. */
export function cuts(whole: Whole): Specimen[] {
	const { specimens, hostile } = collect(whole.family);
	const [impossible, certain] = whole.known;
	const lengths = [...new Set(whole.lengths)].filter(
		(length) => length > 0 && length < whole.file.length,
	);
	for (const length of lengths.sort((a, b) => a - b)) {
		const size = length >= certain ? whole.size : length < impossible ? null : undefined;
		hostile(`${whole.name}, cut to ${length} bytes`, whole.file.slice(0, length), {
			...(length < 12 ? { format: undefined } : {}),
			...(size === undefined ? {} : { size }),
			...(length < 12 ? {} : { isCut: true }),
		});
	}
	return specimens;
}

/** One file of each format that is no box file, cut at every point of its structure. */
export async function cutSpecimens(): Promise<Specimen[]> {
	const size = { width: 37, height: 21 };
	const made = takeApart(new Uint8Array(await picture(37, 21).jpeg().toBuffer()));
	const exif = segment(MARKER.APP1, ['Exif\0\0', orientationExif(6)]);
	const jpeg = bytes(SOI, exif, made.before, made.frame, made.rest, EOI);
	const frameAt = jpeg.length - made.rest.length - made.frame.length - 2;
	const webp = new Uint8Array(await picture(37, 21).webp({ effort: 0 }).toBuffer());
	const webpAlpha = new Uint8Array(await picture(37, 21, 4).webp({ effort: 0 }).toBuffer());
	const pngFile = png({ ...size, colorType: 3 }, chunk('tRNS', 0), chunk('tEXt', 'a\0b'));
	const image = frame(size);
	const gif = bytes(screen(37, 21), loop(0), control(1), image, comment('text'), image, TRAILER);
	const tiffFile = tiff(
		{ order: 'MM' },
		[greyImage(37, 21, [short(TAG.orientation, 6)])],
		'before',
	);
	const entries = Array.from({ length: 10 }, (_, index) => 10 + index * 12);
	const end = (file: Uint8Array) => [file.length - 2, file.length - 1];
	return [
		cuts({
			...{ family: 'JPG', name: 'JPEG', file: jpeg, size },
			known: [frameAt + 9, frameAt + made.frame.length],
			lengths: [...segmentBounds(jpeg), frameAt + 7, frameAt + 9, frameAt + 30, ...end(jpeg)],
		}),
		cuts({
			...{ family: 'PNG', name: 'PNG', file: pngFile, size },
			known: [24, 33],
			lengths: [...[1, 7, 8, 12, 16, 20, 24, 29, 33, 37, 41, 47, 51, 60, 70], ...end(pngFile)],
		}),
		cuts({
			...{ family: 'GIF', name: 'GIF', file: gif, size },
			known: [10, 13],
			lengths: [...[3, 6, 8, 10, 12, 13, 16, 19, 20, 21, 38, 45, 47, 57, 58, 100], ...end(gif)],
		}),
		cuts({
			...{ family: 'WebP', name: 'WebP', file: webp, size },
			known: [30, 30],
			lengths: [...[4, 8, 12, 16, 20, 23, 26, 30, 40], ...end(webp)],
		}),
		cuts({
			...{ family: 'WebP', name: 'WebP with a canvas', file: webpAlpha, size },
			known: [30, 30],
			lengths: [...[16, 20, 24, 27, 30, 34, 38, 50], ...end(webpAlpha)],
		}),
		cuts({
			...{ family: 'BMP', name: 'BMP', file: bmp({ ...size, bits: 8 }), size },
			known: [26, 54],
			lengths: [2, 6, 10, 14, 16, 18, 22, 26, 28, 30, 34, 54, 100, 1078, 1100],
		}),
		cuts({
			...{ family: 'TIFF', name: 'TIFF', file: tiffFile, size },
			known: [8 + 2 + 24, tiffFile.length - 37 * 21],
			lengths: [...[2, 4, 8, 9], ...entries, tiffFile.length - 37 * 21, ...end(tiffFile)],
		}),
	].flat();
}
