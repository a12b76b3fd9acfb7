import { collect, type Specimen } from '../specimen';
import { bytes, patched, repeated, u16, u32, zeros, type Part } from '../writers/bytes';
import { EOI, MARKER, renamed, resized, segment, SOI, takeApart } from '../writers/jpeg';
import { exif, long, orientationExif, short, TAG, TYPE } from '../writers/tiff';
import { picture } from './picture';

const exifSegment = (data: Part) => segment(MARKER.APP1, ['Exif\0\0', data]);
const jfif = (width = 0, height = 0) =>
	segment(MARKER.APP0, [
		...['JFIF\0', 1, 2, 0, u16(72), u16(72)],
		...[width, height, zeros(width * height * 3)],
	]);
const comment = (text: Part) => segment(MARKER.COM, text);

/** The index of a multi-picture file (CIPA DC-007) with two images, the second so many bytes behind it. */
function multiPicture(firstBytes: number, secondBytes: number, secondAt: number): Uint8Array {
	const entries = bytes(u32(0x20030000), u32(firstBytes), u32(0), u32(0));
	const second = bytes(u32(0x00020002), u32(secondBytes), u32(secondAt), u32(0));
	const count = bytes(u16(0xb001), u16(4), u32(1), u32(2));
	const list = bytes(u16(0xb002), u16(7), u32(32), u32(8 + 2 + 24 + 4));
	const index = bytes('MM\0*', u32(8), u16(2), count, list, u32(0), entries, second);
	return segment(MARKER.APP2, ['MPF\0', index]);
}

async function encoded() {
	const small = picture(40, 24);
	const names = {
		plain: small.clone().jpeg().toBuffer(),
		thumbnail: picture(16, 8).jpeg().toBuffer(),
		progressive: small.clone().jpeg({ progressive: true }).toBuffer(),
		grey: small.clone().toColourspace('b-w').jpeg().toBuffer(),
		cmyk: small.clone().toColourspace('cmyk').jpeg().toBuffer(),
		fullColor: small.clone().jpeg({ chromaSubsampling: '4:4:4' }).toBuffer(),
		optimized: small.clone().jpeg({ mozjpeg: true }).toBuffer(),
		profile: small.clone().withIccProfile('p3').jpeg().toBuffer(),
		dot: picture(1, 1).jpeg().toBuffer(),
		wide: picture(3000, 1).jpeg().toBuffer(),
		tall: picture(1, 3000).jpeg().toBuffer(),
		odd: picture(17, 33).jpeg().toBuffer(),
		photo: picture(1200, 800).jpeg({ quality: 60 }).toBuffer(),
	};
	const files = await Promise.all(
		Object.entries(names).map(async ([name, file]) => [name, new Uint8Array(await file)] as const),
	);
	return new Map(files);
}

