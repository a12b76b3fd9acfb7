import type { ImageSize, Point } from '../../cos/areas/points';
import { removeCorner } from '../geometry/shapes';
import type { StoredSize } from '../../cos/images/upright';
import { zoomAt, type View } from '../geometry/view';
import { selectedShape, type Action, type Drawing } from './drawing';

/** What mouse, touch and keyboard work on: the current state, and how to change it. */
export interface Editor {
	readonly drawing: Drawing;
	readonly view: View;
	readonly image: StoredSize;
	/** Size of the drawing area in CSS pixels. */
	readonly viewport: ImageSize;
	/** The keyboard's pointer: the arrow keys move it while a drawing tool is active. */
	readonly crosshair: Point | undefined;
	/** Space is held: every drag moves the image. */
	readonly isPanning: boolean;
	readonly dispatch: (action: Action) => void;
	readonly setView: (view: View) => void;
	readonly setCrosshair: (crosshair: Point | undefined) => void;
	readonly showHelp: () => void;
}

/** Zooms around the middle of the drawing area. */
export function zoomBy({ view, viewport, setView }: Editor, factor: number): void {
	setView(zoomAt(view, factor, [viewport.width / 2, viewport.height / 2], viewport));
}

/** Removes the last corner of the draft, else the selected corner, else the selected shape. */
export function deleteSelected({ drawing, dispatch }: Editor): void {
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
	const remaining = corner === undefined ? shape : removeCorner(shape, corner);
	if (remaining === shape) {
		dispatch({ type: 'delete', id: shape.id });
		return;
	}
	dispatch({ type: 'change', shape: remaining });
	dispatch({ type: 'select', selection: { id: shape.id } });
}
