import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icons';

/** A window over the page that Escape closes. */
export function Dialog({
	title,
	onClose,
	children,
}: {
	title: string;
	onClose: () => void;
	children: ComponentChildren;
}): JSX.Element {
	const element = useRef<HTMLDialogElement>(null);
	useEffect(() => {
		const dialog = element.current;
		dialog?.showModal();
		// Closed before it goes, so that the focus returns to where it was.
		return () => dialog?.close();
	}, []);
	return (
		<dialog ref={element} aria-labelledby="dialog-title" onClose={onClose}>
			<div class="dialog-head">
				<h2 id="dialog-title">{title}</h2>
				<button type="button" class="small" aria-label="Close" onClick={onClose}>
					<Icon name="close" />
				</button>
			</div>
			{children}
		</dialog>
	);
}
