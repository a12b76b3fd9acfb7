import type { Point } from '../../cos/areas/points';
import { distance } from '../geometry/shapes';
import { panBy, zoomAt } from '../geometry/view';
import { createGestures, NO_GESTURE, type GetEditor } from './gestures';

/** The middle between two fingers, and the distance between them. */
function pinchOf(pointers: ReadonlyMap<number, Point>): { middle: Point; spread: number } {
	const [a = [0, 0], b = a] = [...pointers.values()];
	const middle: Point = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
	return { middle, spread: Math.max(distance(a, b), 1) };
}

function scroll(event: WheelEvent, at: Point, getEditor: GetEditor): void {
	event.preventDefault();
	const { view, viewport, setView } = getEditor();
	const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
	const [dx, dy] = [event.deltaX * pixels, event.deltaY * pixels];
	if (event.shiftKey) {
		setView(panBy(view, [-(dx || dy), 0], viewport));
		return;
	}
	// Browsers report a pinch on a touchpad as a wheel turned with Ctrl held, in smaller numbers.
	const factor = Math.exp(-dy * (event.ctrlKey ? 0.01 : 0.0015));
	setView(zoomAt(view, factor, at, viewport));
}

/**
 * Lets mouse, pen and fingers draw, move and zoom on an element.
 *
 * @returns a function that removes the listeners
 */
export function listenToPointer(element: HTMLElement, getEditor: GetEditor): () => void {
	const beginGesture = createGestures(getEditor);
	const pointers = new Map<number, Point>();
	let gesture = NO_GESTURE;

	const placeOf = (event: MouseEvent): Point => {
		const { left, top } = element.getBoundingClientRect();
		return [event.clientX - left, event.clientY - top];
	};

	const press = (event: PointerEvent): void => {
		const at = placeOf(event);
		pointers.set(event.pointerId, at);
		element.setPointerCapture(event.pointerId);
		if (pointers.size === 1) {
			gesture = beginGesture(event, at);
			return;
		}
		gesture.cancel();
		gesture = NO_GESTURE;
	};

	const move = (event: PointerEvent): void => {
		if (!pointers.has(event.pointerId)) return;
		const before = pinchOf(pointers);
		pointers.set(event.pointerId, placeOf(event));
		if (pointers.size === 1) {
			gesture.move(placeOf(event), event.altKey);
			return;
		}
		const after = pinchOf(pointers);
		const { view, viewport, setView } = getEditor();
		const by: Point = [after.middle[0] - before.middle[0], after.middle[1] - before.middle[1]];
		const moved = panBy(view, by, viewport);
		setView(zoomAt(moved, after.spread / before.spread, after.middle, viewport));
	};

	const lift = (event: PointerEvent): void => {
		if (!pointers.delete(event.pointerId)) return;
		if (event.type === 'pointercancel') gesture.cancel();
		else gesture.end();
		gesture = NO_GESTURE;
	};

	/** The keys then act on what was clicked. By default, the browser would also scroll. */
	const keepFocus = (event: MouseEvent): void => {
		event.preventDefault();
		element.focus({ preventScroll: true });
	};

	const listeners = new AbortController();
	const { signal } = listeners;
	element.addEventListener('mousedown', keepFocus, { signal });
	element.addEventListener('pointerdown', press, { signal });
	element.addEventListener('pointermove', move, { signal });
	element.addEventListener('pointerup', lift, { signal });
	element.addEventListener('pointercancel', lift, { signal });
	element.addEventListener('wheel', (event) => scroll(event, placeOf(event), getEditor), {
		passive: false,
		signal,
	});
	return () => listeners.abort();
}
