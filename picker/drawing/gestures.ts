import type { Point } from '../../cos/areas/points';
import { hitTest, type Hit } from '../geometry/hitTest';
import {
	boxBetween,
	distance,
	insertCorner,
	moveCorner,
	moveShape,
	nearestPoint,
	type Shape,
} from '../geometry/shapes';
import { snapMove, snapPoint, snapTargets } from '../geometry/snapping';
import { movementToStored } from '../geometry/movement';
import { panBy, toImage, toScreen } from '../geometry/view';
import type { Editor } from './editor';

/** Gives the current state: it changes while a gesture is under way. */
export type GetEditor = () => Editor;

/** What a press does until the pointer is lifted, or a second finger cancels it. */
export interface Gesture {
	/** @param isFree turns snapping off */
	move(at: Point, isFree: boolean): void;
	end(): void;
	cancel(): void;
}

/** How far from a handle a press still grabs it, in CSS pixels. */
export const REACH = { mouse: 10, touch: 22 };
/** How far a shape or corner snaps, in CSS pixels. */
const SNAP = 6;
/** A press that moves no further than this is a click, in CSS pixels. */
const CLICK = 4;
const DOUBLE_CLICK_MS = 400;

export const NO_GESTURE: Gesture = {
	move: () => undefined,
	end: () => undefined,
	cancel: () => undefined,
};

function otherShapes(editor: Editor, shape: Shape | undefined): readonly Shape[] {
	return editor.drawing.shapes.filter(({ id }) => id !== shape?.id);
}

/**
 * Where a press would place a corner.
 *
 * @param at in CSS pixels of the drawing area
 * @param isFree turns snapping off
 * @param shape the one being changed: it does not snap to itself
 */
export function snappedPoint(editor: Editor, at: Point, isFree: boolean, shape?: Shape): Point {
	const { view, image } = editor;
	const point = toImage(at, view);
	if (isFree) return nearestPoint(point, image);
	const targets = snapTargets(image, otherShapes(editor, shape));
	return nearestPoint(snapPoint(point, targets, SNAP / view.scale), image);
}

function pan(getEditor: GetEditor, start: Point, onClick: () => void): Gesture {
	let last = start;
	let moved = false;
	return {
		move(at) {
			const { view, viewport, setView } = getEditor();
			moved ||= distance(at, start) > CLICK;
			if (moved) setView(panBy(view, [at[0] - last[0], at[1] - last[1]], viewport));
			last = at;
		},
		end() {
			if (!moved) onClick();
		},
		cancel: () => undefined,
	};
}

/**
 * @param step makes the whole drag one step of undo
 * @param onClick when the press did not move
 */
function changeShape(
	getEditor: GetEditor,
	start: Point,
	step: string,
	shapeAt: (at: Point, isFree: boolean) => Shape,
	onClick: () => void = () => undefined,
): Gesture {
	let moved = false;
	return {
		move(at, isFree) {
			moved ||= distance(at, start) > CLICK;
			if (moved) getEditor().dispatch({ type: 'change', shape: shapeAt(at, isFree), step });
		},
		end() {
			if (!moved) onClick();
		},
		cancel() {
			if (moved) getEditor().dispatch({ type: 'undo' });
		},
	};
}

/** @param onClick when the press did not move */
function dragShape(
	getEditor: GetEditor,
	start: Point,
	step: string,
	shape: Shape,
	onClick: () => void,
): Gesture {
	const editor = getEditor();
	const { view, image } = editor;
	const targets = snapTargets(image, otherShapes(editor, shape));
	const shapeAt = (at: Point, isFree: boolean): Shape => {
		const seen: Point = [
			Math.round((at[0] - start[0]) / view.scale),
			Math.round((at[1] - start[1]) / view.scale),
		];
		const by = movementToStored(seen, image);
		const snapped = isFree ? by : snapMove(shape, by, targets, SNAP / view.scale);
		return moveShape(shape, snapped, image);
	};
	return changeShape(getEditor, start, step, shapeAt, onClick);
}

function dragCorner(
	getEditor: GetEditor,
	start: Point,
	step: string,
	shape: Shape,
	index: number,
): Gesture {
	return changeShape(getEditor, start, step, (at, isFree) => {
		const editor = getEditor();
		return moveCorner(shape, index, snappedPoint(editor, at, isFree, shape), editor.image);
	});
}

