import type { Point } from '../../cos/areas/points';
import { toStored, type StoredSize } from '../../cos/images/upright';

/** A movement in stored pixels that is seen as the given one. */
export function movementToStored(by: Point, image: StoredSize): Point {
	const [fromX, fromY] = toStored([0, 0], image);
	const [toX, toY] = toStored(by, image);
	return [toX - fromX, toY - fromY];
}
