import type * as OpenCv from '@techstark/opencv-js';

/** Constants whose type is missing from the package's own declarations. */
type Constant =
	| 'CV_8UC1'
	| 'CV_8UC3'
	| 'TM_CCOEFF_NORMED'
	| 'INPAINT_TELEA'
	| 'MORPH_RECT'
	| 'MORPH_ELLIPSE'
	| 'MORPH_OPEN'
	| 'MORPH_TOPHAT'
	| 'THRESH_BINARY';

/** OpenCV with its WebAssembly initialised. */
export type Cv = Omit<typeof OpenCv, Constant> & Readonly<Record<Constant, number>>;

let loaded: Promise<{ readonly cv: Cv }> | undefined;

/**
 * Loads OpenCV once, which takes about half a second and several hundred megabytes of memory. It is
 * returned inside an object because it has a `then` method that resolves to itself: a promise for
 * it would never settle.
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
