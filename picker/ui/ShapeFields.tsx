import type { JSX, TargetedEvent } from 'preact';
import { CORNERS, type Corner } from '../../cos/areas/rectangles';
import { rectangleFields } from '../../nodes/ImageRepair/parameters/rectangles';
import type { Action } from '../drawing/drawing';
import { boundsOf, moveCorner, moveShape, resizeBox, type Shape } from '../geometry/shapes';
import { sideSeen, type StoredSize } from '../../cos/images/upright';
import { rectangleRow } from '../output/rectangles';
import { optionName } from './words';

export interface ShapeProps {
	readonly shape: Shape;
	readonly name: string;
	readonly size: StoredSize;
	readonly dispatch: (action: Action) => void;
}

/** Pixels. Anything but a number changes nothing. */
function NumberField({
	label,
	name,
	value,
	onValue,
}: {
	/** The full name, for screen readers. */
	label: string;
	/** The short name beside the field. */
	name: string;
	value: number;
	onValue: (value: number) => void;
}): JSX.Element {
	const change = (event: TargetedEvent<HTMLInputElement>) => {
		const number = event.currentTarget.valueAsNumber;
		if (Number.isFinite(number)) onValue(number);
		// The image may have limited the change.
		event.currentTarget.value = String(value);
	};
	return (
		<label class="number-field">
			<span aria-hidden="true">{name}</span>
			<input type="number" min="0" step="1" aria-label={label} value={value} onChange={change} />
		</label>
	);
}

function BoxFields({
	shape,
	name,
	size,
	dispatch,
}: ShapeProps & { shape: Shape & { kind: 'rectangle' } }): JSX.Element {
	const { box } = shape;
	const pixels = rectangleRow(box, size, { from: 'topLeft', unit: 'pixels' });
	const percent = rectangleRow(box, size, { from: 'topLeft', unit: 'percent' });
	const fields = [
		{ key: 'left', label: 'Left' },
		{ key: 'top', label: 'Top' },
		{ key: 'width', label: 'Width' },
		{ key: 'height', label: 'Height' },
	] as const;
	return (
		<div class="box-fields">
			{fields.map(({ key, label }) => (
				<div key={key} class="field-pair">
					<NumberField
						label={`${label} of ${name} in pixels`}
						name={label}
						value={pixels[key]}
						onValue={(number) => {
							const changed = resizeBox(box, { [key]: number }, size);
							dispatch({ type: 'change', shape: { ...shape, box: changed } });
						}}
					/>
					<span class="percent">{percent[key]}%</span>
				</div>
			))}
		</div>
	);
}

function CornerFields({
	shape,
	name,
	size,
	dispatch,
}: ShapeProps & { shape: Shape & { kind: 'polygon' } }): JSX.Element {
	return (
		<ol class="corner-fields">
			{shape.corners.map(([x, y], index) => {
				const move = (to: readonly [number, number]) =>
					dispatch({ type: 'change', shape: moveCorner(shape, index, to, size) });
				return (
					<li key={index}>
						<NumberField
							label={`x of corner ${index + 1} of ${name} in pixels`}
							name="x"
							value={x}
							onValue={(number) => move([number, y])}
						/>
						<NumberField
							label={`y of corner ${index + 1} of ${name} in pixels`}
							name="y"
							value={y}
							onValue={(number) => move([x, number])}
						/>
					</li>
				);
			})}
		</ol>
	);
}

/** Where a corner is seen, which its name does not say if the image is turned. */
function arrowTo(corner: Corner, { orientation }: StoredSize): string {
	const sides = [
		sideSeen(corner.endsWith('Right') ? 'right' : 'left', orientation),
		sideSeen(corner.startsWith('bottom') ? 'bottom' : 'top', orientation),
	];
	if (sides.includes('top')) return sides.includes('left') ? '↖' : '↗';
	return sides.includes('left') ? '↙' : '↘';
}

const ARROWS = ['↖', '↗', '↙', '↘'];

/** Moves a shape into a corner of the image. */
function CornerButtons({ shape, name: shapeName, size, dispatch }: ShapeProps): JSX.Element {
	const snap = (corner: Corner) => {
		const { left, top, right, bottom } = boundsOf(shape);
		const dx = corner.endsWith('Right') ? size.width - right : -left;
		const dy = corner.startsWith('bottom') ? size.height - bottom : -top;
		dispatch({ type: 'change', shape: moveShape(shape, [dx, dy], size) });
	};
	const corners = CORNERS.toSorted(
		(a, b) => ARROWS.indexOf(arrowTo(a, size)) - ARROWS.indexOf(arrowTo(b, size)),
	);
	return (
		<div class="corner-buttons" role="group" aria-label={`Snap ${shapeName} to a corner`}>
			<span aria-hidden="true">Snap to corner</span>
			{corners.map((corner) => {
				const name = optionName(rectangleFields.corner.options, corner);
				return (
					<button
						key={corner}
						type="button"
						class="small-button"
						aria-label={`Snap to the ${name.toLowerCase()}`}
						title={name}
						onClick={() => snap(corner)}
					>
						{arrowTo(corner, size)}
					</button>
				);
			})}
		</div>
	);
}

/** The numbers of a shape, and buttons that move it into a corner of the image. */
export function ShapeFields(props: ShapeProps): JSX.Element {
	const { shape } = props;
	return (
		<div class="entry-body">
			{shape.kind === 'rectangle' ? (
				<BoxFields {...props} shape={shape} />
			) : (
				<CornerFields {...props} shape={shape} />
			)}
			<CornerButtons {...props} />
		</div>
	);
}
