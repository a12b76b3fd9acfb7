import type { JSX, TargetedEvent } from 'preact';

/** A number in pixels that can be typed; what is no number changes nothing. */
export function NumberField({
	label,
	name,
	value,
	onValue,
}: {
	/** In full, for a screen reader. */
	label: string;
	/** What stands beside it. */
	name: string;
	value: number;
	onValue: (value: number) => void;
}): JSX.Element {
	const change = (event: TargetedEvent<HTMLInputElement>) => {
		const number = event.currentTarget.valueAsNumber;
		if (Number.isFinite(number)) onValue(number);
		// The shape may not have followed all the way.
		event.currentTarget.value = String(value);
	};
	return (
		<label class="number-field">
			<span aria-hidden="true">{name}</span>
			<input type="number" min="0" step="1" aria-label={label} value={value} onChange={change} />
		</label>
	);
}
