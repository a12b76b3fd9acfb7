import { crc32 } from './crc32';

/** An image file that every program shows as stored. */
export interface AsStored {
	readonly bytes: Uint8Array<ArrayBuffer>;
	/** The EXIF orientation that the file had, 1 to 8; 1, "as stored", if it had none. */
	readonly orientation: number;
}

/**
 * Resets the EXIF orientation of a JPEG, PNG or WebP file. Browsers rotate or mirror an image by it,
 * and no setting keeps all of them from doing so: `createImageBitmap` accepts "none" but still
 * follows EXIF.
 *
 * @param bytes the whole file; changed in place
 */
export function asStored(bytes: Uint8Array<ArrayBuffer>): AsStored {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	try {
		const block = findTiffBlock(view);
		const tag = block === undefined ? undefined : findTag(view, block);
		if (block === undefined || !tag || tag.value === 1) return { bytes, orientation: 1 };
		view.setUint16(tag.offset, 1, tag.isLittleEndian);
		if (view.getUint32(0) === PNG) renewChecksum(bytes, view, block - 8);
		return { bytes, orientation: tag.value };
	} catch (error) {
		// A truncated or malformed file has no orientation that a program could follow.
		if (error instanceof RangeError) return { bytes, orientation: 1 };
		throw error;
	}
}

const PNG = 0x89504e47;

function renewChecksum(bytes: Uint8Array, view: DataView, chunk: number): void {
	const end = chunk + 8 + view.getUint32(chunk);
	view.setUint32(end, crc32(bytes.subarray(chunk + 4, end)));
}

function textAt(view: DataView, offset: number, length: number): string {
	let text = '';
	for (let index = 0; index < length; index++) {
		text += String.fromCharCode(view.getUint8(offset + index));
	}
	return text;
}

/**
 * The offset of the block with the EXIF tags, which each format wraps in its own way (EXIF 2.32,
 * section 4.5.2; `eXIf` in PNG, third edition; `EXIF` in the WebP container).
 */
function findTiffBlock(view: DataView): number | undefined {
	if (view.getUint16(0) === 0xffd8) return inJpeg(view);
	if (view.getUint32(0) === PNG) return inPng(view);
	if (textAt(view, 0, 4) === 'RIFF' && textAt(view, 8, 4) === 'WEBP') return inWebp(view);
	return undefined;
}

function inJpeg(view: DataView): number | undefined {
	let offset = 2;
	while (view.getUint8(offset) === 0xff) {
		const marker = view.getUint8(offset + 1);
		// Pixels follow the start of the scan.
		if (marker === 0xda || marker === 0xd9) return undefined;
		if (marker === 0xe1 && textAt(view, offset + 4, 6) === 'Exif\0\0') return offset + 10;
		offset += 2 + view.getUint16(offset + 2);
	}
	return undefined;
}

function inPng(view: DataView): number | undefined {
	let offset = 8;
	while (offset + 8 <= view.byteLength) {
		if (textAt(view, offset + 4, 4) === 'eXIf') return offset + 8;
		offset += 12 + view.getUint32(offset);
	}
	return undefined;
}

function inWebp(view: DataView): number | undefined {
	let offset = 12;
	while (offset + 8 <= view.byteLength) {
		const length = view.getUint32(offset + 4, true);
		if (textAt(view, offset, 4) === 'EXIF') {
			// Some programs add the header that only JPEG needs.
			return textAt(view, offset + 8, 6) === 'Exif\0\0' ? offset + 14 : offset + 8;
		}
		offset += 8 + length + (length % 2);
	}
	return undefined;
}

const ORIENTATION_TAG = 0x0112;

interface Tag {
	readonly value: number;
	readonly offset: number;
	readonly isLittleEndian: boolean;
}

/** The orientation in the first directory; undefined unless it is 1 to 8. */
function findTag(view: DataView, block: number): Tag | undefined {
	const isLittleEndian = textAt(view, block, 2) === 'II';
	const directory = block + view.getUint32(block + 4, isLittleEndian);
	const entries = view.getUint16(directory, isLittleEndian);
	for (let index = 0; index < entries; index++) {
		const entry = directory + 2 + index * 12;
		if (view.getUint16(entry, isLittleEndian) !== ORIENTATION_TAG) continue;
		const value = view.getUint16(entry + 8, isLittleEndian);
		return value >= 1 && value <= 8 ? { value, offset: entry + 8, isLittleEndian } : undefined;
	}
	return undefined;
}
