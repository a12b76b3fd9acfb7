import type { JSX } from 'preact';
import { Dialog } from './Dialog';

const KEYS: ReadonlyArray<readonly [keys: string, what: string]> = [
	['R, P, V', 'Rectangle, Polygon, Select'],
	['Enter', 'place a corner; twice at the same place closes a polygon'],
	['Tab', 'on to the next shape or corner'],
	['Arrows', 'move what is selected, or the cross of a drawing tool, by one pixel'],
	['Shift + Arrows', 'by ten pixels'],
	['Delete', 'remove the selected corner or shape'],
	['Escape', 'leave what is being drawn, or deselect'],
	['Ctrl + Z, Ctrl + Shift + Z', 'undo, redo'],
	['+, −, 0', 'larger, smaller, whole image'],
	['?', 'this help'],
];

/** How to work with the page, by mouse, touch and keyboard. */
export function HelpDialog({ onClose }: { onClose: () => void }): JSX.Element {
	return (
		<Dialog title="How to draw" onClose={onClose}>
			<h3>Mouse</h3>
			<p>
				Drag to draw a rectangle. For a polygon click from corner to corner, and on the first one to
				close it. Corners can be dragged; the small dots in between make new ones. Corners snap to
				the sides of the image and to each other: hold <kbd>Alt</kbd> to place them freely. The
				wheel zooms; drag with the middle button, or with <kbd>Space</kbd> held, to move the image.
			</p>
			<h3>Touch</h3>
			<p>One finger draws, two fingers zoom and move the image.</p>
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
