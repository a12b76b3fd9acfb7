import type { JSX, TargetedEvent } from 'preact';
import type { ImageSize } from '../../cos/areas/points';
import type { Corner } from '../../cos/areas/rectangles';
import { rectangleFields } from '../../nodes/ImageRepair/parameters/rectangles';
import type { Action } from '../drawing/drawing';
import { boundsOf, moveCorner, moveShape, resizeBox, type Shape } from '../geometry/shapes';
import { optionName, percentOf } from './words';

export interface ShapeProps {
	readonly shape: Shape;
	readonly name: string;
	readonly size: ImageSize;
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
	const values = [
		{ key: 'left', label: 'Left', value: box.left, side: size.width },
		{ key: 'top', label: 'Top', value: box.top, side: size.height },
		{ key: 'width', label: 'Width', value: box.right - box.left, side: size.width },
		{ key: 'height', label: 'Height', value: box.bottom - box.top, side: size.height },
	];
	return (
		<div class="box-fields">
			{values.map(({ key, label, value, side }) => (
				<div key={key} class="field-pair">
					<NumberField
						label={`${label} of ${name} in pixels`}
						name={label}
						value={value}
						onValue={(number) => {
							const changed = resizeBox(box, { [key]: number }, size);
							dispatch({ type: 'change', shape: { ...shape, box: changed } });
						}}
					/>
					<span class="percent">{percentOf(value, side)}%</span>
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
						<span class="percent">
							{percentOf(x, size.width)}%, {percentOf(y, size.height)}%
						</span>
					</li>
				);
			})}
		</ol>
	);
}

const CORNER_ARROWS: ReadonlyArray<{ corner: Corner; arrow: string }> = [
	{ corner: 'topLeft', arrow: '↖' },
	{ corner: 'topRight', arrow: '↗' },
	{ corner: 'bottomLeft', arrow: '↙' },
	{ corner: 'bottomRight', arrow: '↘' },
];

/** Moves a shape into a corner of the image. */
function CornerButtons({ shape, name: shapeName, size, dispatch }: ShapeProps): JSX.Element {
	const snap = (corner: Corner) => {
		const { left, top, right, bottom } = boundsOf(shape);
		const dx = corner.endsWith('Right') ? size.width - right : -left;
		const dy = corner.startsWith('bottom') ? size.height - bottom : -top;
		dispatch({ type: 'change', shape: moveShape(shape, [dx, dy], size) });
	};
	return (
		<div class="corner-buttons" role="group" aria-label={`Snap ${shapeName} to a corner`}>
			<span aria-hidden="true">Snap to corner</span>
			{CORNER_ARROWS.map(({ corner, arrow }) => {
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
						{arrow}
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
