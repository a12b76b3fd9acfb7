import type { JSX, TargetedEvent } from 'preact';

/** A button that lets the user choose an image file. */
export function ImageInput({
	label,
	onFile,
	class: className,
}: {
	label: string;
	onFile: (file: File) => void;
	class: string;
}): JSX.Element {
	const choose = (event: TargetedEvent<HTMLInputElement>) => {
		const file = event.currentTarget.files?.[0];
		// The same file can be chosen again.
		event.currentTarget.value = '';
		if (file) onFile(file);
	};
	return (
		<label class={className}>
			{label}
			<input type="file" accept="image/*" class="hidden-input" onChange={choose} />
		</label>
	);
}
