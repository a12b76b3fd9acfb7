import type { ImageSize, Point } from '../../cos/areas/points';
import { hitTest } from '../geometry/hitTest';
import {
	boxBetween,
	insertCorner,
	moveCorner,
	moveShape,
	nearestPoint,
	type Shape,
} from '../geometry/shapes';
import { snapMove, snapPoint, snapTargets } from '../geometry/snapping';
import { panBy, toImage, toScreen, zoomAt, type View } from '../geometry/view';
import type { Action, Drawing } from './drawing';

/** What gestures see and change. Read anew at each event. */
export interface World {
	readonly drawing: Drawing;
	readonly view: View;
	readonly image: ImageSize;
	/** Size of the stage in CSS pixels. */
	readonly screen: ImageSize;
	/** Whether the key that turns every drag into a move of the image is down. */
	readonly isPanning: boolean;
	readonly dispatch: (action: Action) => void;
	readonly setView: (view: View) => void;
}

/** A press that goes on until the pointer is lifted, or a second finger makes something else of it. */
interface Gesture {
	move(at: Point, isFree: boolean): void;
	end(): void;
	cancel(): void;
}

/** CSS pixels from a handle at which a press takes it. */
export const REACH = { mouse: 10, touch: 22 };
/** CSS pixels. */
const SNAP = 6;
const CLICK = 4;
const DOUBLE_CLICK_MS = 400;

const far = (a: Point, b: Point) => Math.hypot(a[0] - b[0], a[1] - b[1]);

const nothing: Gesture = { move: () => undefined, end: () => undefined, cancel: () => undefined };

/**
 * Makes drags, clicks, wheel and pinches on an element draw, move and zoom.
 *
 * @param world gives the present state
 * @returns what takes the listeners off again
 */
