import type { ReasonOf } from '../../cos/values';
import type { ParameterReason, ParameterReasons } from './inputMessages';

/** A parameter with an invalid value. Thrown before anything is sent, so nothing was billed. */
export class InvalidParameter extends Error {
	readonly reason: ParameterReason;
	readonly values: ParameterReasons[ParameterReason];

	/** @param label as the editor shows it */
	constructor(
		readonly label: string,
		...[reason, values]: ReasonOf<ParameterReasons>
	) {
		super(`${label}: ${reason}`);
		this.name = 'InvalidParameter';
		this.reason = reason;
		this.values = values;
	}
}
