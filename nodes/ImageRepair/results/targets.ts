import { checkBucket, checkObjectKey } from '../../../cos/location/endpoint';
import { checkFileid, type RepairResult } from '../../../cos/requests/imageRepair';
import { InvalidInput } from '../../../cos/invalidInput';
import { isRecord } from '../../../cos/values';
import { MAX_RESULTS } from '../../../cos/limits';
import { fillResultKey, keyOfFileid } from '../../shared/resultKey';
import { readAreaChoice, resolveArea, type AreaChoice, type AreaHelp } from '../area/area';
import { asText, option, parameter, switchParameter, textParameter, type Item } from '../item';

/** One result as chosen in the editor, checked as far as it can be without the image. */
export interface ResultChoice {
	fileid: string;
	/** Full key that the fileid means. */
	key: string;
	/** Another bucket than the credential's. */
	bucket?: string;
	area: AreaChoice;
}

function additionalRows(item: Item): Array<Record<string, unknown>> {
	const collection = parameter(item, 'additionalResults');
	const rows = isRecord(collection) ? collection.result : undefined;
	return Array.isArray(rows) ? rows.filter(isRecord) : [];
}

function readDestination(item: Item, value: unknown): string | undefined {
	const bucket = asText(value).trim();
	if (bucket === '' || bucket === item.account.location.bucket) return undefined;
	checkBucket(bucket, 'destinationBucket');
	return bucket;
}

function resultKey(sourceKey: string, template: string, bucket?: string): string {
	const fileid = fillResultKey(template, sourceKey);
	checkFileid(fileid);
	if (keyOfFileid(fileid, sourceKey) === sourceKey && bucket === undefined) {
		throw new InvalidInput(
			'resultKey',
			`"${fileid}" is the source itself, which would be overwritten`,
			'Enter another key, or switch Overwrite Original on if the repaired image shall take the place of the original.',
		);
	}
	return fileid;
}

function firstResult(item: Item, sourceKey: string): ResultChoice {
	const area = readAreaChoice((name) => parameter(item, name));
	if (switchParameter(item, 'overwriteOriginal')) {
		// The absolute form: it means the source in whichever folder that is.
		return { fileid: `/${sourceKey}`, key: sourceKey, area };
	}
	const bucket = readDestination(item, option(item, 'destinationBucket'));
	const fileid = resultKey(sourceKey, textParameter(item, 'resultKey'), bucket);
	return { fileid, key: keyOfFileid(fileid, sourceKey), bucket, area };
}

function furtherResult(item: Item, sourceKey: string, row: Record<string, unknown>): ResultChoice {
	const bucket = readDestination(item, row.destinationBucket);
	const fileid = resultKey(sourceKey, asText(row.resultKey), bucket);
	return {
		fileid,
		key: keyOfFileid(fileid, sourceKey),
		bucket,
		area: readAreaChoice((name) => row[name]),
	};
}

/**
 * Reads Result Key, Area and Additional Results.
 *
 * @throws InvalidInput for a result that cannot be, for more than five, or for two under one key
 */
export function readResults(item: Item, sourceKey: string): ResultChoice[] {
	checkObjectKey(sourceKey);
	const rows = additionalRows(item);
	if (rows.length + 1 > MAX_RESULTS) {
		throw new InvalidInput(
			'results',
			`holds ${rows.length} results, which makes ${rows.length + 1} with the first`,
			`One call makes up to ${MAX_RESULTS} results. Remove some, or use a second Image Repair node for the others.`,
		);
	}
	const results = [
		firstResult(item, sourceKey),
		...rows.map((row) => furtherResult(item, sourceKey, row)),
	];
	const twice = results.find(
		({ bucket, key }, index) =>
			results.findIndex((one) => one.bucket === bucket && one.key === key) < index,
	);
	if (twice) {
		throw new InvalidInput(
			'results',
			`would store two results under "${twice.key}"`,
			'Give each result a key of its own.',
		);
	}
	return results;
}

/** Turns the choices into what is sent, in their order. */
export async function resolveResults(
	choices: readonly ResultChoice[],
	help: AreaHelp,
): Promise<RepairResult[]> {
	const results: RepairResult[] = [];
	for (const { fileid, bucket, area } of choices) {
		results.push({ fileid, bucket, area: await resolveArea(area, help) });
	}
	return results;
}
