import type { JSX } from 'preact';
import { Dialog } from './Dialog';
import { useTouch } from './hooks';

const KEYS: ReadonlyArray<readonly [keys: string, what: string]> = [
	['R, P, V', 'Rectangle, Polygon, Select'],
	[
		'Enter',
		'place a corner; press twice in one place to close a polygon; after a shape, go on to the next',
	],
	['Tab', 'go to the next shape or corner'],
	['Arrow keys', 'move the selection, or the crosshair of a drawing tool, by one pixel'],
	['Shift + arrow keys', 'move by ten pixels'],
	['Delete', 'remove the selected corner or shape'],
	['Escape', 'cancel drawing, or deselect'],
	['Ctrl + Z, Ctrl + Shift + Z', 'undo, redo'],
	['+, −, 0', 'zoom in, zoom out, show the whole image'],
	['?', 'show this help'],
];

function MouseAndKeys(): JSX.Element {
	return (
		<>
			<h3>Mouse</h3>
			<p>
				Drag to draw a rectangle. For a polygon, click each corner, then the first one again to
				close it. The tool stays chosen for the next shape. Drag the selected shape to move it;
				click another one to select it. Drag a corner to move it; drag one of the small dots between
				corners to add a corner. Corners snap to the sides of the image and to each other; hold{' '}
				<kbd>Alt</kbd> to place them freely. Turn the wheel to zoom. To move the image, drag with
				the middle button or hold <kbd>Space</kbd> and drag.
			</p>
			<h3>Keyboard</h3>
			<table class="keys">
				<tbody>
					{KEYS.map(([keys, what]) => (
						<tr key={keys}>
							<th scope="row">{keys}</th>
							<td>{what}</td>
						</tr>
					))}
				</tbody>
			</table>
		</>
	);
}

function Fingers(): JSX.Element {
	return (
		<>
			<p>
				Draw a rectangle with one finger. For a polygon, tap each corner, then the first one again
				to close it. The tool stays chosen for the next shape.
			</p>
			<p>
				Drag the selected shape to move it. To select another one, tap it with the Rectangle or
				Select tool, or tap its name below. Drag a corner to move it; drag one of the small dots
				between corners to add a corner. The bin deletes the selected shape or corner, or the last
				corner of an unfinished polygon.
			</p>
			<p>Zoom and move the image with two fingers.</p>
		</>
	);
}

export function HelpDialog({ onClose }: { onClose: () => void }): JSX.Element {
	const isTouch = useTouch();
	return (
		<Dialog title="How to draw" onClose={onClose}>
			{isTouch ? <Fingers /> : <MouseAndKeys />}
		</Dialog>
	);
}