export function attachGestures(element: HTMLElement, world: () => World): () => void {
	const pointers = new Map<number, Point>();
	let gesture = nothing;
	let count = 0;
	let lastClick = { at: [0, 0] as Point, time: 0 };

	const placeOf = (event: MouseEvent): Point => {
		const { left, top } = element.getBoundingClientRect();
		return [event.clientX - left, event.clientY - top];
	};

	/** Where a corner comes to lie; `isFree` lets it lie beside what it would snap to. */
	const pointAt = (at: Point, isFree: boolean, except?: Shape): Point => {
		const { drawing, view, image } = world();
		const point = toImage(at, view);
		const others = drawing.shapes.filter(({ id }) => id !== except?.id);
		const targets = snapTargets(image, others);
		return nearestPoint(isFree ? point : snapPoint(point, targets, SNAP / view.scale), image);
	};

	const pan = (start: Point, onClick: () => void): Gesture => {
		let last = start;
		let moved = false;
		return {
			move(at) {
				const { view, image, screen, setView } = world();
				moved ||= far(at, start) > CLICK;
				if (moved) setView(panBy(view, [at[0] - last[0], at[1] - last[1]], image, screen));
				last = at;
			},
			end() {
				if (!moved) onClick();
			},
			cancel: () => undefined,
		};
	};

	/** Changes a shape with the pointer; all of it is one step of undo. */
	const change = (start: Point, shapeAt: (at: Point, isFree: boolean) => Shape): Gesture => {
		const step = `drag ${++count}`;
		let moved = false;
		return {
			move(at, isFree) {
				moved ||= far(at, start) > CLICK;
				if (moved) world().dispatch({ type: 'change', shape: shapeAt(at, isFree), step });
			},
			end: () => undefined,
			cancel() {
				if (moved) world().dispatch({ type: 'undo' });
			},
		};
	};

	const dragShape = (shape: Shape, start: Point): Gesture => {
		const { view, image, drawing } = world();
		const targets = snapTargets(
			image,
			drawing.shapes.filter(({ id }) => id !== shape.id),
		);
		return change(start, (at, isFree) => {
			const by: Point = [
				Math.round((at[0] - start[0]) / view.scale),
				Math.round((at[1] - start[1]) / view.scale),
			];
			const way = isFree ? by : snapMove(shape, by, targets, SNAP / view.scale);
			return moveShape(shape, way, image);
		});
	};

	const dragCorner = (shape: Shape, index: number, start: Point): Gesture =>
		change(start, (at, isFree) =>
			moveCorner(shape, index, pointAt(at, isFree, shape), world().image),
		);

	const drawRectangle = (start: Point, isFree: boolean): Gesture => {
		const from = pointAt(start, isFree);
		const { image, dispatch } = world();
		let end: Point | undefined;
		return {
			move(at, free) {
				if (!end && far(at, start) <= CLICK) return;
				end = pointAt(at, free);
				dispatch({ type: 'draft', draft: { kind: 'rectangle', from, to: end } });
			},
			end() {
				if (!end) return;
				const box = boxBetween(from, end, image);
				dispatch({ type: 'add', shape: { kind: 'rectangle', box } });
			},
			cancel: () => dispatch({ type: 'draft', draft: undefined }),
		};
	};

	/** A click for each corner; on the first one, or twice at the same place, it closes. */
	const placeCorner = (start: Point, reach: number, isFree: boolean): Gesture => {
		const { drawing, view, dispatch } = world();
		const before = drawing.draft?.kind === 'polygon' ? drawing.draft.corners : [];
		const [first] = before;
		const now = Date.now();
		const isDouble = now - lastClick.time < DOUBLE_CLICK_MS && far(lastClick.at, start) <= CLICK;
		lastClick = { at: start, time: now };
		if (first && before.length >= 3 && (isDouble || far(toScreen(first, view), start) <= reach)) {
			dispatch({ type: 'add', shape: { kind: 'polygon', corners: before } });
			return nothing;
		}
		if (isDouble && first) return nothing;
		const put = (at: Point, free: boolean) => {
			const corners = [...before, pointAt(at, free)];
			dispatch({ type: 'draft', draft: { kind: 'polygon', corners } });
		};
		put(start, isFree);
		return {
			move: put,
			end: () => undefined,
			cancel() {
				dispatch({
					type: 'draft',
					draft: before.length > 0 ? { kind: 'polygon', corners: before } : undefined,
				});
			},
		};
	};

	const begin = (event: PointerEvent, at: Point): Gesture => {
		const { drawing, view, isPanning, image, dispatch } = world();
		if (event.button === 1 || isPanning) return pan(at, () => undefined);
		if (event.button !== 0) return nothing;
		const reach = event.pointerType === 'mouse' ? REACH.mouse : REACH.touch;
		if (drawing.draft?.kind === 'polygon') return placeCorner(at, reach, event.altKey);
		const hit = hitTest(drawing.shapes, drawing.selection, at, view, reach);
		if (hit?.kind === 'corner') {
			dispatch({ type: 'select', selection: { id: hit.shape.id, corner: hit.index } });
			return dragCorner(hit.shape, hit.index, at);
		}
		if (hit?.kind === 'side') {
			const corner = nearestPoint(toImage(at, view), image);
			const shape = insertCorner(hit.shape, hit.index, corner);
			dispatch({ type: 'select', selection: { id: shape.id, corner: hit.index } });
			dispatch({ type: 'change', shape, step: `drag ${count + 1}` });
			return dragCorner(shape, hit.index, at);
		}
		if (drawing.tool === 'rectangle') return drawRectangle(at, event.altKey);
		if (drawing.tool === 'polygon') return placeCorner(at, reach, event.altKey);
		if (!hit) return pan(at, () => dispatch({ type: 'select', selection: undefined }));
		dispatch({ type: 'select', selection: { id: hit.shape.id } });
		return dragShape(hit.shape, at);
	};

	/** The middle of two fingers and how far they are apart. */
	const pinch = () => {
		const [a = [0, 0], b = a] = [...pointers.values()];
		const middle: Point = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
		return { middle, spread: Math.max(far(a, b), 1) };
	};

	const down = (event: PointerEvent): void => {
		const at = placeOf(event);
		pointers.set(event.pointerId, at);
		element.setPointerCapture(event.pointerId);
		if (pointers.size === 1) {
			gesture = begin(event, at);
			return;
		}
		gesture.cancel();
		gesture = nothing;
	};

	const move = (event: PointerEvent): void => {
		if (!pointers.has(event.pointerId)) return;
		const before = pinch();
		pointers.set(event.pointerId, placeOf(event));
		if (pointers.size === 1) {
			gesture.move(placeOf(event), event.altKey);
			return;
		}
		const after = pinch();
		const { view, image, screen, setView } = world();
		const by: Point = [after.middle[0] - before.middle[0], after.middle[1] - before.middle[1]];
		const moved = panBy(view, by, image, screen);
		setView(zoomAt(moved, after.spread / before.spread, after.middle, image, screen));
	};

	const lift = (event: PointerEvent): void => {
		if (!pointers.delete(event.pointerId)) return;
		if (event.type === 'pointercancel') gesture.cancel();
		else gesture.end();
		gesture = nothing;
	};

	const wheel = (event: WheelEvent): void => {
		event.preventDefault();
		const { view, image, screen, setView } = world();
		const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
		const [dx, dy] = [event.deltaX * lines, event.deltaY * lines];
		if (event.shiftKey) {
			setView(panBy(view, [-(dx || dy), 0], image, screen));
			return;
		}
		// Browsers tell a pinch on a touchpad as a wheel with Ctrl, in smaller numbers.
		const factor = Math.exp(-dy * (event.ctrlKey ? 0.01 : 0.0015));
		setView(zoomAt(view, factor, placeOf(event), image, screen));
	};

	/** The stage keeps the focus itself, so that keys go on to work on what was clicked. */
	const keepFocus = (event: MouseEvent): void => {
		event.preventDefault();
		element.focus({ preventScroll: true });
	};

	element.addEventListener('mousedown', keepFocus);
	element.addEventListener('pointerdown', down);
	element.addEventListener('pointermove', move);
	element.addEventListener('pointerup', lift);
	element.addEventListener('pointercancel', lift);
	element.addEventListener('wheel', wheel, { passive: false });
	return () => {
		element.removeEventListener('mousedown', keepFocus);
		element.removeEventListener('pointerdown', down);
		element.removeEventListener('pointermove', move);
		element.removeEventListener('pointerup', lift);
		element.removeEventListener('pointercancel', lift);
		element.removeEventListener('wheel', wheel);
	};
}
