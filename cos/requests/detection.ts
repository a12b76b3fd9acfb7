import type { ImageUrl } from '../location/imageUrl';
import type { ObjectKey } from '../location/objectKey';
import type { CosRequest } from './request';

/**
 * The languages that OCR reads with `type=general` (1045/73116). `zh`, which is its default, reads Chinese
 * and English.
 */
export const LANGUAGES = [
	...(['zh', 'zh_rare', 'auto', 'mix', 'jap', 'kor', 'spa', 'fre', 'ger', 'por', 'vie'] as const),
	...(['may', 'rus', 'ita', 'hol', 'swe', 'fin', 'dan', 'nor', 'hun', 'tha', 'hi', 'ara'] as const),
] as const;

export type Language = (typeof LANGUAGES)[number];

/** What a detector looks at: an object of the bucket, or whatever is at an address. */
export type DetectorImage =
	| { readonly kind: 'object'; readonly key: ObjectKey }
	| { readonly kind: 'public'; readonly url: ImageUrl };

function detectionRequest(
	image: DetectorImage,
	parameters: ReadonlyArray<readonly [string, string]>,
): CosRequest {
	const isObject = image.kind === 'object';
	return {
		method: 'GET',
		key: isObject ? image.key : '',
		query: isObject ? parameters : [...parameters, ['detect-url', image.url]],
		headers: {},
	};
}

/** Reads the lines of text in an image (OCR, 1045/73116; `parseTexts` reads the response). */
export function textRequest(image: DetectorImage, language: Language): CosRequest {
	return detectionRequest(image, [
		['ci-process', 'OCR'],
		['type', 'general'],
		['language-type', language],
	]);
}

/** Looks for logos of e-commerce platforms (RecognizeLogo, 460/79736; `parseLogos` reads the response). */
export function logoRequest(image: DetectorImage): CosRequest {
	return detectionRequest(image, [['ci-process', 'RecognizeLogo']]);
}
