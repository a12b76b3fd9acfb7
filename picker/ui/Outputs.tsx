import type { JSX, TargetedKeyboardEvent } from 'preact';
import { useState } from 'preact/hooks';
import type { ImageSize, Polygon } from '../../cos/areas/points';
import type { Unit } from '../../cos/areas/rectangles';
import type { Shape } from '../geometry/shapes';
import { maskRows } from '../output/maskRows';
import { nodeSnippet, onlyBoxes } from '../output/nodeSnippet';
import { encodeGreyPng } from '../output/png';
import { polygonsText } from '../output/polygons';
import { rectangleRow, type Measure, type RectangleRow } from '../output/rectangles';
import { copy, download, stem } from './handOver';
import { CORNER_NAMES, UNIT_NAMES } from './words';

interface OutputProps {
	readonly shapes: readonly Shape[];
	readonly polygons: readonly Polygon[];
	readonly size: ImageSize;
	readonly imageName: string;
	readonly measure: Measure;
	readonly onMeasure: (measure: Measure) => void;
	readonly announce: (text: string) => void;
}

/** A text with Copy and Download. */
function Buttons({
	text,
	fileName,
	announce,
}: {
	text: string;
	fileName: string;
	announce: (text: string) => void;
}): JSX.Element {
	const [copied, setCopied] = useState('');
	const put = async () => {
		const done = await copy(text);
		setCopied(done ? text : '');
		announce(
			done
				? 'Copied'
				: 'This browser does not let the page copy. Select the text and press Ctrl+C.',
		);
	};
	return (
		<div class="actions">
			<button type="button" class="button primary" onClick={() => void put()}>
				{copied === text ? 'Copied' : 'Copy'}
			</button>
			<button
				type="button"
				class="button"
				onClick={() => download(new Blob([text], { type: 'application/json' }), fileName)}
			>
				Download
			</button>
		</div>
	);
}

function TextOutput({ label, text }: { label: string; text: string }): JSX.Element {
	return (
		<textarea
			class="output"
			aria-label={label}
			readOnly
			spellcheck={false}
			rows={7}
			value={text}
			onFocus={(event) => event.currentTarget.select()}
		/>
	);
}

function MeasureFields({ measure, onMeasure }: Pick<OutputProps, 'measure' | 'onMeasure'>) {
	return (
		<div class="measures">
			<label>
				Measure from
				<select
					value={measure.from}
					onChange={(event) =>
						onMeasure({ ...measure, from: event.currentTarget.value as Measure['from'] })
					}
				>
					<option value="nearest">Nearest Corner</option>
					{Object.entries(CORNER_NAMES).map(([corner, name]) => (
						<option key={corner} value={corner}>
							{name}
						</option>
					))}
				</select>
			</label>
			<label>
				Unit
				<select
					value={measure.unit}
					onChange={(event) => onMeasure({ ...measure, unit: event.currentTarget.value as Unit })}
				>
					{Object.entries(UNIT_NAMES).map(([unit, name]) => (
						<option key={unit} value={unit}>
							{name}
						</option>
					))}
				</select>
			</label>
		</div>
	);
}

function NodeOutput(props: OutputProps): JSX.Element {
	const { shapes, polygons, size, measure, imageName, announce } = props;
	const text = nodeSnippet(shapes, polygons, size, measure);
	const areRectangles = onlyBoxes(shapes) !== undefined;
	return (
		<>
			<p>
				Copy, click on the n8n canvas, press <kbd>Ctrl+V</kbd>. The node comes with{' '}
				{areRectangles ? 'these rectangles' : 'these polygons'} filled in; choose your credential
				and image there.
			</p>
			{areRectangles && <MeasureFields {...props} />}
			<Buttons text={text} fileName={`${stem(imageName)}-node.json`} announce={announce} />
			<TextOutput label="Node for the n8n canvas" text={text} />
		</>
	);
}

const COLUMNS: ReadonlyArray<{ key: keyof RectangleRow; label: string }> = [
	{ key: 'corner', label: 'Measured From' },
	{ key: 'unit', label: 'Unit' },
	{ key: 'left', label: 'Left or Right Distance' },
	{ key: 'top', label: 'Top or Bottom Distance' },
	{ key: 'width', label: 'Width' },
	{ key: 'height', label: 'Height' },
];

function cellText(row: RectangleRow, key: keyof RectangleRow): string {
	if (key === 'corner') return CORNER_NAMES[row.corner];
	return key === 'unit' ? UNIT_NAMES[row.unit] : String(row[key]);
}

