import type { ImageSize, Point } from '../../cos/areas/points';

/** Where the image is on the screen: a point is at `origin + point * scale`, in CSS pixels. */
export interface View {
	readonly scale: number;
	readonly x: number;
	readonly y: number;
}

const MARGIN = 24;
/** CSS pixels of the image that stay on the screen however far it is moved. */
const KEPT_VISIBLE = 48;
const MAX_SCALE = 40;

export function toScreen([x, y]: Point, view: View): Point {
	return [view.x + x * view.scale, view.y + y * view.scale];
}

export function toImage([x, y]: Point, view: View): Point {
	return [(x - view.x) / view.scale, (y - view.y) / view.scale];
}

/** The whole image, as large as it fits, in the middle; a small one at most four times its size. */
export function fitView(image: ImageSize, screen: ImageSize): View {
	const scale = Math.min(
		(screen.width - 2 * MARGIN) / image.width,
		(screen.height - 2 * MARGIN) / image.height,
		4,
	);
	const safe = Math.max(scale, 1e-3);
	return {
		scale: safe,
		x: (screen.width - image.width * safe) / 2,
		y: (screen.height - image.height * safe) / 2,
	};
}

function keepVisible(view: View, image: ImageSize, screen: ImageSize): View {
	const keep = (position: number, extent: number, room: number) =>
		Math.min(Math.max(position, KEPT_VISIBLE - extent), room - KEPT_VISIBLE);
	return {
		scale: view.scale,
		x: keep(view.x, image.width * view.scale, screen.width),
		y: keep(view.y, image.height * view.scale, screen.height),
	};
}

/** The image moved by so many CSS pixels. */
export function panBy(view: View, [dx, dy]: Point, image: ImageSize, screen: ImageSize): View {
	return keepVisible({ ...view, x: view.x + dx, y: view.y + dy }, image, screen);
}

/** The image enlarged by a factor while the place under `anchor` (CSS pixels) stays where it is. */
export function zoomAt(
	view: View,
	factor: number,
	anchor: Point,
	image: ImageSize,
	screen: ImageSize,
): View {
	const smallest = Math.min(fitView(image, screen).scale / 2, 1);
	const scale = Math.min(Math.max(view.scale * factor, smallest), MAX_SCALE);
	const [x, y] = toImage(anchor, view);
	return keepVisible({ scale, x: anchor[0] - x * scale, y: anchor[1] - y * scale }, image, screen);
}

/** The view that has the least movement and shows a point of the image. */
export function reveal(view: View, point: Point, image: ImageSize, screen: ImageSize): View {
	const [x, y] = toScreen(point, view);
	const into = (place: number, room: number) =>
		Math.min(Math.max(place, KEPT_VISIBLE), room - KEPT_VISIBLE) - place;
	return panBy(view, [into(x, screen.width), into(y, screen.height)], image, screen);
}
