import { formatOfBytes, type ImageFormat } from '../../cos/images/format';

/** What only Safari shows, as people call it. */
const ONLY_SAFARI: Readonly<Record<string, string>> = { HEIF: 'HEIC', TIFF: 'TIFF' };

function explain(format: ImageFormat | undefined, name: string): string {
	if (!format) {
		return `This browser cannot show ${name}. Use a JPG, PNG, WebP, GIF or BMP image, or convert the file to PNG at the same size first.`;
	}
	const foreign = ONLY_SAFARI[format.name];
	if (!foreign) {
		return `This browser cannot show ${name}: the ${format.name} file is damaged or cut short, or its image is too large. Get the file once more, or save a copy of it at the same size.`;
	}
	// A copy whose EXIF orientation turns it has other sides: of HEIF, the turn is a part of the image.
	return `${name} is a ${foreign} image, which this browser does not show; Safari does. Save a copy as JPG at the same size, and open the copy: its numbers fit the original, too, unless this page says that the copy is stored turned. Or measure in another program, and enter rectangles in percent in the node.`;
}

/** The browser cannot show a file; the message is for the user. */
export class UnreadableImage extends Error {
	/** @param bytes of the file */
	constructor(bytes: Uint8Array, name: string) {
		super(explain(formatOfBytes(bytes), name));
	}
}
