import { crc32, deflateSync } from 'node:zlib';

import { bytes, u32, zeros, type Part } from './bytes';

export const SIGNATURE = bytes(0x89, 'PNG\r\n', 0x1a, '\n');

/** A chunk with its length and checksum (PNG, third edition, 5.3). */
export function chunk(type: string, ...data: readonly Part[]): Uint8Array {
	const body = bytes(data);
	const typed = bytes(type, body);
	return bytes(u32(body.length), typed, u32(crc32(typed)));
}

/** What IHDR says. */
export interface Header {
	width: number;
	height: number;
	/** Bits of a sample. */
	depth?: number;
	/** 0 grey, 2 truecolour, 3 palette, 4 grey with alpha, 6 truecolour with alpha. */
	colorType?: number;
	isInterlaced?: boolean;
}

export function headerData(header: Header): Uint8Array {
	const { width, height, depth = 8, colorType = 2, isInterlaced = false } = header;
	return bytes(u32(width), u32(height), depth, colorType, 0, 0, isInterlaced ? 1 : 0);
}

export const IHDR = (header: Header): Uint8Array => chunk('IHDR', headerData(header));
export const IEND = chunk('IEND');

const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Adam7: first column and row, and steps between them, of each pass. */
const PASSES = [
	[0, 0, 8, 8],
	[4, 0, 8, 8],
	[0, 4, 4, 8],
	[2, 0, 4, 4],
	[0, 2, 2, 4],
	[1, 0, 2, 2],
	[0, 1, 1, 2],
] as const;

/** All pixels zero, deflated, as the data of IDAT. */
export function blackPixels(header: Header): Uint8Array {
	const { width, height, depth = 8, colorType = 2, isInterlaced = false } = header;
	const bits = depth * (SAMPLES[colorType] ?? 1);
	const passes = isInterlaced ? PASSES : ([[0, 0, 1, 1]] as const);
	const sizes = passes.map(([x, y, right, down]) => {
		const columns = Math.ceil((width - x) / right);
		const rows = Math.ceil((height - y) / down);
		return columns > 0 && rows > 0 ? rows * (1 + Math.ceil((columns * bits) / 8)) : 0;
	});
	return new Uint8Array(deflateSync(zeros(sizes.reduce((sum, size) => sum + size, 0))));
}

/** A whole PNG, with chunks of choice before and behind its pixels. */
export function png(header: Header, before: Part = [], behind: Part = []): Uint8Array {
	const palette = header.colorType === 3 ? chunk('PLTE', 0, 0, 0, 255, 0, 0) : [];
	const pixels = chunk('IDAT', blackPixels(header));
	return bytes(SIGNATURE, IHDR(header), palette, before, pixels, behind, IEND);
}
