import type { JSX } from 'preact';
import type { Growth } from '../../cos/areas/growth';
import type { Polygon } from '../../cos/areas/points';
import type { Action, Drawing } from '../drawing/drawing';
import type { Image } from '../image/openImage';
import type { CheckedShapes } from '../output/polygons';
import type { Measure } from '../output/rectangles';
import { GrowthFields } from './GrowthFields';
import { Outputs } from './Outputs';
import { ShapeList } from './ShapeList';
import { explainDrawn } from './words';

/** The shapes as numbers, and what to take to n8n. */
export function Panel({
	image,
	drawing,
	invalid,
	checked,
	grown,
	growth,
	measure,
	dispatch,
	onMeasure,
	onGrowth,
	onPaste,
	announce,
}: {
	image: Image;
	drawing: Drawing;
	invalid: ReadonlySet<number>;
	checked: CheckedShapes;
	/** What is repaired: the shapes, grown. */
	grown: readonly Polygon[];
	growth: Growth;
	measure: Measure;
	dispatch: (action: Action) => void;
	onMeasure: (measure: Measure) => void;
	onGrowth: (growth: Growth) => void;
	onPaste: () => void;
	announce: (text: string) => void;
}): JSX.Element {
	const { shapes } = drawing;
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
				{shapes.length > 0 && <GrowthFields growth={growth} onGrowth={onGrowth} />}
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
						grown={grown}
						growth={growth}
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
