import fc from 'fast-check';

import { ImageReader, type ImageEnd } from '../../../../cos/images/readImage';
import { formatOfBytes } from '../../../../cos/images/format';
import { bmp, box, FILE_TYPE, lastBox, longBox, realImages, tiff } from './images';

function finder(image: Uint8Array): ImageReader {
	const format = formatOfBytes(image);
	if (!format) throw new Error('These bytes are not an image');
	return new ImageReader(format);
}

function endOf(image: Uint8Array): ImageEnd {
	const found = finder(image);
	found.push(image);
	return found.end;
}

/** How many bytes it takes, given one by one, until the end is no longer missing. */
function lengthTo(image: Uint8Array, end: ImageEnd): number | undefined {
	const found = finder(image);
	for (let length = 1; length <= image.length; length++) {
		found.push(image.subarray(length - 1, length));
		if (found.isOver) return found.end === end ? length : undefined;
	}
	return undefined;
}

const text = (characters: string) => Buffer.from(characters, 'latin1');

let images: ReadonlyMap<string, Buffer>;
beforeAll(async () => {
	images = await realImages();
});

test('a real image of any format is whole with its last byte, and incomplete wherever it is cut', () => {
	expect(images.size).toBeGreaterThan(20);
	for (const [name, image] of images) {
		expect([name, lengthTo(image, 'reached')]).toEqual([name, image.length]);
	}
});

test('an image is told the same way whatever pieces it comes in, cut, whole or with more behind it', () => {
	fc.assert(
		fc.property(
			fc.constantFrom(...images.keys()),
			fc.double({ min: 0, max: 1.2, noNaN: true }),
			fc.uint8Array({ maxLength: 40 }),
			fc.array(fc.oneof(fc.nat(20), fc.nat(3000)), { minLength: 1, maxLength: 30 }),
			(name, part, more, pieces) => {
				const image = images.get(name) ?? Buffer.alloc(0);
				const cut = Math.min(image.length, Math.max(12, Math.floor(image.length * part)));
				const isWhole = cut === image.length;
				const sent = isWhole ? Buffer.concat([image, more]) : image.subarray(0, cut);
				const found = finder(image);
				for (let at = 0, piece = 0; at < sent.length; piece++) {
					// Without an end to empty pieces there would be none to the image.
					const length = pieces[piece % pieces.length] ?? 0;
					found.push(sent.subarray(at, at + (piece < 30 ? length : length + 1)));
					at += piece < 30 ? length : length + 1;
				}
				expect(found.end).toBe(isWhole ? 'reached' : 'missing');
			},
		),
		{ numRuns: 1500, seed: 11 },
	);
});

test('garbage in an image never makes it whole before anything that looks like an end, or throws', () => {
	fc.assert(
		fc.property(
			fc.constantFrom(...images.keys()),
			fc.nat(1000),
			fc.uint8Array({ minLength: 1, maxLength: 30 }),
			(name, at, garbage) => {
				const image = Buffer.from(images.get(name) ?? []);
				image.set(garbage, 18 + (at % (image.length - 18 - garbage.length)));
				expect(['reached', 'missing', 'untold']).toContain(endOf(image));
			},
		),
		{ numRuns: 1500, seed: 12 },
	);
});

test('the end of a TIFF is not told by its bytes, only that its directory is there', async () => {
	const image = await tiff();
	expect(endOf(image)).toBe('untold');
	expect(endOf(image.subarray(0, 20))).toBe('missing');
});

describe('JPEG', () => {
	const start = '\xff\xd8';
	const scan = '\xff\xda\0\x02';
	const end = '\xff\xd9';

	it.each([
		['without a scan', 'missing', start + end],
		['with nothing but tables', 'missing', `${start}\xff\xdb\0\x03\0${end}`],
		['with restarts and zeros in its scan', 'reached', `${start}${scan}a\xff\xd0b\xff\0c${end}`],
		['with fill bytes before its end', 'reached', `${start}${scan}a\xff\xff\xff\xd9`],
		['with an end inside a segment', 'missing', `${start}${scan}a\xff\xe0\0\x04${end}`],
		[
			'with a segment that is shorter than its own length',
			'reached',
			`${start}\xff\xe0\0\x01${scan}a${end}`,
		],
		['with rubbish between segments', 'reached', `${start}\xff\x01rubbish${scan}a${end}`],
		['with a marker that has no segment', 'reached', `${start}\xff\x01${scan}a${end}`],
		['that starts a second time', 'reached', `${start}\xff\xd8${scan}a${end}`],
	])('%s is %s', (_, expected, image) => {
		expect(endOf(text(image))).toBe(expected);
	});
});

