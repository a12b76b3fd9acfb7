import type { Point } from '../../cos/areas/points';
import {
	boxBetween,
	cornersOf,
	moveCorner,
	moveShape,
	nearestPoint,
	removeCorner,
} from '../geometry/shapes';
import { fitView, panBy, reveal, toImage, zoomAt } from '../geometry/view';
import { selectedShape, type Tool } from './drawing';
import type { World } from './gestures';

/** What keys see and change, besides what gestures do. */
export interface KeyWorld extends World {
	/** The cross that arrows move while a drawing tool is chosen. */
	readonly cross: Point | undefined;
	readonly setCross: (cross: Point | undefined) => void;
	readonly showHelp: () => void;
}

const ARROWS: Readonly<Record<string, Point>> = {
	ArrowLeft: [-1, 0],
	ArrowRight: [1, 0],
	ArrowUp: [0, -1],
	ArrowDown: [0, 1],
};

const TOOLS: Readonly<Record<string, Tool>> = { v: 'select', r: 'rectangle', p: 'polygon' };

const ZOOM_STEP = 1.25;
/** CSS pixels, for an arrow that moves the image. */
const PAN_STEP = 40;

/** Enlarges the image around the middle of the screen. */
export function zoomBy(
	{ view, image, screen, setView }: Pick<World, 'view' | 'image' | 'screen' | 'setView'>,
	factor: number,
): void {
	setView(zoomAt(view, factor, [screen.width / 2, screen.height / 2], image, screen));
}

function moveSelected(world: KeyWorld, [x, y]: Point): void {
	const { drawing, image, view, screen, dispatch, setView } = world;
	const shape = selectedShape(drawing);
	const corner = drawing.selection?.corner;
	if (!shape) return;
	if (corner === undefined) {
		dispatch({ type: 'change', shape: moveShape(shape, [x, y], image), step: `${shape.id}` });
		return;
	}
	const [cornerX, cornerY] = cornersOf(shape)[corner] ?? [0, 0];
	const to = nearestPoint([cornerX + x, cornerY + y], image);
	// A rectangle's corner stops before the opposite one: passing it would make it another corner.
	const moved = moveCorner(shape, corner, to, image);
	const place = cornersOf(moved)[corner];
	if (place?.[0] !== to[0] || place[1] !== to[1]) return;
	dispatch({ type: 'change', shape: moved, step: `${shape.id} corner ${corner}` });
	setView(reveal(view, to, image, screen));
}

function middleOfScreen({ view, screen, image }: KeyWorld): Point {
	return nearestPoint(toImage([screen.width / 2, screen.height / 2], view), image);
}

function moveCross(world: KeyWorld, [x, y]: Point): void {
	const { cross, drawing, image, view, screen } = world;
	const at = cross ?? middleOfScreen(world);
	const to = cross ? nearestPoint([at[0] + x, at[1] + y], image) : at;
	world.setCross(to);
	world.setView(reveal(view, to, image, screen));
	const { draft } = drawing;
	if (draft?.kind === 'rectangle') world.dispatch({ type: 'draft', draft: { ...draft, to } });
}

/** An arrow moves what is selected, else the cross of a drawing tool, else the image. */
function arrow(world: KeyWorld, [x, y]: Point, isLarge: boolean): void {
	const { drawing, view, image, screen } = world;
	const step = isLarge ? 10 : 1;
	if (drawing.selection) moveSelected(world, [x * step, y * step]);
	else if (drawing.tool !== 'select') moveCross(world, [x * step, y * step]);
	else world.setView(panBy(view, [-x * PAN_STEP, -y * PAN_STEP], image, screen));
}

/** Puts a corner where the cross is; the second one of a rectangle finishes it. */
function placeCorner(world: KeyWorld): void {
	const { drawing, image, dispatch } = world;
	const { draft, tool } = drawing;
	const at = world.cross ?? middleOfScreen(world);
	world.setCross(at);
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

/** Places a corner; a second time at the same place finishes a polygon, as a double click does. */
function enter(world: KeyWorld): void {
	const { cross, drawing, dispatch } = world;
	const corners = drawing.draft?.kind === 'polygon' ? drawing.draft.corners : [];
	const last = corners.at(-1);
	const isTwice = !cross || (last?.[0] === cross[0] && last[1] === cross[1]);
	if (corners.length >= 3 && isTwice) {
		dispatch({ type: 'add', shape: { kind: 'polygon', corners } });
	} else if (drawing.tool !== 'select') placeCorner(world);
}

/** Removes the last corner of what is being drawn, the selected corner, or the selected shape. */
export function deleteSelected({ drawing, dispatch }: Pick<World, 'drawing' | 'dispatch'>): void {
	const { draft, selection } = drawing;
	if (draft) {
		const corners = draft.kind === 'polygon' ? draft.corners.slice(0, -1) : [];
		dispatch({
			type: 'draft',
			draft: corners.length > 0 ? { kind: 'polygon', corners } : undefined,
		});
		return;
	}
	const shape = selectedShape(drawing);
	if (!shape) return;
	const corner = selection?.corner;
	const without = corner === undefined ? shape : removeCorner(shape, corner);
	if (without === shape) {
		dispatch({ type: 'delete', id: shape.id });
		return;
	}
	dispatch({ type: 'change', shape: without });
	dispatch({ type: 'select', selection: { id: shape.id } });
}

function cancel({ drawing, dispatch, setCross }: KeyWorld): void {
	setCross(undefined);
	if (drawing.draft) dispatch({ type: 'draft', draft: undefined });
	else if (drawing.selection?.corner !== undefined) {
		dispatch({ type: 'select', selection: { id: drawing.selection.id } });
	} else dispatch({ type: 'select', selection: undefined });
}

/** Runs the command of a key pressed on the stage. @returns whether the key has one */
export function pressKey(event: KeyboardEvent, world: KeyWorld): boolean {
	const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
	const { dispatch } = world;
	if (event.ctrlKey || event.metaKey) {
		if (key === 'z') dispatch({ type: event.shiftKey ? 'redo' : 'undo' });
		else if (key === 'y') dispatch({ type: 'redo' });
		else return false;
		return true;
	}
	if (event.altKey) return false;
	const direction = ARROWS[key];
	const tool = TOOLS[key];
	if (direction) arrow(world, direction, event.shiftKey);
	else if (tool) {
		world.setCross(undefined);
		dispatch({ type: 'tool', tool });
	} else if (key === 'Enter') enter(world);
	else if (key === 'Delete' || key === 'Backspace') deleteSelected(world);
	else if (key === 'Escape') cancel(world);
	else if (key === '+' || key === '=') zoomBy(world, ZOOM_STEP);
	else if (key === '-') zoomBy(world, 1 / ZOOM_STEP);
	else if (key === '0') world.setView(fitView(world.image, world.screen));
	else if (key === '?') world.showHelp();
	else return false;
	return true;
}
