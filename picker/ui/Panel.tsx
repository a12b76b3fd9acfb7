import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Action, Drawing } from '../drawing/drawing';
import type { Image } from '../image/openImage';
import { checkShapes } from '../output/polygons';
import type { Measure } from '../output/rectangles';
import { Outputs } from './Outputs';
import { ShapeList } from './ShapeList';
import { explainDrawn } from './words';

/** The shapes as numbers, and what to take to n8n. */
export function Panel({
	image,
	drawing,
	invalid,
	measure,
	dispatch,
	onMeasure,
	onPaste,
	announce,
}: {
	image: Image;
	drawing: Drawing;
	invalid: ReadonlySet<number>;
	measure: Measure;
	dispatch: (action: Action) => void;
	onMeasure: (measure: Measure) => void;
	onPaste: () => void;
	announce: (text: string) => void;
}): JSX.Element {
	const { shapes } = drawing;
	const checked = useMemo(() => checkShapes(shapes), [shapes]);
	const refusal = 'error' in checked ? explainDrawn(checked.error) : undefined;
	return (
		<aside class="panel" aria-label="Areas and result">
			<section>
				<div class="section-head">
					<h2>Areas to remove</h2>
					<button type="button" class="link-button" onClick={onPaste}>
						Paste coordinates
					</button>
				</div>
				<ShapeList drawing={drawing} size={image.size} invalid={invalid} dispatch={dispatch} />
			</section>
			<section>
				<h2>Use in n8n</h2>
				<div role="status">
					{refusal && (
						<p class="note invalid">
							{refusal.message}. {refusal.advice}
						</p>
					)}
				</div>
				{'polygons' in checked && shapes.length > 0 && (
					<Outputs
						shapes={shapes}
						polygons={checked.polygons}
						size={image.size}
						imageName={image.name}
						measure={measure}
						onMeasure={onMeasure}
						announce={announce}
					/>
				)}
				{shapes.length === 0 && (
					<p class="empty">Draw an area to get the node, the coordinates and the mask here.</p>
				)}
			</section>
		</aside>
	);
}