/** @param onClick when the press did not move */
function drawRectangle(
	getEditor: GetEditor,
	start: Point,
	isFree: boolean,
	onClick: () => void,
): Gesture {
	const editor = getEditor();
	const { image, dispatch } = editor;
	const from = snappedPoint(editor, start, isFree);
	let to: Point | undefined;
	return {
		move(at, isFreeNow) {
			if (!to && distance(at, start) <= CLICK) return;
			to = snappedPoint(getEditor(), at, isFreeNow);
			dispatch({ type: 'draft', draft: { kind: 'rectangle', from, to } });
		},
		end() {
			if (!to) {
				onClick();
				return;
			}
			const box = boxBetween(from, to, image);
			dispatch({ type: 'add', shape: { kind: 'rectangle', box } });
		},
		cancel: () => dispatch({ type: 'draft', draft: undefined }),
	};
}

/** Each click adds a corner; a click on the first one, or a double click, closes the polygon. */
function placeCorner(
	getEditor: GetEditor,
	start: Point,
	isFree: boolean,
	reach: number,
	isDoubleClick: boolean,
): Gesture {
	const { drawing, view, dispatch } = getEditor();
	const before = drawing.draft?.kind === 'polygon' ? drawing.draft.corners : [];
	const [first] = before;
	if (first && before.length >= 3) {
		if (isDoubleClick || distance(toScreen(first, view), start) <= reach) {
			dispatch({ type: 'add', shape: { kind: 'polygon', corners: before } });
			return NO_GESTURE;
		}
	}
	if (isDoubleClick && first) return NO_GESTURE;
	const place = (at: Point, isFreeNow: boolean) => {
		const corners = [...before, snappedPoint(getEditor(), at, isFreeNow)];
		dispatch({ type: 'draft', draft: { kind: 'polygon', corners } });
	};
	place(start, isFree);
	return {
		move: place,
		end: () => undefined,
		cancel() {
			dispatch({
				type: 'draft',
				draft: before.length > 0 ? { kind: 'polygon', corners: before } : undefined,
			});
		},
	};
}

/**
 * The tool and its target decide what a press does. With every tool, handles of the selected shape move
 * its corners, and the selected shape itself can be dragged: so a tool can stay chosen after a shape.
 *
 * @returns a function that begins the gesture of a press
 */
export function createGestures(getEditor: GetEditor): (event: PointerEvent, at: Point) => Gesture {
	let presses = 0;
	let lastClick = { at: [0, 0] as Point, time: 0 };

	const clickCorner = (event: PointerEvent, at: Point, reach: number): Gesture => {
		const time = Date.now();
		const isDoubleClick =
			time - lastClick.time < DOUBLE_CLICK_MS && distance(lastClick.at, at) <= CLICK;
		lastClick = { at, time };
		return placeCorner(getEditor, at, event.altKey, reach, isDoubleClick);
	};

	return (event, at) => {
		const { drawing, view, isPanning, image, dispatch } = getEditor();
		const step = `drag ${++presses}`;
		if (event.button === 1 || isPanning) return pan(getEditor, at, () => undefined);
		if (event.button !== 0) return NO_GESTURE;
		const reach = event.pointerType === 'mouse' ? REACH.mouse : REACH.touch;
		if (drawing.draft?.kind === 'polygon') return clickCorner(event, at, reach);
		const hit = hitTest(drawing.shapes, drawing.selection, at, view, reach);
		if (hit?.kind === 'corner') {
			dispatch({ type: 'select', selection: { id: hit.shape.id, corner: hit.index } });
			return dragCorner(getEditor, at, step, hit.shape, hit.index);
		}
		if (hit?.kind === 'side') {
			const corner = nearestPoint(toImage(at, view), image);
			const shape = insertCorner(hit.shape, hit.index, corner);
			dispatch({ type: 'select', selection: { id: shape.id, corner: hit.index } });
			dispatch({ type: 'change', shape, step });
			return dragCorner(getEditor, at, step, shape, hit.index);
		}
		const select = (target: Hit | undefined) =>
			dispatch({ type: 'select', selection: target && { id: target.shape.id } });
		const isSelected = hit?.shape.id === drawing.selection?.id;
		if (drawing.tool !== 'select' && !(hit && isSelected)) {
			if (drawing.tool === 'polygon') return clickCorner(event, at, reach);
			return drawRectangle(getEditor, at, event.altKey, () => select(hit));
		}
		if (!hit) return pan(getEditor, at, () => select(undefined));
		select(hit);
		return dragShape(getEditor, at, step, hit.shape, () => {
			if (getEditor().drawing.tool === 'polygon') clickCorner(event, at, reach);
		});
	};
}
