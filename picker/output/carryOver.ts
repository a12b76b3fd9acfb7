import { checkInside } from '../../cos/areas/polygons';
import { checkRectangles, rectanglesToPolygons } from '../../cos/areas/rectangles';
import type { ImageSize } from '../../cos/areas/points';
import { InvalidInput } from '../../cos/invalidInput';
import type { NewShape } from '../drawing/drawing';
import { cornersOf, type Shape } from '../geometry/shapes';
import { rectangleRow, rowToRectangle, type Measure } from './rectangles';

function carried(shape: Shape, from: ImageSize, to: ImageSize, measure: Measure): NewShape {
	if (shape.kind === 'polygon') {
		checkInside([cornersOf(shape)], to);
		return shape;
	}
	const rectangle = rowToRectangle(rectangleRow(shape.box, from, measure));
	const [polygon = []] = rectanglesToPolygons(checkRectangles([rectangle]), to);
	const [[left, top] = [0, 0], , [right, bottom] = [0, 0]] = polygon;
	return { kind: 'rectangle', box: { left, top, right, bottom } };
}

/**
 * What the node would make of the same settings on another image: rectangles as they are measured,
 * polygons at the same pixels. Those that do not fit are left out.
 */
export function carryOver(
	shapes: readonly Shape[],
	from: ImageSize,
	to: ImageSize,
	measure: Measure,
): readonly NewShape[] {
	return shapes.flatMap((shape) => {
		try {
			return [carried(shape, from, to, measure)];
		} catch (error) {
			if (error instanceof InvalidInput) return [];
			throw error;
		}
	});
}
