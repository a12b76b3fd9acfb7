import type { Specimen } from './specimen';
import { bmpSpecimens } from './specimens/bmp';
import { gifSpecimens } from './specimens/gif';
import { jpgSpecimens } from './specimens/jpg';
import { pngSpecimens } from './specimens/png';
import { webpSpecimens } from './specimens/webp';

export type { Specimen } from './specimen';

async function make(): Promise<readonly Specimen[]> {
	const encoded = [jpgSpecimens(), pngSpecimens(), gifSpecimens(), webpSpecimens()];
	return [...(await Promise.all(encoded)).flat(), ...bmpSpecimens()];
}

let made: Promise<readonly Specimen[]> | undefined;

/** All files of the corpus, made once in a process. */
export function specimens(): Promise<readonly Specimen[]> {
	made ??= make();
	return made;
}