function RectanglesOutput(props: OutputProps): JSX.Element {
	const { shapes, size, measure, imageName, announce } = props;
	const rows = shapes.flatMap((shape, index) =>
		shape.kind === 'rectangle' ? [{ index, row: rectangleRow(shape.box, size, measure) }] : [],
	);
	const left = shapes.length - rows.length;
	const text = JSON.stringify({ rectangle: rows.map(({ row }) => row) }, null, 2);
	return (
		<>
			<p>
				In the node choose <em>Rectangles</em> as Area, press <em>Add Rectangle</em>, and enter
				these. Percent fits images of any size.
			</p>
			<MeasureFields {...props} />
			{left > 0 && (
				<p class="note">
					{left === 1 ? 'One polygon is' : `${left} polygons are`} left out here: take Polygons,
					Mask or Node for everything.
				</p>
			)}
			{rows.length > 0 && (
				<Buttons text={text} fileName={`${stem(imageName)}-rectangles.json`} announce={announce} />
			)}
			{rows.map(({ index, row }) => (
				<table key={index} class="rows">
					<caption>Rectangle {index + 1}</caption>
					<tbody>
						{COLUMNS.map(({ key, label }) => (
							<tr key={key}>
								<th scope="row">{label}</th>
								<td data-field={key}>{cellText(row, key)}</td>
							</tr>
						))}
					</tbody>
				</table>
			))}
		</>
	);
}

function PolygonsOutput({ polygons, imageName, announce }: OutputProps): JSX.Element {
	const text = polygonsText(polygons);
	return (
		<>
			<p>
				In the node choose <em>Polygons</em> as Area and paste this into the field below it. It
				counts pixels, so it fits images of this size.
			</p>
			<Buttons text={text} fileName={`${stem(imageName)}-polygons.json`} announce={announce} />
			<TextOutput label="Value for Polygons" text={text} />
		</>
	);
}

function MaskOutput({ polygons, size, imageName, announce }: OutputProps): JSX.Element {
	const [isBusy, setBusy] = useState(false);
	const save = async () => {
		setBusy(true);
		const mask = await encodeGreyPng(maskRows(polygons, size), size);
		download(mask, `${stem(imageName)}-mask.png`);
		setBusy(false);
		announce('The mask is ready');
	};
	return (
		<>
			<p>
				White is removed. In the node choose <em>Mask Image</em> as Area, and give the mask by an
				address, from the bucket or from a binary field.
			</p>
			<svg
				class="mask"
				viewBox={`0 0 ${size.width} ${size.height}`}
				role="img"
				aria-label="The mask: white where something is removed"
			>
				<rect width={size.width} height={size.height} fill="#000" />
				{polygons.map((polygon, index) => (
					<polygon key={index} fill="#fff" points={polygon.join(' ')} />
				))}
			</svg>
			<div class="actions">
				<button type="button" class="button primary" disabled={isBusy} onClick={() => void save()}>
					{isBusy ? 'Preparing …' : 'Download the mask'}
				</button>
				<span class="quiet">
					PNG, {size.width} × {size.height} px
				</span>
			</div>
		</>
	);
}

const TABS = [
	{ id: 'node', label: 'Node', show: NodeOutput },
	{ id: 'rectangles', label: 'Rectangles', show: RectanglesOutput },
	{ id: 'polygons', label: 'Polygons', show: PolygonsOutput },
	{ id: 'mask', label: 'Mask', show: MaskOutput },
] as const;

/** What can be taken to n8n, in four forms. */
export function Outputs(props: OutputProps): JSX.Element {
	const [active, setActive] = useState(0);
	const step = (event: TargetedKeyboardEvent<HTMLElement>) => {
		if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return;
		event.preventDefault();
		const next = (active + (event.key === 'ArrowRight' ? 1 : TABS.length - 1)) % TABS.length;
		setActive(next);
		event.currentTarget.querySelectorAll('button')[next]?.focus();
	};
	const tab = TABS[active] ?? TABS[0];
	const Shown = tab.show;
	return (
		<div class="outputs">
			<div class="tabs" role="tablist" aria-label="Form of the result" onKeyDown={step}>
				{TABS.map(({ id, label }, index) => (
					<button
						key={id}
						type="button"
						role="tab"
						id={`tab-${id}`}
						aria-selected={index === active}
						aria-controls="output"
						tabIndex={index === active ? 0 : -1}
						onClick={() => setActive(index)}
					>
						{label}
					</button>
				))}
			</div>
			<div id="output" role="tabpanel" aria-labelledby={`tab-${tab.id}`} class="tab-panel">
				<Shown key={tab.id} {...props} />
			</div>
		</div>
	);
}

/** The settings that rectangles begin with. */
export const FIRST_MEASURE: Measure = { from: 'nearest', unit: 'percent' };
