import type { ImageSize } from '../../cos/areas/points';

/**
 * How many decimals percentages of an image have: so many that each pixel of its longer side has a
 * percentage of its own. Rounding is then off by less than half a pixel, so the node reads the pixel again.
 * Number fields in n8n's editor show three decimals, enough for the service's limit of 50,000 pixels.
 */
function decimalsFor({ width, height }: ImageSize): number {
	const side = Math.max(width, height);
	if (side < 1000) return 1;
	return side < 10_000 ? 2 : 3;
}

/** The only place that rounds percentages: what the page shows is what it copies. */
export function roundPercent(percent: number, size: ImageSize): number {
	return Number(percent.toFixed(decimalsFor(size)));
}

/** What percentage of the width or height some pixels are, rounded. */
export function percentOf(pixels: number, side: 'width' | 'height', size: ImageSize): number {
	return roundPercent((pixels / size[side]) * 100, size);
}
