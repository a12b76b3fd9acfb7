import type { JSX } from 'preact';
import { boxAround, type Box, type ImageSize, type Point } from '../../cos/areas/points';
import { cornersOf, type Shape } from '../geometry/shapes';
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

/** Characters of a label that have room in half of a phone's drawing area. */
const MAX_LABEL = 24;

function shortened(text: string): string {
	return text.length > MAX_LABEL ? `${text.slice(0, MAX_LABEL)}…` : text;
}

/** The number of a shape and, for one that was found, what it was found as. Its button says the same. */
export function ShapeTitle({
	shape,
	index,
	view,
	viewport,
}: {
	shape: Shape;
	index: number;
	view: View;
	/** Size of the drawing area in CSS pixels. */
	viewport: ImageSize;
}): JSX.Element {
	const { left, top, right } = seenBounds(cornersOf(shape), view);
	const finding = describeFinding(shape);
	// A label has more room to the left of a shape that lies on the right.
	const isRight = finding !== undefined && left > viewport.width / 2;
	return (
		<text
			class="shape-number"
			x={isRight ? right - 6 : left + 6}
			y={top - 6}
			text-anchor={isRight ? 'end' : undefined}
			aria-hidden="true"
		>
			{index + 1}
			{finding && <tspan class="shape-label"> {shortened(finding)}</tspan>}
		</text>
	);
}
