import type { JSX } from 'preact';
import type { Action, Drawing, Tool } from '../drawing/drawing';
import { useTouch } from './hooks';
import { Icon, type IconName } from './icons';

const ZOOM_STEP = 1.5;

const TOOLS: ReadonlyArray<{ tool: Tool; label: string; key: string }> = [
	{ tool: 'select', label: 'Select', key: 'V' },
	{ tool: 'rectangle', label: 'Rectangle', key: 'R' },
	{ tool: 'polygon', label: 'Polygon', key: 'P' },
];

function IconButton({
	icon,
	label,
	onClick,
	isDisabled = false,
}: {
	icon: IconName;
	label: string;
	onClick: () => void;
	isDisabled?: boolean;
}): JSX.Element {
	return (
		<button
			type="button"
			class="tool"
			aria-label={label}
			title={label}
			disabled={isDisabled}
			onClick={onClick}
		>
			<Icon name={icon} />
		</button>
	);
}

export function Toolbar({
	drawing,
	scale,
	dispatch,
	onDelete,
	onZoom,
	onFit,
}: {
	drawing: Drawing;
	scale: number;
	dispatch: (action: Action) => void;
	onDelete: () => void;
	onZoom: (factor: number) => void;
	onFit: () => void;
}): JSX.Element {
	const isTouch = useTouch();
	return (
		<div class="toolbar" role="toolbar" aria-label="Drawing tools">
			<div class="tools">
				{TOOLS.map(({ tool, label, key }) => (
					<button
						key={tool}
						type="button"
						class="tool"
						aria-pressed={drawing.tool === tool}
						aria-keyshortcuts={isTouch ? undefined : key}
						title={isTouch ? label : `${label} (${key})`}
						onClick={() => dispatch({ type: 'tool', tool })}
					>
						<Icon name={tool} />
						<span class="tool-label">{label}</span>
					</button>
				))}
			</div>
			<div class="tools">
				<IconButton
					icon="undo"
					label="Undo"
					isDisabled={drawing.past.length === 0}
					onClick={() => dispatch({ type: 'undo' })}
				/>
				<IconButton
					icon="redo"
					label="Redo"
					isDisabled={drawing.future.length === 0}
					onClick={() => dispatch({ type: 'redo' })}
				/>
				<IconButton
					icon="delete"
					label="Delete selection"
					isDisabled={!drawing.selection && !drawing.draft}
					onClick={onDelete}
				/>
			</div>
			<div class="tools">
				<IconButton icon="zoomOut" label="Zoom out" onClick={() => onZoom(1 / ZOOM_STEP)} />
				<output class="zoom" aria-label="Zoom">
					{scale < 0.1 ? (scale * 100).toFixed(1) : Math.round(scale * 100)}%
				</output>
				<IconButton icon="zoomIn" label="Zoom in" onClick={() => onZoom(ZOOM_STEP)} />
				<IconButton icon="fit" label="Show the whole image" onClick={onFit} />
			</div>
		</div>
	);
}