/** JPEG: a chain of segments. What looks like one may stand within another, or between them. */
export async function jpgSpecimens(): Promise<Specimen[]> {
	const { specimens, ordinary, odd } = collect('JPG');
	const files = await encoded();
	const file = (name: string) => files.get(name) ?? zeros(0);
	const size = { width: 40, height: 24 };
	const whole = { size, isCut: false };
	const plain = file('plain');
	const { before, frame, rest } = takeApart(plain);
	const thumbnail = file('thumbnail');
	/** The plain JPEG, with more segments behind its first marker. */
	const withSegments = (...more: readonly Part[]) => bytes(SOI, more, before, frame, rest, EOI);

	ordinary.sharp('JPEG, baseline', plain, { ...whole, orientation: 1, hasAlpha: false, frames: 1 });
	ordinary.sharp('JPEG, JFIF', withSegments(jfif()), whole);
	ordinary.sharp('JPEG, progressive', file('progressive'), whole);
	ordinary.sharp('JPEG, grey', file('grey'), whole);
	ordinary.sharp('JPEG, CMYK with an Adobe marker', file('cmyk'), whole);
	ordinary.sharp('JPEG, colors not subsampled', file('fullColor'), whole);
	ordinary.sharp('JPEG, progressive by mozjpeg', file('optimized'), whole);
	ordinary.sharp('JPEG, color profile', file('profile'), whole);
	ordinary.sharp('JPEG, one pixel', file('dot'), { size: { width: 1, height: 1 }, isCut: false });
	ordinary.sharp('JPEG, 3000×1', file('wide'), { size: { width: 3000, height: 1 }, isCut: false });
	ordinary.sharp('JPEG, 1×3000', file('tall'), { size: { width: 1, height: 3000 }, isCut: false });
	ordinary.sharp('JPEG, odd sides', file('odd'), { size: { width: 17, height: 33 }, isCut: false });
	ordinary.sharp('JPEG, 1200×800', file('photo'), {
		size: { width: 1200, height: 800 },
		isCut: false,
	});

	for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
		const order = orientation % 2 === 0 ? 'II' : 'MM';
		ordinary.sharp(
			`JPEG, EXIF orientation ${orientation} (${order})`,
			withSegments(exifSegment(orientationExif(orientation, order))),
			{ ...whole, orientation },
		);
	}
	const camera = (order: 'II' | 'MM') =>
		exif(
			order,
			[
				{ tag: TAG.make, type: TYPE.ascii, values: bytes('A maker of cameras\0\0') },
				short(TAG.orientation, 6),
				long(TAG.exif, 0),
			],
			thumbnail,
		);
	for (const order of ['II', 'MM'] as const) {
		ordinary.sharp(
			`JPEG, thumbnail of 16×8 in its EXIF (${order})`,
			withSegments(exifSegment(camera(order))),
			{ ...whole, orientation: 6 },
		);
	}
	ordinary.sharp('JPEG, JFIF thumbnail', withSegments(jfif(4, 4)), whole);
	ordinary.sharp(
		'JPEG, JFXX thumbnail that is a JPEG',
		withSegments(jfif(), segment(MARKER.APP0, ['JFXX\0', 0x10, thumbnail])),
		whole,
	);
	ordinary.sharp(
		'JPEG, XMP before EXIF',
		withSegments(
			segment(MARKER.APP1, [
				'http://ns.adobe.com/xap/1.0/\0',
				'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>',
			]),
			exifSegment(orientationExif(3)),
		),
		{ ...whole, orientation: 3 },
	);
	ordinary.sharp(
		'JPEG, Photoshop resources with a thumbnail',
		withSegments(
			segment(MARKER.APP13, [
				...['Photoshop 3.0\0', '8BIM', u16(0x040c), u16(0), u32(28 + thumbnail.length)],
				...[[1, 16, 8, 48, 384, thumbnail.length].map(u32), u16(24), u16(1), thumbnail],
			]),
		),
		whole,
	);
	const halves = [1, 2].map((part) =>
		segment(MARKER.APP2, ['ICC_PROFILE\0', part, 2, zeros(12_000)]),
	);
	// sharp takes the profile for one and gives up on it; the size it knows all the same.
	ordinary.sharp(
		'JPEG, 24 KB of color profile in two segments before the frame',
		withSegments(halves),
		whole,
	);
	ordinary.sharp(
		'JPEG, comments before the frame',
		withSegments(comment('one'), comment('two')),
		whole,
	);
	ordinary.sharp('JPEG, comment that holds a whole JPEG', withSegments(comment(thumbnail)), whole);
	const firstBytes = plain.length + multiPicture(0, 0, 0).length;
	// Offsets count from the byte order mark, which stands behind two markers, a length and the name.
	const index = multiPicture(firstBytes, thumbnail.length, firstBytes - 10);
	ordinary.sharp('JPEG, MPO of two images', bytes(withSegments(index), thumbnail), whole);

	ordinary.sharp(
		'JPEG, interval of restarts that is longer than the image',
		bytes(SOI, before, segment(MARKER.DRI, u16(600)), frame, rest, EOI),
		whole,
	);

	odd.sharp('JPEG, stray byte between segments', withSegments(comment('stray'), 0x00), whole);
	for (const order of ['II', 'MM'] as const) {
		odd.sharp(
			`JPEG, stray byte between an EXIF thumbnail and 60 KB more (${order})`,
			withSegments(exifSegment(camera(order)), 0, comment(zeros(60_000))),
			{ ...whole, orientation: 6 },
		);
	}
	odd.sharp(
		'JPEG, stray bytes behind an EXIF thumbnail',
		withSegments(exifSegment(camera('MM')), 0, 0, 0),
		{
			...whole,
			orientation: 6,
		},
	);
	odd.sharp('JPEG, stray byte before the frame', bytes(SOI, before, 0x00, frame, rest, EOI), whole);
	odd.sharp('JPEG, fill bytes before a segment', withSegments(0xff, 0xff, 0xff), whole);
	odd.sharp(
		'JPEG, fill bytes before the frame',
		bytes(SOI, before, 0xff, 0xff, frame, rest, EOI),
		whole,
	);
	odd.sharp(
		'JPEG, fill bytes before the end marker',
		bytes(plain.slice(0, -2), 0xff, 0xff, EOI),
		whole,
	);
	odd.sharp('JPEG, text behind its end', bytes(plain, 'appended by a server\n'), whole);
	odd.sharp('JPEG, zeros behind its end', bytes(plain, zeros(512)), whole);
	odd.sharp('JPEG, another JPEG behind its end', bytes(plain, thumbnail), whole);
	odd.sharp(
		'JPEG, film behind its end (motion photo)',
		bytes(plain, u32(24), 'ftypmp42', u32(0), 'mp42isom'),
		whole,
	);
	odd.sharp(
		'JPEG, two EXIF segments',
		withSegments(exifSegment(orientationExif(8)), exifSegment(camera('II'))),
		whole,
	);
	odd.sharp(
		'JPEG, EXIF behind the tables',
		bytes(SOI, before, exifSegment(orientationExif(6)), frame, rest, EOI),
		{
			...whole,
			orientation: 6,
		},
	);
	odd.sharp('JPEG, EXIF before JFIF', withSegments(exifSegment(orientationExif(6))), {
		...whole,
		orientation: 6,
	});
	odd.sharp('JPEG, EXIF orientation 0', withSegments(exifSegment(orientationExif(0))), {
		...whole,
		orientation: 1,
	});
	odd.sharp('JPEG, EXIF orientation 9', withSegments(exifSegment(orientationExif(9))), {
		...whole,
		orientation: 1,
	});
	odd.sharp('JPEG, EXIF without an orientation', withSegments(exifSegment(exif('MM', []))), {
		...whole,
		orientation: 1,
	});
	odd.sharp(
		'JPEG, EXIF whose directory is behind its end',
		withSegments(exifSegment(['MM\0*', u32(0x7fffffff)])),
		{
			...whole,
			orientation: 1,
		},
	);
	odd.sharp('JPEG, EXIF that is cut', withSegments(exifSegment(orientationExif(6).slice(0, 12))), {
		...whole,
		orientation: 1,
	});
	odd.sharp(
		'JPEG, EXIF of neither byte order',
		withSegments(exifSegment(patched(orientationExif(6), 0, 'XX'))),
		{
			...whole,
			orientation: 1,
		},
	);
	odd.sharp('JPEG, empty APP1', withSegments(segment(MARKER.APP1, [])), {
		...whole,
		orientation: 1,
	});
	odd.sharp(
		'JPEG, EXIF whose other fields point anywhere',
		withSegments(
			exifSegment(
				exif('II', [
					{ tag: TAG.make, type: TYPE.ascii, values: bytes('make'), count: 0x7fffffff },
					short(TAG.orientation, 5),
					long(TAG.exif, 0xfffffff0),
				]),
			),
		),
		{ ...whole, orientation: 5 },
	);
	// libjpeg goes on behind them; whether such a file is whole is not judged.
	odd.sharp('JPEG, segment of length 0', withSegments(segment(MARKER.COM, [], 0)), { size });
	odd.sharp('JPEG, segment of length 1', withSegments(segment(MARKER.COM, [], 1)), { size });
	odd.sharp('JPEG, frame header before the tables', bytes(SOI, frame, before, rest, EOI), whole);
	odd.sharp('JPEG, without its end marker', plain.slice(0, -2), { size, isCut: true });
	odd.sharp('JPEG, cut in its data', plain.slice(0, -60), { size, isCut: true });
	odd.sharp('JPEG, progressive, cut between scans', file('progressive').slice(0, -200), {
		size,
		isCut: true,
	});

	// Renamed only: no decoder gets pixels out of these, but all read their sizes.
	const frames = {
		'extended sequential (SOF1)': 0xc1,
		'lossless (SOF3)': 0xc3,
		'arithmetic coding (SOF9)': 0xc9,
		'arithmetic coding, progressive (SOF10)': 0xca,
		'lossless, arithmetic coding (SOF11)': 0xcb,
	};
	for (const [name, marker] of Object.entries(frames)) {
		odd.sharp(`JPEG, ${name}`, bytes(SOI, before, renamed(frame, marker), rest, EOI), whole);
	}
	// Its height comes behind the first scan (DNL). Most decoders cannot read it, sharp's neither: the 0 stays one.
	const noLines = resized(frame, 40, 0);
	const lines = segment(MARKER.DNL, u16(24));
	odd.sharp(
		'JPEG, height told behind the scan (DNL)',
		bytes(SOI, before, noLines, rest, lines, EOI),
		{ size: null },
	);
	odd.sharp('JPEG, width 0', bytes(SOI, before, resized(frame, 0, 24), rest, EOI), { size: null });
	odd.sharp('JPEG, first marker only', bytes(SOI, 0xff, MARKER.APP0), { size: null, isCut: true });
	odd.sharp('JPEG, cut before the frame', bytes(SOI, before), { size: null, isCut: true });
	odd.sharp('JPEG, cut within the frame header', bytes(SOI, before, frame.slice(0, 6)), {
		size: null,
		isCut: true,
	});
	odd.sharp('JPEG, tables only, no image', bytes(SOI, before, EOI), { size: null });
	odd.sharp('JPEG, 60 KB of fill bytes', withSegments(repeated(0xff, 60_000)), whole);
	return specimens;
}
