import type { JSX, TargetedKeyboardEvent } from 'preact';
import { useState } from 'preact/hooks';
import type { Growth } from '../../cos/areas/growth';
import type { ImageSize, Polygon } from '../../cos/areas/points';
import { LABELS } from '../../nodes/shared/inputMessages';
import { rectangleFields } from '../../nodes/ImageRepair/parameters/rectangles';
import type { Shape } from '../geometry/shapes';
import type { StoredSize } from '../../cos/images/upright';
import { maskRows } from '../output/maskRows';
import { nodeSnippet, onlyBoxes } from '../output/nodeSnippet';
import { encodeGreyPng } from '../output/png';
import { polygonsText } from '../output/polygons';
import { rectangleRow, type Measure, type RectangleRow } from '../output/rectangles';
import { Choice } from './Choice';
import { baseName, copy, download } from './copyAndDownload';
import { useTouch } from './hooks';
import { AREA_FIELDS, optionName, storedAs, type Option } from './words';

const { corner, unit, left, top, width, height } = rectangleFields;
const { growUnit } = AREA_FIELDS;

interface OutputProps {
	readonly shapes: readonly Shape[];
	readonly polygons: readonly Polygon[];
	/** The polygons with their margin. */
	readonly grown: readonly Polygon[];
	readonly growth: Growth;
	readonly size: StoredSize;
	readonly imageName: string;
	readonly measure: Measure;
	readonly onMeasure: (measure: Measure) => void;
	readonly announce: (text: string) => void;
}

