import type { JSX } from 'preact';
import type { ImageSize, Point, Polygon } from '../../cos/areas/points';
import type { Draft } from '../drawing/drawing';
import type { Editor } from '../drawing/editor';
import { sideMiddles } from '../geometry/hitTest';
import { boxBetween, cornersOf, type Shape } from '../geometry/shapes';
import { sideSeen } from '../../cos/images/upright';
import { toScreen, type View } from '../geometry/view';
import { Outline, pointsText, seenBounds, ShapeTitle } from './Outline';
import { cornerName, describeCorner, describeShape, shapeName } from './words';

function DraftOutline({
	draft,
	view,
	next,
	size,
}: {
	draft: Draft;
	view: View;
	next: Point | undefined;
	size: ImageSize;
}): JSX.Element {
	if (draft.kind === 'rectangle') {
		const box = boxBetween(draft.from, draft.to, size);
		const shape: Shape = { id: 0, kind: 'rectangle', box };
		const { right: x, bottom: y } = seenBounds(cornersOf(shape), view);
		return (
			<>
				<Outline corners={cornersOf(shape)} view={view} class="shape draft" />
				<text class="draft-size" x={x + 8} y={y + 18}>
					{box.right - box.left} × {box.bottom - box.top} px
				</text>
			</>
		);
	}
	const corners = next ? [...draft.corners, next] : draft.corners;
	const points = pointsText(corners, view);
	return (
		<g class="shape draft">
			<polyline class="outline-under" points={points} />
			<polyline class="outline" points={points} />
			{draft.corners.map((corner, index) => {
				const [x, y] = toScreen(corner, view);
				return <circle key={index} class="handle" cx={x} cy={y} r={index === 0 ? 7 : 4} />;
			})}
		</g>
	);
}

/**
 * The corners of the selected shape. Tab reaches each of them, and the arrow keys move it. (In SVG, `tabIndex`
 * is another attribute than `tabindex`, which Firefox does not heed.)
 */
function Handles({
	shape,
	name,
	editor,
}: {
	shape: Shape;
	name: string;
	editor: Editor;
}): JSX.Element {
	const { view, image, drawing, dispatch } = editor;
	return (
		<>
			{sideMiddles(shape).map((middle, index) => {
				const [x, y] = toScreen(middle, view);
				return <circle key={`side ${index}`} class="side-middle" cx={x} cy={y} r="4" />;
			})}
			{cornersOf(shape).map((corner, index) => {
				const [x, y] = toScreen(corner, view);
				const isSelected = drawing.selection?.corner === index;
				return (
					<circle
						key={index}
						class={isSelected ? 'handle selected' : 'handle'}
						cx={x}
						cy={y}
						r="6"
						tabindex={0}
						role="button"
						aria-pressed={isSelected}
						aria-label={`${cornerName(shape, index)} of ${name}: ${describeCorner(shape, corner, image)}`}
						onFocus={() => dispatch({ type: 'select', selection: { id: shape.id, corner: index } })}
					/>
				);
			})}
		</>
	);
}

function Shapes({
	editor,
	invalid,
}: {
	editor: Editor;
	invalid: ReadonlySet<number>;
}): JSX.Element {
	const { drawing, view, viewport, dispatch } = editor;
	return (
		<>
			{drawing.shapes.map((shape, index) => {
				const isSelected = shape.id === drawing.selection?.id;
				const name = shapeName(shape, index);
				const state = `${isSelected ? ' selected' : ''}${invalid.has(shape.id) ? ' invalid' : ''}`;
				return (
					<g key={shape.id}>
						<g
							class="shape-button"
							tabindex={0}
							role="button"
							aria-pressed={isSelected}
							aria-label={describeShape(shape, index)}
							onFocus={() => dispatch({ type: 'select', selection: { id: shape.id } })}
						>
							<Outline corners={cornersOf(shape)} view={view} class={`shape${state}`} />
						</g>
						<ShapeTitle shape={shape} index={index} view={view} viewport={viewport} />
						{isSelected && <Handles shape={shape} name={name} editor={editor} />}
					</g>
				);
			})}
		</>
	);
}

function Crosshair({ at: [x, y] }: { at: Point }): JSX.Element {
	const path = `M${x - 14} ${y}H${x + 14}M${x} ${y - 14}V${y + 14}`;
	return (
		<g class="crosshair">
			<path class="outline-under" d={path} />
			<path class="outline" d={path} />
		</g>
	);
}

const SIDES = ['left', 'top', 'right', 'bottom'] as const;
/** CSS pixels between a name and its side; and how much room it needs in a drawing area. */
const NAME_GAP = 11;
const NAME_ROOM = 34;

/** Names the sides of an image that is shown turned, as its numbers count them. */
function SideNames({ view, viewport }: { view: View; viewport: ImageSize }): JSX.Element {
	const { width, height, orientation } = view.image;
	const seen = seenBounds(
		[
			[0, 0],
			[width, height],
		],
		view,
	);
	const within = (place: number, room: number, least: number) =>
		Math.min(Math.max(place, least), room - least);
	return (
		<g aria-hidden="true">
			{SIDES.map((side) => {
				const at = sideSeen(side, orientation);
				const isAcross = at === 'left' || at === 'right';
				const [middleX, middleY] = [(seen.left + seen.right) / 2, (seen.top + seen.bottom) / 2];
				const gap = at === 'left' || at === 'top' ? -NAME_GAP : NAME_GAP;
				const x = within(
					isAcross ? seen[at] + gap : middleX,
					viewport.width,
					isAcross ? NAME_GAP : NAME_ROOM,
				);
				const y = within(
					isAcross ? middleY : seen[at] + gap,
					viewport.height,
					isAcross ? NAME_ROOM : NAME_GAP,
				);
				const turn = isAcross ? `rotate(${at === 'left' ? -90 : 90} ${x} ${y})` : undefined;
				return (
					<text key={side} class="side-name" x={x} y={y} transform={turn}>
						{side}
					</text>
				);
			})}
		</g>
	);
}

/**
 * Everything drawn over the image.
 *
 * @param grown what is repaired, if that is more than the shapes
 * @param next where the next corner would be
 */
export function Overlay({
	editor,
	invalid,
	grown,
	next,
}: {
	editor: Editor;
	invalid: ReadonlySet<number>;
	grown: readonly Polygon[];
	next: Point | undefined;
}): JSX.Element {
	const { drawing, view, viewport, image, crosshair } = editor;
	return (
		<svg class="overlay">
			{image.orientation > 1 && <SideNames view={view} viewport={viewport} />}
			<g aria-hidden="true">
				{grown.map((corners, index) => (
					<Outline key={index} corners={corners} view={view} class="grown" />
				))}
			</g>
			<Shapes editor={editor} invalid={invalid} />
			{drawing.draft && <DraftOutline draft={drawing.draft} view={view} next={next} size={image} />}
			{crosshair && <Crosshair at={toScreen(crosshair, view)} />}
		</svg>
	);
}
