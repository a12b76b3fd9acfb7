import type { JSX } from 'preact';
import { useTouch } from './hooks';
import { Icon } from './icons';
import { ImageInput } from './ImageInput';

/** The page before an image is open. */
export function Start({
	isOpening,
	onFile,
	onSample,
}: {
	isOpening: boolean;
	onFile: (file: File) => void;
	onSample: () => void;
}): JSX.Element {
	const isTouch = useTouch();
	const title = isOpening ? 'Opening the image…' : !isTouch && 'Drop an image here';
	return (
		<main class="start">
			<h1>Where is the logo?</h1>
			<p class="lead">
				Open one of your images, draw around the logo or watermark, and paste the result into n8n.
			</p>
			<div class="drop" aria-busy={isOpening}>
				<Icon name="image" />
				{title && <p class="drop-title">{title}</p>}
				<div class="drop-buttons">
					<ImageInput class="button primary" label="Open an image" onFile={onFile} />
					<button type="button" class="button" onClick={onSample}>
						Try a sample
					</button>
				</div>
				<p class="quiet">
					JPG, PNG, WebP, GIF or BMP. Your image stays in the browser; nothing is uploaded.
				</p>
			</div>
			<ol class="steps">
				<li>
					<strong>Open</strong> an image at full size, just as it is in your bucket.
				</li>
				<li>
					<strong>Draw</strong> a rectangle or polygon around each logo.
				</li>
				<li>
					<strong>Copy</strong> the node and paste it onto the n8n canvas, or use the numbers.
				</li>
			</ol>
		</main>
	);
}
