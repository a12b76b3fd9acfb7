import type { JSX, TargetedEvent } from 'preact';

/** Looks like a button, and lets the user choose an image file. */
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
		// Otherwise choosing the same file again would be no change.
		event.currentTarget.value = '';
		if (file) onFile(file);
	};
	return (
		<label class={className}>
			{label}
			<input type="file" accept="image/*" class="file-input" onChange={choose} />
		</label>
	);
}
