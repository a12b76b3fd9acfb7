import { collect, type Specimen } from '../specimen';
import { bytes, indexOf, zeros } from '../writers/bytes';
import { box, filmFile, irot, itemFile, moov } from '../writers/isobmff';
import { boxLies } from './boxLies';
import {
	addComposed,
	addTransformed,
	addWritten,
	CODED_SIZE,
	codedItem,
	turned,
	withManyProperties,
	type Coded,
} from './itemVariants';
import { picture } from './picture';

/** Takes the coded image and the configuration of its decoder out of a file that sharp made. */
function takeCoded(file: Uint8Array): Coded {
	const view = new DataView(file.buffer, file.byteOffset, file.length);
	const boxAt = (type: string) => {
		const start = indexOf(file, type) - 4;
		return file.slice(start, start + view.getUint32(start));
	};
	return {
		major: 'avif',
		type: 'av01',
		configuration: { isEssential: true, box: boxAt('av1C') },
		data: boxAt('mdat').slice(8),
	};
}

/** AVIF: as HEIF, with another decoder. sharp decodes these. */
export async function avifSpecimens(): Promise<Specimen[]> {
	const { specimens, ordinary, odd } = collect('AVIF');
	const [plain, alpha, exif, dot] = (
		await Promise.all([
			picture(128, 64).avif({ effort: 0, quality: 30 }).toBuffer(),
			picture(32, 24, 4).avif({ effort: 0, quality: 30 }).toBuffer(),
			picture(32, 24).withMetadata({ orientation: 6 }).avif({ effort: 0, quality: 30 }).toBuffer(),
			picture(1, 1).avif({ effort: 0, quality: 30 }).toBuffer(),
		] as const)
	).map((file) => new Uint8Array(file));
	if (!plain || !alpha || !exif || !dot) return specimens;
	const av1 = takeCoded(plain);
	const whole = { size: CODED_SIZE, isCut: false };
	const upright = { size: { width: 64, height: 128 }, isCut: false };

	ordinary.sharp('AVIF by an encoder', plain, { ...whole, frames: 1, hasAlpha: false });
	ordinary.sharp('AVIF by an encoder, alpha', alpha, {
		size: { width: 32, height: 24 },
		hasAlpha: true,
		isCut: false,
	});
	ordinary.sharp('AVIF by an encoder, orientation 6', exif, { isCut: false });
	ordinary.sharp('AVIF by an encoder, one pixel', dot, {
		size: { width: 1, height: 1 },
		isCut: false,
	});
	ordinary.sharp('AVIF', turned(av1), whole);
	addTransformed('AVIF', av1, ordinary.sharp);
	addWritten('AVIF', av1, ordinary.sharp);
	addComposed('AVIF', av1, ordinary.sharp);
	// libheif stops at 100 properties, where one byte for their numbers would still do.
	ordinary.hand('AVIF, 130 properties of other items first', withManyProperties(av1), upright);

	const items = [codedItem(av1, 1, [irot(1)])];
	const branded = (major: string, ...compatible: readonly string[]) =>
		itemFile({ major, compatible, items, primary: 1 });
	// sharp names the format by the first brand alone.
	ordinary.hand('AVIF of brand mif1, avif compatible', branded('mif1', 'mif1', 'avif'), upright);
	ordinary.hand(
		'AVIF of brand mif1, avif compatible last of many',
		branded('mif1', 'mif1', 'miaf', 'MA1B', 'MA1A', 'tmap', 'avif'),
		upright,
	);
	// sharp opens neither this brand nor files without a still image.
	const film = { ...CODED_SIZE, frames: 3, type: 'av01', configuration: av1.configuration.box };
	ordinary.hand(
		'AVIF of brand avis, a film without a still image',
		filmFile(['avis', 'avis', 'msf1'], film, av1.data),
		{ ...whole, frames: 3 },
	);
	ordinary.hand(
		'AVIF of brand msf1, avis compatible',
		filmFile(['msf1', 'msf1', 'avis'], film, av1.data),
		{ ...whole, frames: 3 },
	);
	const withFilm = (dataAt: number) =>
		itemFile({
			...{ major: 'avis', compatible: ['avif', 'avis', 'mif1', 'msf1'], items, primary: 1 },
			between: moov({ ...film, frames: 1, sampleBytes: av1.data.length, dataAt }),
		});
	const length = withFilm(0).length;
	ordinary.hand(
		'AVIF of brand avis, still image and a film',
		withFilm(length - av1.data.length),
		upright,
	);

	const file = turned(av1, irot(1));
	odd.sharp('AVIF, garbage behind its last box', bytes(file, zeros(100)), upright);
	odd.sharp('AVIF, cut in its data', file.slice(0, -6), { ...upright, isCut: true });
	odd.sharp('AVIF, cut before its data', file.slice(0, file.length - av1.data.length - 8), {
		...upright,
		isCut: true,
	});
	odd.sharp('AVIF, cut in meta', file.slice(0, 150), { size: null, isCut: true });
	odd.sharp(
		'AVIF, box of an unknown kind between',
		itemFile({ major: 'avif', items, primary: 1, between: box('wHat', 'ever') }),
		upright,
	);
	return [...specimens, ...boxLies('AVIF', 'AVIF', av1)];
}
