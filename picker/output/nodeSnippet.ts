import type { Growth } from '../../cos/areas/growth';
import type { Box, ImageSize, Polygon } from '../../cos/areas/points';
import type { Shape } from '../geometry/shapes';
import { polygonsText } from './polygons';
import { rectangleRow, type Measure } from './rectangles';

/** Full type name of the node, as in workflows. */
const NODE_TYPE = 'n8n-nodes-tencent-image-repair.imageRepair';

/** The boxes, if every shape is a rectangle. */
export function onlyBoxes(shapes: readonly Shape[]): readonly Box[] | undefined {
	const boxes = shapes.flatMap((shape) => (shape.kind === 'rectangle' ? [shape.box] : []));
	return boxes.length === shapes.length ? boxes : undefined;
}

/**
 * The node for pasting onto the n8n canvas. Its area is filled in: as rectangles if all shapes are
 * rectangles, else as polygons. The user chooses credential and image.
 *
 * Coordinates stays as it is by default, which reads bare corners in pixels: with Pixels chosen, boxes of a
 * detector that are put in their place later would be read in the wrong unit.
 */
export function nodeSnippet(
	shapes: readonly Shape[],
	polygons: readonly Polygon[],
	size: ImageSize,
	measure: Measure,
	growth: Growth,
): string {
	const boxes = onlyBoxes(shapes);
	const area = boxes
		? {
				area: 'rectangles',
				rectangles: { rectangle: boxes.map((box) => rectangleRow(box, size, measure)) },
			}
		: { area: 'polygons', polygons: polygonsText(polygons) };
	const grow = growth.amount > 0 && { growArea: growth.amount, growUnit: growth.unit };
	const node = {
		parameters: {
			operation: 'download',
			objectKey: { __rl: true, mode: 'list', value: '' },
			...area,
			...grow,
			options: {},
		},
		id: '7d0c1f52-0000-4000-8000-000000000001',
		name: 'Tencent Image Repair',
		type: NODE_TYPE,
		typeVersion: 1,
		position: [0, 0],
	};
	return JSON.stringify({ nodes: [node], connections: {} }, null, 2);
}
