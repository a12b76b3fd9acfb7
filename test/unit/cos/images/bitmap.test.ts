import { readBitmap } from '../../../../cos/images/bitmap';
import { unreadable } from '../thrown';

/** A BMP of two by two pixels: red, green, blue, white, from the top left. */
function bmp(bits: 1 | 4 | 8 | 24 | 32, rows: readonly string[], height = 2): Buffer {
	const palette = bits > 8 ? '' : '0000ff00 00ff0000 ff000000 ffffff00';
	const head = Buffer.alloc(54);
	const body = Buffer.from((palette + rows.join('')).replaceAll(' ', ''), 'hex');
	head.write('BM');
	head.writeUInt32LE(54 + (bits > 8 ? 0 : 16), 10);
	head.writeUInt32LE(40, 14);
	head.writeInt32LE(2, 18);
	head.writeInt32LE(height, 22);
	head.writeUInt16LE(bits, 28);
	return Buffer.concat([head, body]);
}

const colorsOf = (file: Uint8Array) =>
	Buffer.from(readBitmap(file).pixels).toString('hex').match(/.{8}/g);

const COLORS = ['ff0000ff', '00ff00ff', '0000ffff', 'ffffffff'];

describe('a bitmap', () => {
	it.each<[string, Buffer]>([
		['24 bits', bmp(24, ['ff0000ffffff0000', '0000ff00ff000000'])],
		['24 bits from the top', bmp(24, ['0000ff00ff000000', 'ff0000ffffff0000'], -2)],
		['8 bits and a palette', bmp(8, ['02030000', '00010000'])],
		['4 bits and a palette', bmp(4, ['23000000', '01000000'])],
		['32 bits without alpha', bmp(32, ['ff000000 ffffff00', '0000ff00 00ff0000'])],
	])('of %s is read from the top left', (_, file) => {
		expect(colorsOf(file)).toEqual(COLORS);
		expect(readBitmap(file)).toMatchObject({ width: 2, height: 2 });
	});

	it('of one bit has two colors', () => {
		const [red, green] = COLORS;
		expect(colorsOf(bmp(1, ['80000000', '40000000']))).toEqual([red, green, green, red]);
	});

	it('of 32 bits has alpha when any pixel has', () => {
		const file = bmp(32, ['ff000000 ffffff00', '0000ff00 00ff0080']);
		expect(colorsOf(file)).toEqual(['ff000000', '00ff0080', '0000ff00', 'ffffff00']);
	});

	it('may be a part of larger memory', () => {
		const file = bmp(8, ['02030000', '00010000']);
		const larger = Buffer.concat([Buffer.alloc(7), file, Buffer.alloc(9)]);
		expect(colorsOf(larger.subarray(7, 7 + file.length))).toEqual(COLORS);
	});

	const right = () => bmp(24, ['ff0000ffffff0000', '0000ff00ff000000']);
	const changed = (write: (file: Buffer) => void) => {
		const file = right();
		write(file);
		return file;
	};

	it.each<[string, Uint8Array]>([
		['nothing', Buffer.alloc(0)],
		['text', Buffer.from('BM'.repeat(60))],
		['a PNG', Buffer.from('\x89PNG\r\n\x1a\n'.padEnd(90, ' '), 'latin1')],
		['one that is cut', right().subarray(0, -1)],
		['16 bits', changed((file) => file.writeUInt16LE(16, 28))],
		['one that is compressed', changed((file) => file.writeUInt32LE(1, 30))],
		['no width', changed((file) => file.writeInt32LE(0, 18))],
		['more than any copy has', changed((file) => file.writeInt32LE(5000, 18))],
		['pixels beyond the end', changed((file) => file.writeUInt32LE(0xffffffff, 10))],
	])('is refused when it is %s', (_, file) => {
		expect(unreadable(() => readBitmap(file))).toMatchObject({ part: 'BMP' });
	});
});
