import { InvalidInput } from '../invalidInput';
import { show } from '../values';
import { boxCorners, type Polygon } from './points';

/** A finite number, or text that holds one. */
export function asNumber(value: unknown): number | undefined {
	if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
	if (typeof value !== 'string' || value.trim() === '') return undefined;
	const number = Number(value);
	return Number.isFinite(number) ? number : undefined;
}

/** The far edge, given itself or as an extent from the near one. */
function farEdge(
	edge: number | undefined,
	near: number | undefined,
	extent: number | undefined,
): number | undefined {
	if (edge !== undefined || near === undefined || extent === undefined) return edge;
	return near + extent;
}

/**
 * The corners of `{x, y, width, height}`, `{left, top, width, height}` or `{left, top, right, bottom}`,
 * in pixels.
 *
 * @param polygon its number, from 1
 * @throws InvalidInput when a number is missing or the box has no area
 */
export function readBox(box: Record<string, unknown>, polygon: number): Polygon {
	const side = (name: string) => asNumber(box[name]);
	const left = side('left') ?? side('x');
	const top = side('top') ?? side('y');
	const right = farEdge(side('right'), left, side('width'));
	const bottom = farEdge(side('bottom'), top, side('height'));
	if (left === undefined || top === undefined || right === undefined || bottom === undefined) {
		throw new InvalidInput('polygons', 'box.notNumbers', { polygon, shown: show(box) });
	}
	if (right <= left || bottom <= top) {
		throw new InvalidInput('polygons', 'box.flat', { polygon, shown: show(box) });
	}
	return boxCorners({
		left: Math.round(left),
		top: Math.round(top),
		right: Math.round(right),
		bottom: Math.round(bottom),
	});
}
