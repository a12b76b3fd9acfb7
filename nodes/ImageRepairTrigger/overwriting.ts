import type { IPollFunctions } from 'n8n-workflow';

import { InvalidInput } from '../../cos/invalidInput';

/**
 * A repaired picture that takes the place of its original is a changed picture: it would be found,
 * repaired and billed at every poll, without end.
 *
 * @throws InvalidInput when a node behind the trigger would do that
 */
export function refuseOverwriting(functions: IPollFunctions): void {
	const { name } = functions.getNode();
	const overwriting = functions
		.getChildNodes(name, { includeNodeParameters: true })
		.find(
			({ type, disabled, parameters }) =>
				type.endsWith('.imageRepair') &&
				!disabled &&
				parameters?.operation === 'cloud' &&
				parameters.overwriteOriginal === true,
		);
	if (!overwriting) return;
	throw new InvalidInput(
		'overwriteOriginal',
		`is on in "${overwriting.name}", so each repaired picture would be a changed one and found again`,
		'It would be repaired and billed at every poll, without end. Switch Overwrite Original off there, so that results have keys of their own.',
	);
}
