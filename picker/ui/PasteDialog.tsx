import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ImageSize } from '../../cos/areas/points';
import type { NewShape } from '../drawing/drawing';
import { readArea } from '../output/readArea';
import { Dialog } from './Dialog';
import { explainError } from './words';

/** Replaces the shapes with pasted coordinates. */
export function PasteDialog({
	size,
	onShapes,
	onClose,
}: {
	size: ImageSize;
	onShapes: (shapes: readonly NewShape[]) => void;
	onClose: () => void;
}): JSX.Element {
	const [text, setText] = useState('');
	const [problem, setProblem] = useState('');
	const show = (event: Event) => {
		event.preventDefault();
		try {
			onShapes(readArea(text, size));
			onClose();
		} catch (error) {
			const { message, advice } = explainError(error);
			setProblem(`${message}. ${advice}`);
		}
	};
	return (
		<Dialog title="Show coordinates on the image" onClose={onClose}>
			<form onSubmit={show}>
				<label class="stacked">
					Paste the value of Polygons, rows of Rectangles, or a node copied from n8n
					<textarea
						class="output"
						rows={8}
						spellcheck={false}
						placeholder="e.g. [[[608,794],[1024,794],[1024,842],[608,842]]]"
						value={text}
						onInput={(event) => setText(event.currentTarget.value)}
					/>
				</label>
				<p class="note invalid" role="alert">
					{problem}
				</p>
				<p class="quiet">This replaces the current shapes. Undo brings them back.</p>
				<div class="actions">
					<button type="submit" class="button primary" disabled={text.trim() === ''}>
						Show
					</button>
					<button type="button" class="button" onClick={onClose}>
						Cancel
					</button>
				</div>
			</form>
		</Dialog>
	);
}
