import type { INodeParameters, IPollFunctions } from 'n8n-workflow';

import { keyOfFileid } from '../../cos/location/resultKey';
import { REPAIRABLE_FORMATS } from '../../cos/responses/imageFormat';
import { typedStoring, type TypedStoring } from '../ImageRepair/parameters/results';
import type { ImageFilter } from '../shared/imageFilter';
import { InvalidParameter } from '../shared/invalidParameter';
import { LABELS } from '../shared/messages';
import { fillResultKey } from '../shared/resultKey';

const EXTENSIONS = REPAIRABLE_FORMATS.map(({ extensions: [usual = ''] }) => `.${usual}`);

/** Whether the trigger would find the result that this key produces for one of its own images. */
function isFoundAgain(filter: ImageFilter, template: string): boolean {
	return EXTENSIONS.some((extension) => {
		const source = `${filter.prefix}image${extension}`;
		let result: string;
		try {
			result = keyOfFileid(fillResultKey(template, source), source);
		} catch {
			// The node itself refuses such a key.
			return false;
		}
		if (!filter.isWanted({ key: source }) || !result.startsWith(filter.prefix)) return false;
		const isInSubfolder = result.slice(filter.prefix.length).includes('/');
		return (filter.includeSubfolders || !isInSubfolder) && filter.isWanted({ key: result });
	});
}

/** What a node behind the trigger stores; undefined when the node would refuse its parameters. */
function storingOf(parameters: INodeParameters): TypedStoring | undefined {
	try {
		return typedStoring((name) => parameters[name]);
	} catch {
		return undefined;
	}
}

/**
 * If the trigger took a result for a new image, or for a change of its original, it would be found,
 * repaired and billed at every poll, forever.
 *
 * @throws InvalidParameter when a node behind the trigger stores such results
 */
export function refuseLoops(functions: IPollFunctions, filter: ImageFilter): void {
	const behind = functions.getChildNodes(functions.getNode().name, {
		includeNodeParameters: true,
	});
	for (const { name: node, type, disabled, parameters = {} } of behind) {
		if (disabled || !type.endsWith('.imageRepair')) continue;
		const storing = storingOf(parameters);
		if (!storing) continue;
		if (storing.overwritesOriginal) {
			throw new InvalidParameter('Overwrite Original', 'loopOverwrites', { node });
		}
		const template = storing.resultKeys.find((one) => isFoundAgain(filter, one));
		if (template !== undefined) {
			throw new InvalidParameter(LABELS.resultKey, 'loopResultKey', { template, node });
		}
	}
}
