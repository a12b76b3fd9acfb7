import type { Point } from '../../cos/areas/points';
import { boxBetween, cornersOf, moveCorner, moveShape, nearestPoint } from '../geometry/shapes';
import { movementToStored } from '../geometry/movement';
import { fitView, panBy, reveal, toImage } from '../geometry/view';
import { selectedShape, type Tool } from './drawing';
import { deleteSelected, zoomBy, type Editor } from './editor';

const ARROWS: Readonly<Record<string, Point>> = {
	ArrowLeft: [-1, 0],
	ArrowRight: [1, 0],
	ArrowUp: [0, -1],
	ArrowDown: [0, 1],
};

const TOOLS: Readonly<Record<string, Tool>> = { v: 'select', r: 'rectangle', p: 'polygon' };

const ZOOM_STEP = 1.25;
/** How far an arrow key moves the image, in CSS pixels. */
const PAN_STEP = 40;

function moveSelected(editor: Editor, [x, y]: Point): void {
	const { drawing, image, view, viewport, dispatch, setView } = editor;
	const shape = selectedShape(drawing);
	const corner = drawing.selection?.corner;
	if (!shape) return;
	if (corner === undefined) {
		dispatch({ type: 'change', shape: moveShape(shape, [x, y], image), step: `${shape.id}` });
		return;
	}
	const [cornerX, cornerY] = cornersOf(shape)[corner] ?? [0, 0];
	const to = nearestPoint([cornerX + x, cornerY + y], image);
	// A corner of a rectangle stops before the opposite one: past it, it would become another corner.
	const moved = moveCorner(shape, corner, to, image);
	const place = cornersOf(moved)[corner];
	if (place?.[0] !== to[0] || place[1] !== to[1]) return;
	dispatch({ type: 'change', shape: moved, step: `${shape.id} corner ${corner}` });
	setView(reveal(view, to, viewport));
}

function middleOfViewport({ view, viewport, image }: Editor): Point {
	return nearestPoint(toImage([viewport.width / 2, viewport.height / 2], view), image);
}

function moveCrosshair(editor: Editor, [x, y]: Point): void {
	const { crosshair, drawing, image, view, viewport } = editor;
	// The first arrow key only shows the crosshair.
	const to = crosshair
		? nearestPoint([crosshair[0] + x, crosshair[1] + y], image)
		: middleOfViewport(editor);
	editor.setCrosshair(to);
	editor.setView(reveal(view, to, viewport));
	const { draft } = drawing;
	if (draft?.kind === 'rectangle') editor.dispatch({ type: 'draft', draft: { ...draft, to } });
}

/** Moves the selection, else the crosshair of a drawing tool, else the image. */
function moveByArrow(editor: Editor, [x, y]: Point, isLarge: boolean): void {
	const { drawing, view, image, viewport } = editor;
	const step = isLarge ? 10 : 1;
	const by = movementToStored([x * step, y * step], image);
	if (drawing.selection) moveSelected(editor, by);
	else if (drawing.tool !== 'select') moveCrosshair(editor, by);
	else editor.setView(panBy(view, [-x * PAN_STEP, -y * PAN_STEP], viewport));
}

/** Adds a corner at the crosshair; the second one completes a rectangle. */
function placeCorner(editor: Editor): void {
	const { drawing, image, dispatch } = editor;
	const { draft, tool } = drawing;
	const at = editor.crosshair ?? middleOfViewport(editor);
	editor.setCrosshair(at);
	if (draft?.kind === 'rectangle') {
		dispatch({
			type: 'add',
			shape: { kind: 'rectangle', box: boxBetween(draft.from, at, image) },
		});
	} else if (tool === 'rectangle') {
		dispatch({ type: 'draft', draft: { kind: 'rectangle', from: at, to: at } });
	} else if (tool === 'polygon') {
		dispatch({
			type: 'draft',
			draft: { kind: 'polygon', corners: [...(draft?.corners ?? []), at] },
		});
	}
}

/**
 * Adds a corner; pressed twice in one place, it closes the polygon, as a double click does. While a shape
 * is selected, it ends its selection: the arrow keys then move the crosshair to the next shape.
 */
function placeOrClose(editor: Editor): void {
	const { crosshair, drawing, dispatch } = editor;
	if (drawing.selection && drawing.tool !== 'select') {
		dispatch({ type: 'select', selection: undefined });
		return;
	}
	const corners = drawing.draft?.kind === 'polygon' ? drawing.draft.corners : [];
	const last = corners.at(-1);
	const isSamePlace = !crosshair || (last?.[0] === crosshair[0] && last[1] === crosshair[1]);
	if (corners.length >= 3 && isSamePlace) {
		dispatch({ type: 'add', shape: { kind: 'polygon', corners } });
	} else if (drawing.tool !== 'select') placeCorner(editor);
}

function cancel({ drawing, dispatch, setCrosshair }: Editor): void {
	setCrosshair(undefined);
	if (drawing.draft) dispatch({ type: 'draft', draft: undefined });
	else if (drawing.selection?.corner !== undefined) {
		dispatch({ type: 'select', selection: { id: drawing.selection.id } });
	} else dispatch({ type: 'select', selection: undefined });
}

/** Runs the command of a key. @returns whether the key has one */
export function pressKey(event: KeyboardEvent, editor: Editor): boolean {
	const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
	const { dispatch } = editor;
	if (event.ctrlKey || event.metaKey) {
		if (key === 'z') dispatch({ type: event.shiftKey ? 'redo' : 'undo' });
		else if (key === 'y') dispatch({ type: 'redo' });
		else return false;
		return true;
	}
	if (event.altKey) return false;
	const direction = ARROWS[key];
	const tool = TOOLS[key];
	if (direction) moveByArrow(editor, direction, event.shiftKey);
	else if (tool) {
		editor.setCrosshair(undefined);
		dispatch({ type: 'tool', tool });
	} else if (key === 'Enter') placeOrClose(editor);
	else if (key === 'Delete' || key === 'Backspace') deleteSelected(editor);
	else if (key === 'Escape') cancel(editor);
	else if (key === '+' || key === '=') zoomBy(editor, ZOOM_STEP);
	else if (key === '-') zoomBy(editor, 1 / ZOOM_STEP);
	else if (key === '0') editor.setView(fitView(editor.image, editor.viewport));
	else if (key === '?') editor.showHelp();
	else return false;
	return true;
}
