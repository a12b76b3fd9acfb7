import type { JSX } from 'preact';
import type { Corner } from '../../cos/areas/rectangles';
import type { ImageSize } from '../../cos/areas/points';
import type { Action, Drawing } from '../drawing/drawing';
import { boundsOf, moveCorner, moveShape, resizeBox, type Shape } from '../geometry/shapes';
import { Icon } from './icons';
import { NumberField } from './NumberField';
import { CORNER_NAMES, percentOf, shapeName } from './words';

interface EntryProps {
	readonly shape: Shape;
	readonly name: string;
	readonly size: ImageSize;
	readonly dispatch: (action: Action) => void;
}

function BoxFields({
	shape,
	name,
	size,
	dispatch,
}: EntryProps & { shape: Shape & { kind: 'rectangle' } }): JSX.Element {
	const { box } = shape;
	const values = [
		{ key: 'left', label: 'Left', value: box.left, side: size.width },
		{ key: 'top', label: 'Top', value: box.top, side: size.height },
		{ key: 'width', label: 'Width', value: box.right - box.left, side: size.width },
		{ key: 'height', label: 'Height', value: box.bottom - box.top, side: size.height },
	];
	return (
		<div class="fields">
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
					<span class="percent">{percentOf(value, side)} %</span>
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
}: EntryProps & { shape: Shape & { kind: 'polygon' } }): JSX.Element {
	return (
		<ol class="corners">
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
							{percentOf(x, size.width)} % {percentOf(y, size.height)} %
						</span>
					</li>
				);
			})}
		</ol>
	);
}

const ARROWS: ReadonlyArray<{ corner: Corner; sign: string }> = [
	{ corner: 'topLeft', sign: '↖' },
	{ corner: 'topRight', sign: '↗' },
	{ corner: 'bottomLeft', sign: '↙' },
	{ corner: 'bottomRight', sign: '↘' },
];

/** Puts a shape right into a corner of the image. */
function CornerButtons({ shape, name, size, dispatch }: EntryProps): JSX.Element {
	const snap = (corner: Corner) => {
		const { left, top, right, bottom } = boundsOf(shape);
		const dx = corner.endsWith('Right') ? size.width - right : -left;
		const dy = corner.startsWith('bottom') ? size.height - bottom : -top;
		dispatch({ type: 'change', shape: moveShape(shape, [dx, dy], size) });
	};
	return (
		<div class="corner-buttons" role="group" aria-label={`Snap ${name} to a corner`}>
			<span aria-hidden="true">Snap to corner</span>
			{ARROWS.map(({ corner, sign }) => (
				<button
					key={corner}
					type="button"
					class="small"
					aria-label={`Snap to the ${CORNER_NAMES[corner].toLowerCase()}`}
					title={CORNER_NAMES[corner]}
					onClick={() => snap(corner)}
				>
					{sign}
				</button>
			))}
		</div>
	);
}

function Entry(props: EntryProps & { isSelected: boolean; isRefused: boolean }): JSX.Element {
	const { shape, name, dispatch, isSelected, isRefused } = props;
	const { left, top, right, bottom } = boundsOf(shape);
	return (
		<li class={`entry${isSelected ? ' selected' : ''}${isRefused ? ' refused' : ''}`}>
			<div class="entry-head">
				<button
					type="button"
					class="entry-name"
					aria-expanded={isSelected}
					onClick={() =>
						dispatch({ type: 'select', selection: isSelected ? undefined : { id: shape.id } })
					}
				>
					<Icon name={shape.kind} />
					<span>{name}</span>
					<span class="quiet">
						{right - left} × {bottom - top} px
					</span>
				</button>
				<button
					type="button"
					class="small"
					aria-label={`Delete ${name}`}
					title={`Delete ${name}`}
					onClick={() => dispatch({ type: 'delete', id: shape.id })}
				>
					<Icon name="close" />
				</button>
			</div>
			{isSelected && (
				<div class="entry-body">
					{shape.kind === 'rectangle' ? (
						<BoxFields {...props} shape={shape} />
					) : (
						<CornerFields {...props} shape={shape} />
					)}
					<CornerButtons {...props} />
				</div>
			)}
		</li>
	);
}

/** What is drawn, with numbers that can be typed. */
export function ShapeList({
	drawing,
	size,
	refused,
	dispatch,
}: {
	drawing: Drawing;
	size: ImageSize;
	refused: ReadonlySet<number>;
	dispatch: (action: Action) => void;
}): JSX.Element {
	if (drawing.shapes.length === 0) {
		return (
			<p class="empty">
				Nothing drawn yet. Drag over the logo to draw a rectangle, or choose Polygon and click from
				corner to corner.
			</p>
		);
	}
	return (
		<ol class="shapes">
			{drawing.shapes.map((shape, index) => (
				<Entry
					key={shape.id}
					shape={shape}
					name={shapeName(shape, index)}
					size={size}
					isSelected={shape.id === drawing.selection?.id}
					isRefused={refused.has(shape.id)}
					dispatch={dispatch}
				/>
			))}
		</ol>
	);
}
