import type { JSX, TargetedEvent } from 'preact';
import { useState } from 'preact/hooks';
import type { Growth } from '../../cos/areas/growth';
import { LABELS } from '../../nodes/shared/inputMessages';
import { Choice } from './Choice';
import { AREA_FIELDS } from './words';

const { growUnit } = AREA_FIELDS;

/** How far the area reaches beyond the shapes. Anything but a number of 0 or more counts as 0. */
export function GrowthFields({
	growth,
	onGrowth,
}: {
	growth: Growth;
	onGrowth: (growth: Growth) => void;
}): JSX.Element {
	const [typed, setTyped] = useState('');
	// What is typed stays as it is, such as "1.0", as long as it means the number that counts.
	const shown = Number(typed) === growth.amount ? typed || '0' : String(growth.amount);
	const change = ({ currentTarget }: TargetedEvent<HTMLInputElement>) => {
		setTyped(currentTarget.value);
		onGrowth({ ...growth, amount: Math.max(0, Number(currentTarget.value)) });
	};
	return (
		<div class="growth">
			<div class="measure-fields">
				<label>
					{LABELS.growArea}
					<input
						type="number"
						min="0"
						step="any"
						aria-describedby="growth-hint"
						value={shown}
						onInput={change}
					/>
				</label>
				<Choice
					label={growUnit.displayName}
					options={growUnit.options}
					value={growth.unit}
					onValue={(unit) => onGrowth({ ...growth, unit })}
				/>
			</div>
			<p id="growth-hint" class="quiet">
				How far the repaired area reaches beyond each side: the dashed line. A logo often has a
				shadow or a soft edge around it.
			</p>
		</div>
	);
}
