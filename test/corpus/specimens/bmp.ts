import { collect, type Specimen } from '../specimen';
import { bytes, le16, le32, patched, zeros } from '../writers/bytes';
import { bmp, type Bitmap } from '../writers/bmp';

/** Names of the second header, by its bytes. */
const HEADERS: Readonly<Record<number, string>> = {
	12: 'OS/2 1',
	16: 'OS/2 2, short',
	40: 'Windows 3',
	52: 'with masks',
	56: 'with masks and alpha',
	64: 'OS/2 2',
	108: 'Windows 4',
	124: 'Windows 5',
};

/** BMP: two headers, the second of eight sizes. sharp does not read any, so all of it is judged by hand. */
export function bmpSpecimens(): Specimen[] {
	const { specimens, ordinary, odd } = collect('BMP');
	const size = { width: 18, height: 11 };
	const whole = { size, isCut: false };

	for (const [bytesOf, name] of Object.entries(HEADERS)) {
		const headerSize = Number(bytesOf);
		ordinary.hand(`BMP, ${name} (${headerSize} bytes)`, bmp({ ...size, headerSize }), {
			...whole,
			frames: 1,
			orientation: 1,
		});
	}
	for (const bits of [1, 2, 4, 8, 16, 24, 32]) {
		ordinary.hand(`BMP, ${bits} bits`, bmp({ ...size, bits }), whole);
	}
	for (const bits of [1, 4, 8]) {
		ordinary.hand(`BMP, OS/2 1, ${bits} bits`, bmp({ ...size, bits, headerSize: 12 }), whole);
	}
	for (const headerSize of [40, 56, 124]) {
		ordinary.hand(
			`BMP, rows from the top down (${headerSize} bytes)`,
			bmp({ width: 18, height: -11, headerSize }),
			whole,
		);
	}
	const masks = [0xf800, 0x7e0, 0x1f];
	ordinary.hand(
		'BMP, bit fields of 16 bits',
		bmp({ ...size, bits: 16, compression: 3, masks }),
		whole,
	);
	const wide: Bitmap = {
		...size,
		bits: 32,
		compression: 3,
		masks: [0xff0000, 0xff00, 0xff, 0xff000000],
	};
	ordinary.hand(
		'BMP, bit fields of 32 bits with alpha (124 bytes)',
		bmp({ ...wide, headerSize: 124 }),
		whole,
	);
	ordinary.hand(
		'BMP, bit fields of 32 bits with alpha (56 bytes)',
		bmp({ ...wide, headerSize: 56 }),
		whole,
	);
	ordinary.hand(
		'BMP, bit fields with alpha of Windows CE',
		bmp({ ...wide, compression: 6 }),
		whole,
	);
	const runs = [Array.from({ length: 11 }, () => [18, 0, 0, 0]), 0, 1];
	ordinary.hand(
		'BMP, run lengths of 8 bits',
		bmp({ ...size, bits: 8, compression: 1, pixels: bytes(runs) }),
		whole,
	);
	ordinary.hand(
		'BMP, run lengths of 4 bits',
		bmp({ ...size, bits: 4, compression: 2, pixels: bytes(runs) }),
		whole,
	);
	ordinary.hand('BMP, space before its pixels', bmp({ ...size, gap: 2 }), whole);
	ordinary.hand('BMP, one pixel', bmp({ width: 1, height: 1 }), {
		size: { width: 1, height: 1 },
		isCut: false,
	});
	ordinary.hand('BMP, 8×6, OS/2 1', bmp({ width: 8, height: 6, headerSize: 12 }), {
		size: { width: 8, height: 6 },
		isCut: false,
	});
	ordinary.hand('BMP, 50,000×1', bmp({ width: 50_000, height: 1, bits: 1 }), {
		size: { width: 50_000, height: 1 },
		isCut: false,
	});
	ordinary.hand(
		'BMP, OS/2 1, sides over 32,767',
		bmp({ width: 40_000, height: 2, bits: 1, headerSize: 12 }),
		{
			size: { width: 40_000, height: 2 },
			isCut: false,
		},
	);

	const plain = bmp(size);
	odd.hand('BMP that says it has no bytes', bmp({ ...size, fileSize: 0 }), whole);
	odd.hand('BMP that says it is only its header', bmp({ ...size, fileSize: 54 }), whole);
	odd.hand(
		'BMP that says it is larger than it is',
		bmp({ ...size, fileSize: plain.length + 1000 }),
		{ size },
	);
	odd.hand('BMP, text behind its pixels', bytes(plain, 'appended by a server\n'), whole);
	odd.hand('BMP, header of 128 bytes', bmp({ ...size, headerSize: 128 }), {});
	odd.hand('BMP, header of 13 bytes', patched(plain, 14, le32(13)), {
		format: undefined,
		size: null,
	});
	odd.hand('BMP, header of 0 bytes', patched(plain, 14, le32(0)), {
		format: undefined,
		size: null,
	});
	odd.hand('BMP, header of 4 GB', patched(plain, 14, le32(0xffffffff)), {
		format: undefined,
		size: null,
	});
	odd.hand('BMP, width 0', patched(plain, 18, le32(0)), { size: null });
	odd.hand('BMP, height 0', patched(plain, 22, le32(0)), { size: null });
	odd.hand('BMP, negative width', patched(plain, 18, le32(-18)), { size: null });
	odd.hand('BMP, most negative height', patched(plain, 22, le32(0x80000000)), { size: null });
	odd.hand('BMP, OS/2 1, width 0', patched(bmp({ ...size, headerSize: 12 }), 18, le16(0)), {
		size: null,
	});
	odd.hand('BMP, cut in its pixels', plain.slice(0, -40), { size, isCut: true });
	odd.hand('BMP, last byte missing', plain.slice(0, -1), { size, isCut: true });
	odd.hand('BMP, OS/2 1, cut in its pixels', bmp({ ...size, headerSize: 12 }).slice(0, -40), {
		size,
		isCut: true,
	});
	odd.hand('BMP, cut in its second header', plain.slice(0, 20), { size: null, isCut: true });
	odd.hand('BMP, first header only', plain.slice(0, 14), { size: null, isCut: true });
	// A text that begins with these letters is not told from an image by two bytes alone.
	odd.hand('BMP, two letters and zeros', bytes('BM', zeros(60)), { format: undefined, size: null });
	return specimens;
}
