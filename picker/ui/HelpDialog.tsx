import type { JSX } from 'preact';
import { Dialog } from './Dialog';

const KEYS: ReadonlyArray<readonly [keys: string, what: string]> = [
	['R, P, V', 'Rectangle, Polygon, Select'],
	['Enter', 'place a corner; press twice in one place to close a polygon'],
	['Tab', 'go to the next shape or corner'],
	['Arrow keys', 'move the selection, or the crosshair of a drawing tool, by one pixel'],
	['Shift + arrow keys', 'move by ten pixels'],
	['Delete', 'remove the selected corner or shape'],
	['Escape', 'cancel drawing, or deselect'],
	['Ctrl + Z, Ctrl + Shift + Z', 'undo, redo'],
	['+, −, 0', 'zoom in, zoom out, show the whole image'],
	['?', 'show this help'],
];

export function HelpDialog({ onClose }: { onClose: () => void }): JSX.Element {
	return (
		<Dialog title="How to draw" onClose={onClose}>
			<h3>Mouse</h3>
			<p>
				Drag to draw a rectangle. For a polygon, click each corner, then the first one again to
				close it. Drag a corner to move it; drag one of the small dots between corners to add a
				corner. Corners snap to the sides of the image and to each other; hold <kbd>Alt</kbd> to
				place them freely. Turn the wheel to zoom. To move the image, drag with the middle button or
				hold <kbd>Space</kbd> and drag.
			</p>
			<h3>Touch</h3>
			<p>Draw with one finger; zoom and move the image with two.</p>
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
		</Dialog>
	);
}
