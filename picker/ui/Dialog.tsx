import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icons';

/** A modal dialog that Escape closes. */
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
		// Closing it before it is removed returns the focus to where it was.
		return () => dialog?.close();
	}, []);
	return (
		<dialog ref={element} aria-labelledby="dialog-title" onClose={onClose}>
			<div class="dialog-head">
				<h2 id="dialog-title">{title}</h2>
				<button type="button" class="small-button" aria-label="Close" onClick={onClose}>
					<Icon name="close" />
				</button>
			</div>
			{children}
		</dialog>
	);
}
