/**
 * The EXIF orientation of a JPEG, PNG or WebP file, 1 to 8; 1, "as stored", when there is none.
 *
 * The tag stands in the first directory of a TIFF block, which each format wraps in its own way (EXIF
 * 2.32 section 4.5.2, PNG third edition `eXIf`, WebP container `EXIF`).
 */
export function readOrientation(bytes: Uint8Array): number {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	try {
		const block = findTiffBlock(view);
		return block === undefined ? 1 : orientationTag(view, block);
	} catch (error) {
		// Cut off or nonsense: then it is no orientation either.
		if (error instanceof RangeError) return 1;
		throw error;
	}
}

function textAt(view: DataView, offset: number, length: number): string {
	let text = '';
	for (let index = 0; index < length; index++) {
		text += String.fromCharCode(view.getUint8(offset + index));
	}
	return text;
}

function findTiffBlock(view: DataView): number | undefined {
	if (view.getUint16(0) === 0xffd8) return inJpeg(view);
	if (view.getUint32(0) === 0x89504e47) return inPng(view);
	if (textAt(view, 0, 4) === 'RIFF' && textAt(view, 8, 4) === 'WEBP') return inWebp(view);
	return undefined;
}

function inJpeg(view: DataView): number | undefined {
	let offset = 2;
	while (view.getUint8(offset) === 0xff) {
		const marker = view.getUint8(offset + 1);
		// Behind the start of the scan come pixels.
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
			// Some writers put JPEG's own header in front.
			return textAt(view, offset + 8, 6) === 'Exif\0\0' ? offset + 14 : offset + 8;
		}
		offset += 8 + length + (length % 2);
	}
	return undefined;
}

const ORIENTATION_TAG = 0x0112;

function orientationTag(view: DataView, block: number): number {
	const littleEndian = textAt(view, block, 2) === 'II';
	const directory = block + view.getUint32(block + 4, littleEndian);
	const entries = view.getUint16(directory, littleEndian);
	for (let index = 0; index < entries; index++) {
		const entry = directory + 2 + index * 12;
		if (view.getUint16(entry, littleEndian) !== ORIENTATION_TAG) continue;
		const value = view.getUint16(entry + 8, littleEndian);
		return value >= 1 && value <= 8 ? value : 1;
	}
	return 1;
}
