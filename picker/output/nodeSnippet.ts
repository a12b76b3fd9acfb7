import type { ImageSize, Polygon } from '../../cos/areas/points';
import type { Box, Shape } from '../geometry/shapes';
import { polygonsText } from './polygons';
import { rectangleRow, type Measure } from './rectangles';

/** Full name of the node's type, as workflows have it. */
const NODE_TYPE = 'n8n-nodes-tencent-image-repair.imageRepair';

/** The boxes, when every shape is a rectangle. */
export function onlyBoxes(shapes: readonly Shape[]): readonly Box[] | undefined {
	const boxes = shapes.flatMap((shape) => (shape.kind === 'rectangle' ? [shape.box] : []));
	return boxes.length === shapes.length ? boxes : undefined;
}

/**
 * What n8n's canvas takes when it is pasted: the node, with the area filled in as rectangles where
 * that can be and as polygons elsewhere. Credential and image are the user's to choose.
 */
export function nodeSnippet(
	shapes: readonly Shape[],
	polygons: readonly Polygon[],
	size: ImageSize,
	measure: Measure,
): string {
	const boxes = onlyBoxes(shapes);
	const area = boxes
		? {
				area: 'rectangles',
				rectangles: { rectangle: boxes.map((box) => rectangleRow(box, size, measure)) },
			}
		: { area: 'polygons', polygons: polygonsText(polygons) };
	const node = {
		parameters: {
			operation: 'download',
			objectKey: { __rl: true, mode: 'list', value: '' },
			...area,
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