describe('PNG', () => {
	const start = '\x89PNG\r\n\x1a\n';
	const chunk = (type: string, length = '\0\0\0\x01') => `${length}${type}xCRC.`;
	const end = '\0\0\0\0IENDCRC.';

	it.each([
		['with data', 'reached', start + chunk('IDAT') + end],
		['without data', 'missing', start + chunk('IHDR') + end],
		['with the name of its end in another chunk', 'missing', `${start}\0\0\0\x04IDATIENDCRC.`],
		['with a chunk of no name', 'missing', start + chunk('ID T') + end],
		['with a chunk of 2 GB', 'missing', start + chunk('IDAT', '\x80\0\0\0') + end],
		['with data and a chunk of garbage', 'missing', `${start}${chunk('IDAT')}<html></html>`],
	])('%s is %s', (_, expected, image) => {
		expect(endOf(text(image))).toBe(expected);
	});
});

describe('GIF', () => {
	const screen = (flags: string) => `GIF89a\x01\0\x01\0${flags}\0\0`;
	const image = (flags = '\0') => `,\0\0\0\0\x01\0\x01\0${flags}\x02\x01;\0`;

	it.each([
		['without a table of colors', 'reached', `${screen('\0')}${image()};`],
		['with a table of two colors', 'reached', `${screen('\x80')};;;;;;${image()};`],
		['with tables of four colors', 'missing', `${screen('\x81')}${';'.repeat(12)}${image('\x80')}`],
		['with a table for its frame', 'reached', `${screen('\0')}${image('\x80;;;;;;')};`],
		['with a comment', 'reached', `${screen('\0')}!\xfe\x03;;;\x01;\0${image()};`],
		['with an empty block too many', 'reached', `${screen('\0')}\0${image()}\0;`],
		['without a frame', 'missing', `${screen('\0')};`],
		['with an unknown block', 'missing', `${screen('\0')}?${image()};`],
	])('%s is %s', (_, expected, bytes) => {
		expect(endOf(text(bytes))).toBe(expected);
	});
});

describe('WebP', () => {
	it('that is too small to hold anything is incomplete', () => {
		expect(endOf(text('RIFF\x04\0\0\0WEBPVP8 aaaaaaaaaaaaaaaa'))).toBe('missing');
	});
});

describe('BMP', () => {
	it('whose header tells too small a size is whole with its pixels', () => {
		const image = bmp({ told: 60 });
		expect(lengthTo(image, 'reached')).toBe(image.length);
	});

	it('whose header tells a larger size is whole with that', () => {
		const image = Buffer.concat([bmp(), text('profile')]);
		image.writeUInt32LE(image.length, 2);
		expect(lengthTo(image, 'reached')).toBe(image.length);
	});

	it.each([0, 18, 170])('of the oldest kind with %d as its size ends with its pixels', (told) => {
		const image = Buffer.alloc(26 + 6 * 24);
		image.write('BM');
		image.writeUInt32LE(told, 2);
		image.writeUInt32LE(26, 10);
		image.writeUInt32LE(12, 14);
		image.writeUInt16LE(8, 18);
		image.writeUInt16LE(6, 20);
		image.writeUInt16LE(24, 24);
		expect(lengthTo(image, 'reached')).toBe(image.length);
	});

	it('with sizes that make no sense ends with its header', () => {
		const image = bmp({ told: 0 });
		image.writeUInt32LE(0, 10);
		image.writeInt32LE(-500, 18);
		expect(endOf(image)).toBe('reached');
	});
});

