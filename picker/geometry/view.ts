import type { ImageSize, Point } from '../../cos/areas/points';

/** How the image is shown: pixel (a, b) appears at (x + a * scale, y + b * scale), in CSS pixels. */
export interface View {
	readonly scale: number;
	readonly x: number;
	readonly y: number;
}

/** CSS pixels around an image that is shown whole. */
const MARGIN = 24;
/** CSS pixels of the image that stay visible however far it is moved. */
const KEPT_VISIBLE = 48;
const MAX_SCALE = 40;

export function toScreen([x, y]: Point, view: View): Point {
	return [view.x + x * view.scale, view.y + y * view.scale];
}

export function toImage([x, y]: Point, view: View): Point {
	return [(x - view.x) / view.scale, (y - view.y) / view.scale];
}

/** Shows the whole image in the middle, as large as it fits, but at most at four times its size. */
export function fitView(image: ImageSize, viewport: ImageSize): View {
	const scale = Math.min(
		(viewport.width - 2 * MARGIN) / image.width,
		(viewport.height - 2 * MARGIN) / image.height,
		4,
	);
	// Before its first layout the viewport has no size.
	const safe = Math.max(scale, 1e-3);
	return {
		scale: safe,
		x: (viewport.width - image.width * safe) / 2,
		y: (viewport.height - image.height * safe) / 2,
	};
}

function keepVisible(view: View, image: ImageSize, viewport: ImageSize): View {
	const keep = (position: number, extent: number, room: number) =>
		Math.min(Math.max(position, KEPT_VISIBLE - extent), room - KEPT_VISIBLE);
	return {
		scale: view.scale,
		x: keep(view.x, image.width * view.scale, viewport.width),
		y: keep(view.y, image.height * view.scale, viewport.height),
	};
}

/** Moves the image by some CSS pixels. */
export function panBy(view: View, [dx, dy]: Point, image: ImageSize, viewport: ImageSize): View {
	return keepVisible({ ...view, x: view.x + dx, y: view.y + dy }, image, viewport);
}

/** Zooms by a factor; what is at `anchor` (CSS pixels) stays there. */
export function zoomAt(
	view: View,
	factor: number,
	anchor: Point,
	image: ImageSize,
	viewport: ImageSize,
): View {
	const smallest = Math.min(fitView(image, viewport).scale / 2, 1);
	const scale = Math.min(Math.max(view.scale * factor, smallest), MAX_SCALE);
	const [x, y] = toImage(anchor, view);
	return keepVisible(
		{ scale, x: anchor[0] - x * scale, y: anchor[1] - y * scale },
		image,
		viewport,
	);
}

/** Moves the image as little as needed to show one of its points. */
export function reveal(view: View, point: Point, image: ImageSize, viewport: ImageSize): View {
	const [x, y] = toScreen(point, view);
	const shift = (place: number, room: number) =>
		Math.min(Math.max(place, KEPT_VISIBLE), room - KEPT_VISIBLE) - place;
	return panBy(view, [shift(x, viewport.width), shift(y, viewport.height)], image, viewport);
}
