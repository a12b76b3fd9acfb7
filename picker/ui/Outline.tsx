import type { JSX } from 'preact';
import type { Box, Point } from '../../cos/areas/points';
import { boxAround, cornersOf, type Shape } from '../geometry/shapes';
import { toScreen, type View } from '../geometry/view';
import { describeFinding } from './words';

/** Corners as an SVG element takes them, on the screen. */
export function pointsText(corners: readonly Point[], view: View): string {
	return corners.map((corner) => toScreen(corner, view).join(',')).join(' ');
}

/** The smallest rectangle around some places, on the screen. */
export function seenBounds(corners: readonly Point[], view: View): Box {
	return boxAround(corners.map((corner) => toScreen(corner, view)));
}

/** A closed line that is seen on any image. */
export function Outline({
	corners,
	view,
	class: className,
}: {
	corners: readonly Point[];
	view: View;
	class: string;
}): JSX.Element {
	const points = pointsText(corners, view);
	return (
		<g class={className}>
			<polygon class="outline-under" points={points} />
			<polygon class="outline" points={points} />
		</g>
	);
}

/** A shape with its number and, for one that was found, what it was found as. */
export function NumberedOutline({
	shape,
	index,
	view,
	class: className,
}: {
	shape: Shape;
	index: number;
	view: View;
	class: string;
}): JSX.Element {
	const corners = cornersOf(shape);
	const { left: x, top: y } = seenBounds(corners, view);
	const finding = describeFinding(shape);
	return (
		<>
			<Outline corners={corners} view={view} class={className} />
			<text class="shape-number" x={x + 6} y={y - 6}>
				{index + 1}
				{finding && <tspan class="shape-label"> {finding}</tspan>}
			</text>
		</>
	);
}