describe('HEIF', () => {
	const data = text('the picture');
	const number = (value: number, bytes: number) => {
		const written = Buffer.alloc(bytes);
		if (bytes > 0) written.writeUIntBE(value, Math.max(0, bytes - 6), Math.min(bytes, 6));
		return written;
	};

	interface Locations {
		version?: number;
		/** Bytes of offset, length, base and index. */
		fields?: readonly [number, number, number, number];
		base?: number;
		/** 0 in the file, 1 in the box. */
		method?: number;
		extents: ReadonlyArray<readonly [offset: number, length: number]>;
	}

	function iloc({ version = 0, fields = [4, 4, 0, 0], base = 0, method = 0, extents }: Locations) {
		const [offsets, lengths, bases, indexes] = fields;
		const countBytes = version < 2 ? 2 : 4;
		return box(
			'iloc',
			Buffer.from([version, 0, 0, 0, (offsets << 4) | lengths, (bases << 4) | indexes]),
			number(1, countBytes),
			number(1, countBytes),
			version === 0 ? Buffer.alloc(0) : number(method, 2),
			number(0, 2),
			number(base, bases),
			number(extents.length, 2),
			...extents.map(([offset, length]) =>
				Buffer.concat([
					version === 0 ? Buffer.alloc(0) : number(1, indexes),
					number(offset, offsets),
					number(length, lengths),
				]),
			),
		);
	}

	const meta = (...boxes: Buffer[]) =>
		box('meta', Buffer.alloc(4), box('hdlr', Buffer.alloc(8)), ...boxes);
	const locations = (given: Partial<Locations>) => meta(iloc({ extents: [], ...given }));

	/** A file whose items are at the end of its data, wherever the boxes stand. */
	function file(given: Omit<Locations, 'extents'>, dataBox: (content: Buffer) => Buffer): Buffer {
		const sizeOf = (at: number) =>
			Buffer.concat([
				FILE_TYPE,
				locations({ ...given, extents: [[at - (given.base ?? 0), data.length]] }),
				dataBox(data),
			]);
		const { length } = sizeOf(1000);
		return sizeOf(length - data.length);
	}

	it.each<[string, Omit<Locations, 'extents'>, (content: Buffer) => Buffer]>([
		['as most write it', {}, (content) => box('mdat', content)],
		['with sizes of 64 bits', { fields: [8, 8, 0, 0] }, (content) => longBox('mdat', content)],
		['with a base', { fields: [4, 4, 4, 0], base: 40 }, (content) => box('mdat', content)],
		['with indexes', { version: 1, fields: [4, 4, 0, 4] }, (content) => box('mdat', content)],
		['with long numbers', { version: 2, fields: [4, 8, 8, 8] }, (content) => box('mdat', content)],
		['with data up to the end of the file', {}, (content) => lastBox('mdat', content)],
		[
			'with free space before the data',
			{},
			(content) => Buffer.concat([box('free', Buffer.alloc(9)), box('mdat', content)]),
		],
		[
			'with data in two boxes',
			{},
			(content) => Buffer.concat([box('mdat', text('thumbnail')), box('mdat', content)]),
		],
	])('%s is whole with its last byte', (_, given, dataBox) => {
		const image = file(given, dataBox);
		expect(lengthTo(image, 'reached')).toBe(image.length);
		expect(endOf(Buffer.concat([image, text('trailing')]))).toBe('reached');
	});

	it('that begins with its data is whole when it has been described', () => {
		const at = FILE_TYPE.length + 8;
		const image = Buffer.concat([
			FILE_TYPE,
			box('mdat', data),
			locations({ extents: [[at, data.length]] }),
		]);
		expect(lengthTo(image, 'reached')).toBe(image.length);
	});

	it('with its data in its description is whole with that', () => {
		const image = Buffer.concat([
			FILE_TYPE,
			meta(iloc({ version: 1, method: 1, extents: [[0, data.length]] }), box('idat', data)),
		]);
		expect(lengthTo(image, 'reached')).toBe(image.length);
	});

	it('that is a sequence of images is whole with its data', () => {
		const image = Buffer.concat([
			FILE_TYPE,
			box('moov', box('mvhd'), text('more than that')),
			box('mdat', data),
		]);
		expect(lengthTo(image, 'reached')).toBe(image.length);
	});

	it.each([
		['data up to an end that is not told', locations({ extents: [[0, 0]] }), box('mdat', data)],
		[
			'extents without a field',
			locations({ fields: [0, 0, 0, 0], extents: [[0, 0]] }),
			box('mdat'),
		],
		['a sequence up to the end of the file', box('moov'), lastBox('mdat', data)],
		['a description up to the end of the file', box('mdat'), lastBox('meta', data)],
	])('does not tell the end of %s', (_, description, dataBox) => {
		expect(endOf(Buffer.concat([FILE_TYPE, description, dataBox]))).toBe('untold');
	});

	it.each([
		['no description', box('free'), box('mdat', data)],
		['no data', locations({ extents: [] }), box('free', data)],
		['items beyond its data', locations({ extents: [[900, 100]] }), box('mdat', data)],
		['a box smaller than its header', locations({ extents: [] }), text('\0\0\0\x07mdat')],
		['a version nobody knows', locations({ version: 3, extents: [] }), box('mdat', data)],
		['fields of an odd size', locations({ fields: [2, 4, 0, 0], extents: [] }), box('mdat', data)],
		['boxes that stand out', meta(text('\0\0\0\xffabcd')), box('mdat', data)],
		['a box that runs out', meta(text('\0\0\0\x02abcd')), box('mdat', data)],
		['a list that stands out', meta(box('iloc', Buffer.from([0, 0, 0, 0]))), box('mdat', data)],
	])('with %s is incomplete', (_, description, dataBox) => {
		expect(endOf(Buffer.concat([FILE_TYPE, description, dataBox]))).toBe('missing');
	});
});

test('a list of endless entries in a few bytes does not keep the reader busy', () => {
	const entry = text('\0\x01\0\0\xff\xff');
	const items = Buffer.alloc(65535 * entry.length, entry);
	const image = Buffer.concat([
		FILE_TYPE,
		box('meta', Buffer.alloc(4), box('iloc', text('\0\0\0\0\0\0\xff\xff'), items)),
		box('mdat'),
	]);
	expect(endOf(image)).toBe('untold');
});
