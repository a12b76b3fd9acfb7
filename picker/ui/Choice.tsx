import type { JSX, TargetedEvent } from 'preact';
import type { Option } from './words';

/** A field with a list, under its label. */
export function Choice<T extends string>({
	label,
	options,
	value,
	onValue,
}: {
	label: string;
	options: ReadonlyArray<Option<T>>;
	value: T;
	onValue: (value: T) => void;
}): JSX.Element {
	const change = (event: TargetedEvent<HTMLSelectElement>) => {
		const chosen = options[event.currentTarget.selectedIndex];
		if (chosen) onValue(chosen.value);
	};
	return (
		<label>
			{label}
			<select value={value} onChange={change}>
				{options.map((option) => (
					<option key={option.value} value={option.value}>
						{option.name}
					</option>
				))}
			</select>
		</label>
	);
}
