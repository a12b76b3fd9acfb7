import type { Specimen } from './specimen';
import { avifSpecimens } from './specimens/avif';
import { bmpSpecimens } from './specimens/bmp';
import { cutSpecimens } from './specimens/cuts';
import { gifSpecimens } from './specimens/gif';
import { heifSpecimens } from './specimens/heif';
import { jpgSpecimens } from './specimens/jpg';
import { lyingSpecimens } from './specimens/lies';
import { manySpecimens } from './specimens/manyParts';
import { otherSpecimens } from './specimens/other';
import { pngSpecimens } from './specimens/png';
import { tiffSpecimens } from './specimens/tiff';
import { webpSpecimens } from './specimens/webp';

export { FAMILIES, type Specimen } from './specimen';

async function make(): Promise<readonly Specimen[]> {
	const encoded = await Promise.all([
		jpgSpecimens(),
		pngSpecimens(),
		gifSpecimens(),
		webpSpecimens(),
		avifSpecimens(),
		tiffSpecimens(),
		otherSpecimens(),
		cutSpecimens(),
		lyingSpecimens(),
		manySpecimens(),
	]);
	return [...encoded.flat(), ...bmpSpecimens(), ...heifSpecimens()];
}

let made: Promise<readonly Specimen[]> | undefined;

/** All files of the corpus, made once in a process. */
export function specimens(): Promise<readonly Specimen[]> {
	made ??= make();
	return made;
}
