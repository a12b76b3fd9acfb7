import { MAX_SOURCE_SIDE } from '../limits';
import { boxAround, boxCorners, isUpright, type Box, type ImageSize, type Polygon } from './points';
import { cutToBox } from './regions';

function cutBox(box: Box, { width, height }: ImageSize): Polygon[] {
	const cut = {
		left: Math.max(box.left, 0),
		top: Math.max(box.top, 0),
		right: Math.min(box.right, width),
		bottom: Math.min(box.bottom, height),
	};
	return cut.left < cut.right && cut.top < cut.bottom ? [boxCorners(cut)] : [];
}

/**
 * The parts of a polygon inside the image: none, the polygon itself, or several.
 *
 * @param polygon whole pixels, clockwise, not crossing itself
 * @param size undefined when it is not known: then only what no image can have is cut off
 */
export function cutToImage(polygon: Polygon, size: ImageSize | undefined): Polygon[] {
	const { width, height } = size ?? { width: MAX_SOURCE_SIDE, height: MAX_SOURCE_SIDE };
	const image: Box = { left: 0, top: 0, right: width, bottom: height };
	const box = boxAround(polygon);
	const isInside =
		box.left >= 0 && box.top >= 0 && box.right <= image.right && box.bottom <= image.bottom;
	if (isInside) return [polygon];
	const parts = isUpright(polygon) ? undefined : cutToBox(polygon, image);
	return parts ?? cutBox(box, { width, height });
}
