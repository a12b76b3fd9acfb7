import type { ImageSize, Point } from '../../cos/areas/points';
import { toStored, toUpright, uprightSize, type StoredSize } from '../../cos/images/upright';

/** How the image is shown: pixel (a, b) of the upright image is at (x + a * scale, y + b * scale), in CSS pixels. */
export interface View {
	readonly image: StoredSize;
	readonly scale: number;
	readonly x: number;
	readonly y: number;
}

/** CSS pixels around an image that is shown whole. */
const MARGIN = 24;
/** CSS pixels of the image that stay visible however far it is moved. */
const KEPT_VISIBLE = 48;
const MAX_SCALE = 40;

/** Where a place in stored pixels is on the screen. */
export function toScreen(point: Point, view: View): Point {
	const [x, y] = toUpright(point, view.image);
	return [view.x + x * view.scale, view.y + y * view.scale];
}

/** The place in stored pixels that is at a place of the screen. */
export function toImage([x, y]: Point, view: View): Point {
	return toStored([(x - view.x) / view.scale, (y - view.y) / view.scale], view.image);
}

/** Shows the whole image in the middle, as large as it fits, but at most at four times its size. */
export function fitView(image: StoredSize, viewport: ImageSize): View {
	const { width, height } = uprightSize(image);
	const scale = Math.min(
		(viewport.width - 2 * MARGIN) / width,
		(viewport.height - 2 * MARGIN) / height,
		4,
	);
	// Before its first layout the viewport has no size.
	const safe = Math.max(scale, 1e-3);
	return {
		image,
		scale: safe,
		x: (viewport.width - width * safe) / 2,
		y: (viewport.height - height * safe) / 2,
	};
}

function keepVisible(view: View, viewport: ImageSize): View {
	const { width, height } = uprightSize(view.image);
	const keep = (position: number, extent: number, room: number) =>
		Math.min(Math.max(position, KEPT_VISIBLE - extent), room - KEPT_VISIBLE);
	return {
		...view,
		x: keep(view.x, width * view.scale, viewport.width),
		y: keep(view.y, height * view.scale, viewport.height),
	};
}

/** Moves the image by some CSS pixels. */
export function panBy(view: View, [dx, dy]: Point, viewport: ImageSize): View {
	return keepVisible({ ...view, x: view.x + dx, y: view.y + dy }, viewport);
}

/** Zooms by a factor; what is at `anchor` (CSS pixels) stays there. */
export function zoomAt(view: View, factor: number, anchor: Point, viewport: ImageSize): View {
	const smallest = Math.min(fitView(view.image, viewport).scale / 2, 1);
	const scale = Math.min(Math.max(view.scale * factor, smallest), MAX_SCALE);
	const grown = scale / view.scale;
	const x = anchor[0] - (anchor[0] - view.x) * grown;
	const y = anchor[1] - (anchor[1] - view.y) * grown;
	return keepVisible({ ...view, scale, x, y }, viewport);
}

/** Moves the image as little as needed to show one of its points. */
export function reveal(view: View, point: Point, viewport: ImageSize): View {
	const [x, y] = toScreen(point, view);
	const shift = (place: number, room: number) =>
		Math.min(Math.max(place, KEPT_VISIBLE), room - KEPT_VISIBLE) - place;
	return panBy(view, [shift(x, viewport.width), shift(y, viewport.height)], viewport);
}
