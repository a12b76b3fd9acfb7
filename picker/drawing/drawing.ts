import type { Point } from '../../cos/areas/points';
import type { Shape } from '../geometry/shapes';

export type Tool = 'select' | 'rectangle' | 'polygon';

/** The selected shape, or one of its corners. */
export interface Selection {
	readonly id: number;
	readonly corner?: number;
}

/** An unfinished shape: two opposite corners of a rectangle, or the corners of a polygon so far. */
export type Draft =
	| { readonly kind: 'rectangle'; readonly from: Point; readonly to: Point }
	| { readonly kind: 'polygon'; readonly corners: readonly Point[] };

export interface Drawing {
	readonly shapes: readonly Shape[];
	readonly selection: Selection | undefined;
	readonly tool: Tool;
	readonly draft: Draft | undefined;
	readonly past: ReadonlyArray<readonly Shape[]>;
	readonly future: ReadonlyArray<readonly Shape[]>;
	/** Name of the last change: changes with the same name in a row become one step of undo. */
	readonly lastChange: string | undefined;
	readonly nextId: number;
}

export type Action =
	| { readonly type: 'tool'; readonly tool: Tool }
	| { readonly type: 'select'; readonly selection: Selection | undefined }
	/** A draft ends the selection, so that keys act on the draft. */
	| { readonly type: 'draft'; readonly draft: Draft | undefined }
	/** Adds a finished shape, selects it and ends the draft. The tool stays, for the next shape. */
	| { readonly type: 'add'; readonly shape: NewShape }
	| { readonly type: 'change'; readonly shape: Shape; readonly step?: string }
	| { readonly type: 'delete'; readonly id: number }
	| { readonly type: 'replace'; readonly shapes: readonly NewShape[] }
	/** Another image with the shapes kept on it; clears the undo history. */
	| { readonly type: 'open'; readonly shapes: readonly NewShape[] }
	| { readonly type: 'undo' }
	| { readonly type: 'redo' };

type WithoutId<Kind> = Kind extends Shape ? Omit<Kind, 'id'> : never;
export type NewShape = WithoutId<Shape>;

export const EMPTY_DRAWING: Drawing = {
	shapes: [],
	selection: undefined,
	tool: 'rectangle',
	draft: undefined,
	past: [],
	future: [],
	lastChange: undefined,
	nextId: 1,
};

const MAX_STEPS = 500;

function changed(drawing: Drawing, shapes: readonly Shape[], step?: string): Drawing {
	const sameStep = step !== undefined && step === drawing.lastChange;
	return {
		...drawing,
		shapes,
		past: sameStep ? drawing.past : [...drawing.past, drawing.shapes].slice(-MAX_STEPS),
		future: [],
		lastChange: step,
	};
}

function replaced(drawing: Drawing, given: readonly NewShape[]): Drawing {
	const shapes = given.map((shape, index) => ({ ...shape, id: drawing.nextId + index }));
	return {
		...changed(drawing, shapes),
		selection: undefined,
		tool: 'select',
		draft: undefined,
		nextId: drawing.nextId + shapes.length,
	};
}

/** Undo and redo may have removed the selected shape, or its selected corner. */
function keptSelection(selection: Selection | undefined, shapes: readonly Shape[]) {
	const shape = shapes.find(({ id }) => id === selection?.id);
	return shape && { id: shape.id };
}

/** The drawing after an action. */
export function draw(drawing: Drawing, action: Action): Drawing {
	switch (action.type) {
		case 'tool': {
			const selection = action.tool === 'select' ? drawing.selection : undefined;
			return { ...drawing, tool: action.tool, selection, draft: undefined };
		}
		case 'select':
			return { ...drawing, selection: action.selection, lastChange: undefined };
		case 'draft':
			return {
				...drawing,
				draft: action.draft,
				selection: action.draft ? undefined : drawing.selection,
			};
		case 'add': {
			const id = drawing.nextId;
			const shapes = [...drawing.shapes, { ...action.shape, id }];
			const next = changed(drawing, shapes);
			return { ...next, selection: { id }, draft: undefined, nextId: id + 1 };
		}
		case 'change': {
			const { shape, step } = action;
			return changed(
				drawing,
				drawing.shapes.map((other) => (other.id === shape.id ? shape : other)),
				step,
			);
		}
		case 'delete': {
			const shapes = drawing.shapes.filter(({ id }) => id !== action.id);
			return { ...changed(drawing, shapes), selection: undefined };
		}
		case 'replace':
			return replaced(drawing, action.shapes);
		case 'open': {
			const { tool } = drawing;
			return { ...replaced(drawing, action.shapes), tool, past: [], future: [] };
		}
		case 'undo': {
			const shapes = drawing.past.at(-1);
			if (!shapes) return drawing;
			return {
				...drawing,
				shapes,
				selection: keptSelection(drawing.selection, shapes),
				past: drawing.past.slice(0, -1),
				future: [drawing.shapes, ...drawing.future],
				lastChange: undefined,
			};
		}
		case 'redo': {
			const [shapes, ...future] = drawing.future;
			if (!shapes) return drawing;
			return {
				...drawing,
				shapes,
				selection: keptSelection(drawing.selection, shapes),
				past: [...drawing.past, drawing.shapes],
				future,
				lastChange: undefined,
			};
		}
	}
}

export function selectedShape({ shapes, selection }: Drawing): Shape | undefined {
	return shapes.find(({ id }) => id === selection?.id);
}
