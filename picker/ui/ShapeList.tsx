import type { JSX } from 'preact';
import type { Action, Drawing } from '../drawing/drawing';
import { boundsOf } from '../geometry/shapes';
import type { StoredSize } from '../../cos/images/upright';
import { useTouch } from './hooks';
import { Icon } from './icons';
import { ShapeFields, type ShapeProps } from './ShapeFields';
import { describeFinding, shapeName } from './words';

function Entry(props: ShapeProps & { isSelected: boolean; isInvalid: boolean }): JSX.Element {
	const { shape, name, dispatch, isSelected, isInvalid } = props;
	const { left, top, right, bottom } = boundsOf(shape);
	const finding = describeFinding(shape);
	return (
		<li class={`entry${isSelected ? ' selected' : ''}${isInvalid ? ' invalid' : ''}`}>
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
					<span class="entry-title">
						{name}
						{finding && <span class="finding">{finding}</span>}
					</span>
					<span class="quiet">
						{right - left} × {bottom - top} px
					</span>
				</button>
				<button
					type="button"
					class="small-button"
					aria-label={`Delete ${name}`}
					title={`Delete ${name}`}
					onClick={() => dispatch({ type: 'delete', id: shape.id })}
				>
					<Icon name="close" />
				</button>
			</div>
			{isSelected && <ShapeFields {...props} />}
		</li>
	);
}

/** All shapes; the selected one with its numbers. */
export function ShapeList({
	drawing,
	size,
	invalid,
	dispatch,
}: {
	drawing: Drawing;
	size: StoredSize;
	invalid: ReadonlySet<number>;
	dispatch: (action: Action) => void;
}): JSX.Element {
	const isTouch = useTouch();
	if (drawing.shapes.length === 0) {
		return (
			<p class="empty">
				Nothing drawn yet. Drag over the logo to draw a rectangle, or choose Polygon and{' '}
				{isTouch ? 'tap' : 'click'} each corner.
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
					isInvalid={invalid.has(shape.id)}
					dispatch={dispatch}
				/>
			))}
		</ol>
	);
}
