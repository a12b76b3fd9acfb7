import { bytes, u16, type Part } from './bytes';

/** Markers of JPEG (ITU-T T.81, table B.1), without their first byte. */
export const MARKER = {
	SOF0: 0xc0,
	SOF2: 0xc2,
	DHT: 0xc4,
	RST0: 0xd0,
	SOI: 0xd8,
	EOI: 0xd9,
	SOS: 0xda,
	DQT: 0xdb,
	DNL: 0xdc,
	DRI: 0xdd,
	APP0: 0xe0,
	APP1: 0xe1,
	APP2: 0xe2,
	APP13: 0xed,
	APP14: 0xee,
	COM: 0xfe,
};

export const SOI = bytes(0xff, MARKER.SOI);
export const EOI = bytes(0xff, MARKER.EOI);

/** A segment; `length` is what it says of itself where that is not the truth. */
export function segment(marker: number, data: Part, length?: number): Uint8Array {
	const body = bytes(data);
	return bytes(0xff, marker, u16(length ?? body.length + 2), body);
}

/** The parts of a JPEG file. */
export interface Jpeg {
	/** Segments up to the frame header, which they do not include. */
	before: Uint8Array[];
	/** The frame header (SOF). */
	frame: Uint8Array;
	/** From behind the frame header up to the end marker. */
	rest: Uint8Array;
}

/** Takes a well-formed JPEG apart, such as an encoder makes. */
export function takeApart(file: Uint8Array): Jpeg {
	const view = new DataView(file.buffer, file.byteOffset, file.length);
	const before: Uint8Array[] = [];
	for (let at = 2; ;) {
		const marker = view.getUint8(at + 1);
		const end = at + 2 + view.getUint16(at + 2);
		const whole = file.slice(at, end);
		if (marker === MARKER.SOF0 || marker === MARKER.SOF2) {
			return { before, frame: whole, rest: file.slice(end, file.length - 2) };
		}
		before.push(whole);
		at = end;
	}
}

/** The same frame header with another size. */
export function resized(frame: Uint8Array, width: number, height: number): Uint8Array {
	return bytes(frame.slice(0, 5), u16(height), u16(width), frame.slice(9));
}

/** The same frame header with another marker. */
export function renamed(frame: Uint8Array, marker: number): Uint8Array {
	return bytes(0xff, marker, frame.slice(2));
}
