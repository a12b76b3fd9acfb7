import { checkInside } from '../../cos/areas/polygons';
import { boxAround, type ImageSize } from '../../cos/areas/points';
import { InvalidInput } from '../../cos/invalidInput';
import type { NewShape } from '../drawing/drawing';
import { cornersOf, type Shape } from '../geometry/shapes';
import { rectangleRow, rowsToPolygons, type Measure } from './rectangles';

function carried(shape: Shape, from: ImageSize, to: ImageSize, measure: Measure): NewShape {
	if (shape.kind === 'polygon') {
		checkInside([cornersOf(shape)], to);
		return shape;
	}
	const [polygon = []] = rowsToPolygons([rectangleRow(shape.box, from, measure)], to);
	return { ...shape, box: boxAround(polygon) };
}

/**
 * The shapes on another image, as the node would place them there: rectangles by their rows, polygons
 * at the same pixels. Shapes that do not fit are left out.
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
