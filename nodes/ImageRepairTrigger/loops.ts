import type { INodeParameters, IPollFunctions } from 'n8n-workflow';

import { keyOfFileid } from '../../cos/location/resultKey';
import { REPAIRABLE_FORMATS } from '../../cos/responses/imageFormat';
import { typedStoring, type TypedStoring } from '../ImageRepair/parameters/results';
import type { ImageFilter } from '../shared/imageFilter';
import { InvalidParameter } from '../shared/invalidParameter';
import { LABELS } from '../shared/messages';
import { fillResultKey } from '../shared/resultKey';

const EXTENSIONS = REPAIRABLE_FORMATS.map(({ extensions: [usual = ''] }) => `.${usual}`);

/** Whether the trigger would find what this result key makes of an image it has given out. */
function isFoundAgain(filter: ImageFilter, template: string): boolean {
	return EXTENSIONS.some((extension) => {
		const source = `${filter.prefix}image${extension}`;
		let result: string;
		try {
			result = keyOfFileid(fillResultKey(template, source), source);
		} catch {
			// The node refuses it by itself.
			return false;
		}
		if (!filter.isWanted({ key: source }) || !result.startsWith(filter.prefix)) return false;
		const isInSubfolder = result.slice(filter.prefix.length).includes('/');
		return (filter.includeSubfolders || !isInSubfolder) && filter.isWanted({ key: result });
	});
}

/** What a node behind the trigger stores; nothing when it would refuse its own parameters. */
function storingOf(parameters: INodeParameters): TypedStoring | undefined {
	try {
		return typedStoring((name) => parameters[name]);
	} catch {
		return undefined;
	}
}

/**
 * A result that the trigger takes for a new image, or that makes its original a changed one, would
 * be found, repaired and billed at every poll, without end.
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