function TextButtons({
	text,
	fileName,
	announce,
}: {
	text: string;
	fileName: string;
	announce: (text: string) => void;
}): JSX.Element {
	const [copied, setCopied] = useState('');
	const copyText = async () => {
		const done = await copy(text);
		setCopied(done ? text : '');
		announce(done ? 'Copied' : 'The browser does not allow copying. Select the text and copy it.');
	};
	return (
		<div class="actions">
			<button type="button" class="button primary" onClick={() => void copyText()}>
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

const FROM_OPTIONS: ReadonlyArray<Option<Measure['from']>> = [
	{ name: 'Nearest Corner', value: 'nearest' },
	...corner.options,
];

function MeasureFields({ measure, onMeasure }: Pick<OutputProps, 'measure' | 'onMeasure'>) {
	return (
		<div class="measure-fields">
			<Choice
				label={corner.displayName}
				options={FROM_OPTIONS}
				value={measure.from}
				onValue={(from) => onMeasure({ ...measure, from })}
			/>
			<Choice
				label={unit.displayName}
				options={unit.options}
				value={measure.unit}
				onValue={(chosen) => onMeasure({ ...measure, unit: chosen })}
			/>
		</div>
	);
}

/** What has to be set besides the numbers that are copied. */
function GrowthNote({ growth }: Pick<OutputProps, 'growth'>): JSX.Element | null {
	if (growth.amount === 0) return null;
	return (
		<p class="note">
			Set {LABELS.growArea} to {growth.amount} and {growUnit.displayName} to{' '}
			{optionName(growUnit.options, growth.unit)} in the node, too. The numbers here are those of
			the shapes alone.
		</p>
	);
}

/** Polygons cannot be measured in percent. */
function OnlyThisSize({ size }: { size: ImageSize }): JSX.Element {
	return (
		<>
			Polygons count pixels, so they fit images of {size.width} × {size.height} pixels.
		</>
	);
}

function NodePolygons({ shapes, size }: Pick<OutputProps, 'shapes' | 'size'>): JSX.Element {
	const hasRectangle = shapes.some(({ kind }) => kind === 'rectangle');
	return (
		<>
			{hasRectangle
				? 'It contains all areas as polygons, the rectangles too. '
				: 'It contains these polygons. '}
			<OnlyThisSize size={size} />
		</>
	);
}

function NodeOutput(props: OutputProps): JSX.Element {
	const { shapes, polygons, size, measure, growth, imageName, announce } = props;
	const text = nodeSnippet(shapes, polygons, size, measure, growth);
	const areRectangles = onlyBoxes(shapes) !== undefined;
	const isTouch = useTouch();
	return (
		<>
			<p>
				{isTouch ? (
					'Copy, send the text to your computer and paste it onto the n8n canvas there.'
				) : (
					<>
						Copy, click the n8n canvas and press <kbd>Ctrl+V</kbd> (⌘V on a Mac).
					</>
				)}{' '}
				Then choose your credential and image in the node.{' '}
				{areRectangles ? 'It contains these rectangles.' : <NodePolygons {...props} />}
			</p>
			{areRectangles && <MeasureFields {...props} />}
			<TextButtons text={text} fileName={`${baseName(imageName)}-node.json`} announce={announce} />
			<TextOutput label="Node for the n8n canvas" text={text} />
		</>
	);
}

/** A row to be typed into the node, under the node's labels. */
function RowTable({ caption, row }: { caption: string; row: RectangleRow }): JSX.Element {
	const entries = [
		{ field: corner, text: optionName(corner.options, row.corner) },
		{ field: unit, text: optionName(unit.options, row.unit) },
		{ field: left, text: row.left },
		{ field: top, text: row.top },
		{ field: width, text: row.width },
		{ field: height, text: row.height },
	];
	return (
		<table class="rows">
			<caption>{caption}</caption>
			<tbody>
				{entries.map(({ field, text }) => (
					<tr key={field.name}>
						<th scope="row">{field.displayName}</th>
						<td data-field={field.name}>{text}</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

function RectanglesOutput(props: OutputProps): JSX.Element {
	const { shapes, size, measure, imageName, announce } = props;
	const rows = shapes.flatMap((shape, index) =>
		shape.kind === 'rectangle' ? [{ index, row: rectangleRow(shape.box, size, measure) }] : [],
	);
	const polygonCount = shapes.length - rows.length;
	if (rows.length === 0) {
		return (
			<p>
				{polygonCount === 1 ? 'A polygon has' : 'Polygons have'} no values for Rectangles. Use Node,
				Polygons or Mask.
			</p>
		);
	}
	const text = JSON.stringify({ rectangle: rows.map(({ row }) => row) }, null, 2);
	return (
		<>
			<p>
				In the node, set Area to <em>Rectangles</em>, press <em>Add Rectangle</em> and enter these
				values. Percentages fit images of any size.
			</p>
			<MeasureFields {...props} />
			<GrowthNote {...props} />
			{polygonCount > 0 && (
				<p class="note">
					{polygonCount === 1 ? 'One polygon is' : `${polygonCount} polygons are`} missing here.
					Node, Polygons and Mask include all areas.
				</p>
			)}
			<TextButtons
				text={text}
				fileName={`${baseName(imageName)}-rectangles.json`}
				announce={announce}
			/>
			{rows.map(({ index, row }) => (
				<RowTable key={index} caption={`Rectangle ${index + 1}`} row={row} />
			))}
		</>
	);
}

function PolygonsOutput(props: OutputProps): JSX.Element {
	const { polygons, size, imageName, announce } = props;
	const text = polygonsText(polygons);
	return (
		<>
			<p>
				In the node, set Area to <em>Polygons</em> and paste this into the field Polygons.{' '}
				<OnlyThisSize size={size} />
			</p>
			<GrowthNote {...props} />
			<TextButtons
				text={text}
				fileName={`${baseName(imageName)}-polygons.json`}
				announce={announce}
			/>
			<TextOutput label="Value for Polygons" text={text} />
		</>
	);
}

function MaskOutput({ grown, growth, size, imageName, announce }: OutputProps): JSX.Element {
	const [isBusy, setBusy] = useState(false);
	const stored = storedAs(size);
	const save = async () => {
		setBusy(true);
		const mask = await encodeGreyPng(maskRows(grown, size), size);
		download(mask, `${baseName(imageName)}-mask.png`);
		setBusy(false);
		announce('Mask downloaded');
	};
	return (
		<>
			<p>
				White marks what is removed. In the node, set Area to <em>Mask Image</em> and take the mask
				from a URL, the bucket or a binary field.
				{growth.amount > 0 && ` ${LABELS.growArea} is included.`}
				{stored && ` It is ${stored}, as the image is stored.`}
			</p>
			<svg
				class="mask"
				viewBox={`0 0 ${size.width} ${size.height}`}
				role="img"
				aria-label="The mask: white marks what is removed"
			>
				<rect width={size.width} height={size.height} fill="#000" />
				{grown.map((polygon, index) => (
					<polygon key={index} fill="#fff" points={polygon.join(' ')} />
				))}
			</svg>
			<div class="actions">
				<button type="button" class="button primary" disabled={isBusy} onClick={() => void save()}>
					{isBusy ? 'Preparing…' : 'Download the mask'}
				</button>
				<span class="quiet">
					PNG, {size.width} × {size.height} px
				</span>
			</div>
		</>
	);
}

const TABS = [
	{ id: 'node', label: 'Node', Output: NodeOutput },
	{ id: 'rectangles', label: 'Rectangles', Output: RectanglesOutput },
	{ id: 'polygons', label: 'Polygons', Output: PolygonsOutput },
	{ id: 'mask', label: 'Mask', Output: MaskOutput },
] as const;

/** The areas in the four forms that the node accepts. */
export function Outputs(props: OutputProps): JSX.Element {
	const [active, setActive] = useState(0);
	const switchTab = (event: TargetedKeyboardEvent<HTMLElement>) => {
		if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return;
		event.preventDefault();
		const next = (active + (event.key === 'ArrowRight' ? 1 : TABS.length - 1)) % TABS.length;
		setActive(next);
		event.currentTarget.querySelectorAll('button')[next]?.focus();
	};
	const { id: activeId, Output } = TABS[active] ?? TABS[0];
	return (
		<div class="outputs">
			<div class="tabs" role="tablist" aria-label="Result format" onKeyDown={switchTab}>
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
			<div id="output" role="tabpanel" aria-labelledby={`tab-${activeId}`} class="tab-panel">
				<Output key={activeId} {...props} />
			</div>
		</div>
	);
}
