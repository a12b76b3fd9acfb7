/** Images whose headers say what no encoder here writes. */

const u16 = (value: number) => {
	const bytes = Buffer.alloc(2);
	bytes.writeUInt16BE(value);
	return bytes;
};
const u32 = (value: number) => {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(value);
	return bytes;
};

/** The header of a BMP with 24 bits, without any pixels. */
export function bmpHeader(width: number, height: number): Buffer {
	const bytes = Buffer.alloc(54);
	bytes.write('BM', 'latin1');
	bytes.writeUInt32LE(54, 10);
	bytes.writeUInt32LE(40, 14);
	bytes.writeInt32LE(width, 18);
	bytes.writeInt32LE(height, 22);
	bytes.writeUInt16LE(1, 26);
	bytes.writeUInt16LE(24, 28);
	return bytes;
}

/** A GIF of this size whose frames are one pixel each. */
export function gif(width: number, height: number, frames: number): Buffer {
	const head = Buffer.concat([
		Buffer.from('GIF89a', 'latin1'),
		u16(width).swap16(),
		u16(height).swap16(),
		Buffer.from('800000000000ffffff', 'hex'),
	]);
	const frame = Buffer.from('21f904000a0000002c00000000010001000002024401' + '00', 'hex');
	return Buffer.concat([head, ...Array<Buffer>(frames).fill(frame), Buffer.of(0x3b)]);
}

function box(type: string, ...parts: Buffer[]): Buffer {
	const body = Buffer.concat(parts);
	return Buffer.concat([u32(body.length + 8), Buffer.from(type, 'latin1'), body]);
}
const fullBox = (type: string, version: number, ...parts: Buffer[]) =>
	box(type, u32(version * 2 ** 24), ...parts);
const text = (value: string) => Buffer.from(value, 'latin1');

/** A HEIC file with one image of this size, whose pixels are missing. */
export function heic(width: number, height: number): Buffer {
	const ftyp = box('ftyp', text('heic'), u32(0), text('mif1heic'));
	const codec = Buffer.from('01010000000000000000000000f000fcfdf8f800000f00', 'hex');
	const properties = box(
		'iprp',
		box('ipco', box('hvcC', codec), fullBox('ispe', 0, u32(width), u32(height))),
		fullBox('ipma', 0, u32(1), u16(1), Buffer.of(2, 0x81, 2)),
	);
	const item = fullBox('infe', 2, u16(1), u16(0), text('hvc1'), Buffer.of(0));
	const meta = (offset: number) =>
		fullBox(
			'meta',
			0,
			fullBox('hdlr', 0, u32(0), text('pict'), Buffer.alloc(13)),
			fullBox('pitm', 0, u16(1)),
			fullBox('iloc', 0, u16(0x4400), u16(1), u16(1), u16(0), u16(1), u32(offset), u32(4)),
			fullBox('iinf', 0, u16(1), item),
			properties,
		);
	const offset = ftyp.length + meta(0).length + 8;
	return Buffer.concat([ftyp, meta(offset), box('mdat', u32(0))]);
}
