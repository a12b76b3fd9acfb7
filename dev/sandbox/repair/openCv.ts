import type * as OpenCv from '@techstark/opencv-js';

/** Constants that are numbers, which its own types leave open. */
type Constant =
	| 'CV_8UC1'
	| 'CV_8UC3'
	| 'INPAINT_TELEA'
	| 'MORPH_RECT'
	| 'MORPH_ELLIPSE'
	| 'MORPH_OPEN'
	| 'MORPH_TOPHAT'
	| 'THRESH_BINARY';

/** OpenCV once its WebAssembly is running. */
export type Cv = Omit<typeof OpenCv, Constant> & Readonly<Record<Constant, number>>;

let loaded: Promise<{ readonly cv: Cv }> | undefined;

/**
 * Loads OpenCV, once; it takes about half a second and some hundred megabytes. It comes inside an
 * object because it has a `then` of its own that gives itself: a promise of it never settles.
 */
export function loadOpenCv(): Promise<{ readonly cv: Cv }> {
	loaded ??= (async () => {
		const { default: cv } = await import('@techstark/opencv-js');
		if (typeof cv.Mat !== 'function') {
			await new Promise<void>((resolve) => {
				cv.onRuntimeInitialized = () => resolve();
			});
		}
		return { cv };
	})();
	return loaded;
}
