import { createHash } from 'crypto';
import type { INodeParameters, IPollFunctions } from 'n8n-workflow';

import type { BucketLocation } from '../../cos/location/endpoint';
import { keyOfFileid } from '../../cos/location/resultKey';
import { REPAIRABLE_FORMATS } from '../../cos/images/format';
import { typedStoring, type TypedStoring } from '../ImageRepair/parameters/results';
import { filterOn, findsKey, imageFilterFields, type ImageFilter } from '../shared/imageFilter';
import { InvalidParameter } from '../shared/invalidParameter';
import { LABELS } from '../shared/messages';
import { holdsExpression } from '../shared/parameters';
import { fillResultKey } from '../shared/resultKey';
import type { Stop } from './memory';

const EXTENSIONS = REPAIRABLE_FORMATS.map(({ extensions: [usual = ''] }) => `.${usual}`);

const FILE_NAMES = EXTENSIONS.map((extension) => `image${extension}`);

/** Images that the trigger could give out, one of each type. */
function examples(filter: ImageFilter): string[] {
	const { prefix, isWanted } = filterOn(filter, '2025-01-31');
	return FILE_NAMES.map((fileName) => prefix + fileName).filter((key) => isWanted({ key }));
}

/** Whether the trigger would find the result that a key produces for one of the sources. */
function isFoundAgain(filter: ImageFilter, template: string, sources: readonly string[]): boolean {
	return sources.some((source) => {
		try {
			return findsKey(filter, keyOfFileid(fillResultKey(template, source), source));
		} catch {
			// The node itself refuses such a key.
			return false;
		}
	});
}

/** What a node behind the trigger stores; undefined when the node would refuse its parameters. */
function storingOf(
	parameters: INodeParameters,
	location: BucketLocation,
): TypedStoring | undefined {
	try {
		return typedStoring((name) => parameters[name], location);
	} catch {
		return undefined;
	}
}

/** A node behind the trigger that stores its results. */
interface StoringNode {
	node: string;
	storing: TypedStoring;
}

function storingNodes(functions: IPollFunctions, location: BucketLocation): StoringNode[] {
	const behind = functions.getChildNodes(functions.getNode().name, {
		includeNodeParameters: true,
	});
	return behind.flatMap(({ name, type, disabled, parameters = {} }) => {
		if (disabled || !type.endsWith('.imageRepair')) return [];
		const storing = storingOf(parameters, location);
		return storing ? [{ node: name, storing }] : [];
	});
}

/** Keys that a node's images could have; none of an upload that is known only when the node runs. */
function sourcesOf(filter: ImageFilter, { source, uploads, uploadedAs }: TypedStoring): string[] {
	if (source !== undefined) return [source];
	if (!uploads) return examples(filter);
	return uploadedAs ? FILE_NAMES.map(uploadedAs) : [];
}

function refuseLoop(filter: ImageFilter, { node, storing }: StoringNode): void {
	const { source, uploads, overwritesOriginal, resultKeys } = storing;
	const sources = sourcesOf(filter, storing);
	if (uploads) {
		const key = sources.find((one) => findsKey(filter, one));
		if (key !== undefined)
			throw new InvalidParameter(LABELS.storeAs, 'loopOriginal', { key, node });
	} else if (overwritesOriginal && (source === undefined || findsKey(filter, source))) {
		throw new InvalidParameter('Overwrite Original', 'loopOverwrites', { node });
	}
	const template = resultKeys.find((one) => isFoundAgain(filter, one, sources));
	if (template !== undefined) {
		throw new InvalidParameter(LABELS.resultKey, 'loopResultKey', { template, node });
	}
}

/**
 * If the trigger took a result for a new image, or for a change of its original, it would be found,
 * repaired and billed at every poll, forever. What an expression gives is left to the node itself, which
 * knows it when it runs.
 *
 * @param location of the bucket that is watched
 * @throws InvalidParameter when a node behind the trigger stores such results
 */
export function refuseLoops(
	functions: IPollFunctions,
	filter: ImageFilter,
	location: BucketLocation,
): void {
	for (const one of storingNodes(functions, location)) refuseLoop(filter, one);
}

/** What the filter of the trigger hangs on, as the node behind it reads it. */
const FILTER_FIELDS = imageFilterFields().map(({ name }) => name);

/**
 * A node behind the trigger that could store its results under the keys of its images unseen: neither
 * can the trigger tell, because they come of an expression, nor the node, because the folder does.
 *
 * @returns its name
 */
export function storesUnseen(
	functions: IPollFunctions,
	location: BucketLocation,
): string | undefined {
	const { parameters } = functions.getNode();
	if (!FILTER_FIELDS.some((name) => holdsExpression(parameters[name]))) return undefined;
	const unseen = storingNodes(functions, location).find(({ storing }) => storing.isPartlyUnknown);
	return unseen?.node;
}

/** Changes with the parameters of the trigger and of the nodes behind it. */
export function fingerprintOf(functions: IPollFunctions): string {
	const { name, parameters } = functions.getNode();
	const behind = functions.getChildNodes(name, { includeNodeParameters: true });
	const nodes = behind.map(({ type, disabled, parameters: own }) => [type, disabled, own]);
	const text = JSON.stringify([parameters, nodes]);
	return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** In words, why the trigger breaks off. */
export function stopped(stop: Stop): InvalidParameter {
	if (stop.reason === 'growing') {
		const { first, second, third } = stop;
		return new InvalidParameter(LABELS.folder, 'stoppedGrowing', { first, second, third });
	}
	const { key, times, node } = stop;
	return new InvalidParameter(LABELS.folder, 'stoppedRepeating', { key, times, node });
}
