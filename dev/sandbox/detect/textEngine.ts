import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

import { createWorker, type Line, type Worker } from 'tesseract.js';

/** What is read, and a file in the package of its data: Tencent's `zh`, the default, is Chinese and English. */
const LANGUAGES: Readonly<Record<string, string>> = {
	eng: require.resolve('@tesseract.js-data/eng'),
	chi_sim: require.resolve('@tesseract.js-data/chi_sim'),
};
/** Of the data packages: the more exact model, as whole numbers. */
const MODEL = '4.0.0_best_int';
/** Tesseract's "sparse text": as much text as possible, in no order. */
const SPARSE = '11';

/** The engine takes one folder with all languages, and each of them is a package of its own. */
function gatherLanguages(folder: string): void {
	for (const [language, entry] of Object.entries(LANGUAGES)) {
		const name = `${language}.traineddata.gz`;
		fs.copyFileSync(path.join(path.dirname(entry), MODEL, name), path.join(folder, name));
	}
}

async function startWorker(): Promise<Worker> {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'image-repair-languages-'));
	try {
		gatherLanguages(folder);
		const worker = await createWorker(
			Object.keys(LANGUAGES),
			1,
			// Without a handler of errors, one that is also told to the caller would end the process.
			{ langPath: folder, gzip: true, cacheMethod: 'none', errorHandler: () => undefined },
			{ debug_file: '/dev/null' } as object,
		);
		await worker.setParameters({ tessedit_pageseg_mode: SPARSE as never });
		return worker;
	} finally {
		fs.rmSync(folder, { recursive: true, force: true });
	}
}

/**
 * Reads text. Its thread starts with the first image, which takes about a second, and ends with the thread that it
 * is started from.
 */
export class TextEngine {
	private worker: Promise<Worker> | undefined;

	/** The lines in an image of dark letters on white paper. @param png a PNG */
	async read(png: Buffer): Promise<readonly Line[]> {
		const worker = await (this.worker ??= startWorker());
		const { data } = await worker.recognize(png, {}, { text: false, blocks: true });
		return (data.blocks ?? []).flatMap(({ paragraphs }) =>
			paragraphs.flatMap(({ lines }) => lines),
		);
	}
}
