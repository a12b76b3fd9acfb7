import type { INodeParameters, IPollFunctions } from 'n8n-workflow';

import { InvalidInput } from '../../cos/invalidInput';
import { isRecord } from '../../cos/values';
import { fillResultKey, keyOfFileid } from '../shared/resultKey';
import type { ImageChoice } from '../shared/imageChoice';

/** A node behind the trigger that repairs images in the bucket. */
interface RepairNode {
	name: string;
	parameters: INodeParameters;
}

function repairNodesBehind(functions: IPollFunctions): RepairNode[] {
	return functions
		.getChildNodes(functions.getNode().name, { includeNodeParameters: true })
		.flatMap(({ name, type, disabled, parameters }) => {
			const repairs = type.endsWith('.imageRepair') && parameters?.operation === 'cloud';
			return repairs && !disabled ? [{ name, parameters }] : [];
		});
}

/** Result keys as typed in; what an expression gives, or another bucket holds, cannot be told here. */
function resultKeysOf({ resultKey, options, additionalResults }: INodeParameters): string[] {
	const first: Record<string, unknown> = { resultKey, ...(isRecord(options) && options) };
	const collection: unknown = additionalResults;
	const rows = isRecord(collection) ? collection.result : undefined;
	return [first, ...(Array.isArray(rows) ? rows.filter(isRecord) : [])].flatMap((row) => {
		const { resultKey: text, destinationBucket = '' } = row;
		const isKnown = typeof text === 'string' && !text.startsWith('=') && destinationBucket === '';
		return isKnown ? [text] : [];
	});
}

const EXTENSIONS = ['.jpg', '.png', '.webp', '.gif', '.bmp', '.heic'];

/** Whether the trigger would find what this result key makes of an image it has given out. */
function isFoundAgain(choice: ImageChoice, template: string): boolean {
	return EXTENSIONS.some((extension) => {
		const source = `${choice.prefix}image${extension}`;
		let result: string;
		try {
			result = keyOfFileid(fillResultKey(template, source), source);
		} catch {
			// The node refuses it by itself.
			return false;
		}
		if (!choice.isWanted({ key: source }) || !result.startsWith(choice.prefix)) return false;
		const isInSubfolder = result.slice(choice.prefix.length).includes('/');
		return (choice.includeSubfolders || !isInSubfolder) && choice.isWanted({ key: result });
	});
}

/**
 * A result that the trigger takes for a new image, or that makes its original a changed one, would
 * be found, repaired and billed at every poll, without end.
 *
 * @throws InvalidInput when a node behind the trigger stores such results
 */
export function refuseLoops(functions: IPollFunctions, choice: ImageChoice): void {
	for (const { name, parameters } of repairNodesBehind(functions)) {
		if (parameters.overwriteOriginal === true) {
			throw new InvalidInput(
				'overwriteOriginal',
				`is on in "${name}", so each repaired image would be a changed one and found again`,
				'It would be repaired and billed at every poll, without end. Switch Overwrite Original off there, so that results have keys of their own.',
			);
		}
		const found = resultKeysOf(parameters).find((template) => isFoundAgain(choice, template));
		if (found !== undefined) {
			throw new InvalidInput(
				'resultKey',
				`"${found}" of "${name}" stores images that this trigger would find again`,
				'They would be repaired and billed at every poll, without end. Switch Ignore Repaired Images on in the trigger and add this Result Key there, or store results outside of Folder.',
			);
		}
	}
}
