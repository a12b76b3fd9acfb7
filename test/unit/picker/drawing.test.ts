import fc from 'fast-check';

import { draw, EMPTY_DRAWING, type Action, type Drawing } from '../../../picker/drawing/drawing';
import {
	boundsOf,
	moveCorner,
	moveShape,
	resizeBox,
	type Shape,
} from '../../../picker/geometry/shapes';
import { snapMove, snapPoint, snapTargets } from '../../../picker/geometry/snapping';
import { fitView, panBy, toImage, toScreen, zoomAt } from '../../../picker/geometry/view';
import { hitTest } from '../../../picker/geometry/hitTest';
import { boxInImage } from './arbitraries';

const BOX = { left: 10, top: 20, right: 30, bottom: 40 };
const rectangle: Shape = { id: 1, kind: 'rectangle', box: BOX };
const triangle: Shape = {
	id: 2,
	kind: 'polygon',
	corners: [
		[50, 50],
		[90, 50],
		[70, 90],
	],
};
const SIZE = { width: 100, height: 100 };

const run = (actions: readonly Action[]): Drawing => actions.reduce(draw, EMPTY_DRAWING);
const moved = (left: number): Shape => ({ ...rectangle, box: { ...BOX, left } });

describe('undo', () => {
	test('reverts a whole drag, no matter how many moves it had', () => {
		const drawing = run([
			{ type: 'add', shape: rectangle },
			{ type: 'change', shape: moved(11), step: 'drag 1' },
			{ type: 'change', shape: moved(12), step: 'drag 1' },
			{ type: 'change', shape: moved(13), step: 'drag 2' },
		]);
		const once = draw(drawing, { type: 'undo' });
		expect(once.shapes).toEqual([moved(12)]);
		const twice = draw(once, { type: 'undo' });
		expect(twice.shapes).toEqual([rectangle]);
		expect(draw(draw(twice, { type: 'redo' }), { type: 'redo' }).shapes).toEqual([moved(13)]);
	});

	test('restores a deleted shape, and a later change discards the redo history', () => {
		const deleted = run([
			{ type: 'add', shape: rectangle },
			{ type: 'delete', id: 1 },
		]);
		expect(deleted.shapes).toEqual([]);
		const back = draw(deleted, { type: 'undo' });
		expect(back.shapes).toEqual([rectangle]);
		expect(draw(back, { type: 'change', shape: moved(5) }).future).toEqual([]);
	});

	test('of all steps leads back to the start, and redo of all steps to the end', () => {
		const actions = fc.array(
			fc.oneof(
				fc.constant<Action>({ type: 'add', shape: triangle }),
				fc.integer({ min: 1, max: 5 }).map((id): Action => ({ type: 'delete', id })),
				fc
					.record({ id: fc.integer({ min: 1, max: 5 }), left: fc.nat(9) })
					.map(({ id, left }): Action => ({ type: 'change', shape: { ...moved(left), id } })),
			),
		);
		fc.assert(
			fc.property(actions, (steps) => {
				const end = run(steps);
				const back = steps.reduce((drawing) => draw(drawing, { type: 'undo' }), end);
				expect(back.shapes).toEqual([]);
				const again = steps.reduce((drawing) => draw(drawing, { type: 'redo' }), back);
				expect(again.shapes).toEqual(end.shapes);
			}),
		);
	});
});

describe('a tool', () => {
	test.each(['rectangle', 'polygon'] as const)(
		'stays chosen after a shape: %s, and the shape is selected',
		(tool) => {
			const drawing = run([
				{ type: 'tool', tool },
				{ type: 'add', shape: tool === 'rectangle' ? rectangle : triangle },
				{ type: 'add', shape: triangle },
			]);
			expect(drawing.tool).toBe(tool);
			expect(drawing.selection).toEqual({ id: 2 });
			expect(draw(drawing, { type: 'undo' }).tool).toBe(tool);
		},
	);

	test('that begins a shape deselects the last one, so that keys do not move it', () => {
		const draft = { kind: 'polygon', corners: [[1, 1]] } as const;
		const drawing = run([
			{ type: 'add', shape: rectangle },
			{ type: 'draft', draft },
		]);
		expect(drawing).toMatchObject({ selection: undefined, draft });
	});
});

describe('shapes', () => {
	test('stay inside the image and keep their size, wherever they are moved', () => {
		fc.assert(
			fc.property(
				boxInImage(500),
				fc.tuple(fc.integer(), fc.integer()),
				fc.nat(3),
				({ size, box }, [x, y], corner) => {
					const shape: Shape = { id: 1, kind: 'rectangle', box };
					const shifted = boundsOf(moveShape(shape, [x, y], size));
					expect(shifted.right - shifted.left).toBe(box.right - box.left);
					for (const { left, top, right, bottom } of [
						shifted,
						boundsOf(moveCorner(shape, corner, [x, y], size)),
						resizeBox(box, { left: x, width: y }, size),
					]) {
						expect(left).toBeGreaterThanOrEqual(0);
						expect(top).toBeGreaterThanOrEqual(0);
						expect(right).toBeLessThanOrEqual(size.width);
						expect(bottom).toBeLessThanOrEqual(size.height);
						expect(right).toBeGreaterThan(left);
						expect(bottom).toBeGreaterThan(top);
					}
				},
			),
		);
	});

	test('a corner snaps to a side of the image or another corner nearby', () => {
		const targets = snapTargets(SIZE, [triangle]);
		expect(snapPoint([97, 3], targets, 4)).toEqual([100, 0]);
		expect(snapPoint([52, 47], targets, 4)).toEqual([50, 50]);
		expect(snapPoint([60, 30], targets, 4)).toEqual([60, 30]);
		expect(snapMove(rectangle, [68, 58], targets, 4)).toEqual([70, 60]);
	});

	test('a press hits corners of the selected shape first, then the middle of a side, then the top shape', () => {
		const view = { image: { ...SIZE, orientation: 1 }, scale: 2, x: 5, y: 5 };
		const at = (x: number, y: number) => toScreen([x, y], view);
		const shapes = [rectangle, triangle];
		const find = (x: number, y: number) => hitTest(shapes, { id: 2 }, at(x, y), view, 8);
		expect(find(51, 51)).toEqual({ kind: 'corner', shape: triangle, index: 0 });
		expect(find(71, 51)).toEqual({ kind: 'side', shape: triangle, index: 1 });
		expect(find(70, 65)).toEqual({ kind: 'shape', shape: triangle });
		expect(find(20, 30)).toEqual({ kind: 'shape', shape: rectangle });
		expect(find(52, 80)).toBeUndefined();
	});
});

describe('the view', () => {
	const screen = { width: 800, height: 600 };

	test('keeps the point under the pointer when zooming', () => {
		const image = { width: 4000, height: 3000, orientation: 1 };
		const view = fitView(image, screen);
		const zoomed = zoomAt(view, 5, [300, 200], screen);
		expect(zoomed.scale).toBeCloseTo(view.scale * 5);
		const [x, y] = toImage([300, 200], view);
		const [zoomedX, zoomedY] = toImage([300, 200], zoomed);
		expect(zoomedX).toBeCloseTo(x);
		expect(zoomedY).toBeCloseTo(y);
	});

	test('always shows a part of the image', () => {
		const image = { width: 4000, height: 3000, orientation: 1 };
		const { x, y } = panBy(fitView(image, screen), [-1e6, 1e6], screen);
		expect([x + 4000 * fitView(image, screen).scale, y]).toEqual([48, 552]);
	});
});
