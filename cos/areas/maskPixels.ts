import type { Bitmap } from '../images/bitmap';

/** Why a mask cannot be meant as it is. */
export type MaskFault =
	| { readonly fault: 'empty' | 'full' | 'alpha' }
	/** `percent` of the mask is white. */
	| { readonly fault: 'inverted'; readonly percent: number };

/** Brightness up to which all is black: JPEG leaves noise, and thin lines turn grey in a smaller copy. */
const BLACK = 8;
/** Brightness from which on all is white. */
const WHITE = 247;
/** Share of white from which on a mask looks inverted: nobody removes most of an image. */
const INVERTED = 0.5;
/** Alpha below which a pixel counts as transparent. */
const OPAQUE = 128;

/**
 * Looks at a small copy of a mask, on which white should mark what to remove.
 *
 * @returns undefined for a mask that can be meant as it is
 */
export function maskFault({ pixels }: Bitmap): MaskFault | undefined {
	let [darkest, brightest, sum, transparent] = [255, 0, 0, 0];
	for (let at = 0; at < pixels.length; at += 4) {
		const brightness = ((pixels[at] ?? 0) + (pixels[at + 1] ?? 0) + (pixels[at + 2] ?? 0)) / 3;
		darkest = Math.min(darkest, brightness);
		brightest = Math.max(brightest, brightness);
		sum += brightness;
		if ((pixels[at + 3] ?? 255) < OPAQUE) transparent++;
	}
	const count = pixels.length / 4;
	const isOneColor = brightest <= BLACK || darkest >= WHITE;
	if (isOneColor && transparent > 0 && transparent < count) return { fault: 'alpha' };
	if (brightest <= BLACK) return { fault: 'empty' };
	if (darkest >= WHITE) return { fault: 'full' };
	const share = sum / (255 * count);
	return share > INVERTED ? { fault: 'inverted', percent: Math.round(share * 100) } : undefined;
}
