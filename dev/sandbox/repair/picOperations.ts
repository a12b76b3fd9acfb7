import { CosFailure } from '../http/failure';
import { readMaskParameters, type MaskParameters } from './maskParameters';
import { checkKey } from '../http/target';

/** One rule: what to repair, and where the result goes. */
export interface RepairRule {
	readonly bucket: string;
	readonly key: string;
	readonly mask: MaskParameters;
}

/** A read `Pic-Operations` header. */
export interface PicOperations {
	/** whether information on the original image is asked for */
	readonly isPicInfo: boolean;
	/** at most five; none means that no image is processed */
	readonly rules: readonly RepairRule[];
}

const MAX_RULES = 5;

const invalid = (message: string) =>
	new CosFailure('InvalidArgument', `Pic-Operations: ${message}`);

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

function refuseUnknown(value: Record<string, unknown>, known: readonly string[], where: string) {
	const unknown = Object.keys(value).find((name) => !known.includes(name));
	if (unknown !== undefined) throw invalid(`"${unknown}" is not a field of ${where}.`);
}

/**
 * The key a `fileid` means. Absolute with a leading slash, which is not part of the key; else
 * relative to the source's folder. The source's own key overwrites the source.
 * @throws CosFailure `InvalidArgument` for an empty name, a trailing slash, or no possible key
 */
export function resultKey(sourceKey: string, fileid: string): string {
	if (fileid === '' || fileid.endsWith('/')) {
		throw invalid(`the fileid "${fileid}" has an empty file name.`);
	}
	const folder = sourceKey.slice(0, sourceKey.lastIndexOf('/') + 1);
	const key =
		fileid === sourceKey ? sourceKey : fileid.startsWith('/') ? fileid.slice(1) : folder + fileid;
	try {
		checkKey(key);
	} catch (error) {
		throw invalid(`the fileid "${fileid}": ${error instanceof Error ? error.message : ''}`);
	}
	return key;
}

/** Reads `ci-process=ImageRepair&MaskPic=...&MaskPoly=...`; the values are taken as they stand. */
function readRuleText(text: string): MaskParameters {
	const parameters = new Map<string, string>();
	for (const part of text.split('&')) {
		const equals = part.indexOf('=');
		const name = equals < 0 ? part : part.slice(0, equals);
		if (!['ci-process', 'MaskPic', 'MaskPoly'].includes(name)) {
			throw invalid(`"${name}" is not a parameter of ImageRepair.`);
		}
		if (parameters.has(name)) throw invalid(`${name} is given twice.`);
		parameters.set(name, equals < 0 ? '' : part.slice(equals + 1));
	}
	if (parameters.get('ci-process') !== 'ImageRepair') {
		throw invalid('rule must say ci-process=ImageRepair.');
	}
	return readMaskParameters(parameters);
}

function readRule(value: unknown, source: Source): RepairRule {
	if (!isObject(value)) throw invalid('every rule must be an object.');
	refuseUnknown(value, ['bucket', 'fileid', 'rule'], 'a rule');
	const { bucket = source.bucket, fileid, rule } = value;
	if (typeof fileid !== 'string') throw invalid('a rule needs a fileid, as text.');
	if (typeof rule !== 'string') throw invalid('a rule needs a rule, as text.');
	if (typeof bucket !== 'string') throw invalid('bucket must be text.');
	if (!source.buckets.has(bucket)) {
		throw new CosFailure('NoSuchBucket', `Pic-Operations: there is no bucket "${bucket}".`);
	}
	return { bucket, key: resultKey(source.key, fileid), mask: readRuleText(rule) };
}

/** The image a `Pic-Operations` header comes with. */
export interface Source {
	readonly bucket: string;
	readonly key: string;
	/** every bucket a rule may name */
	readonly buckets: ReadonlySet<string>;
}

/**
 * Reads a `Pic-Operations` header.
 * @throws CosFailure `InvalidArgument`, or `NoSuchBucket` for a rule's bucket
 */
export function readPicOperations(header: string, source: Source): PicOperations {
	let value: unknown;
	try {
		value = JSON.parse(header);
	} catch {
		throw invalid('it is not JSON.');
	}
	if (!isObject(value)) throw invalid('it must be a JSON object.');
	refuseUnknown(value, ['is_pic_info', 'rules'], 'Pic-Operations');
	const { is_pic_info: isPicInfo = 0, rules = [] } = value;
	if (isPicInfo !== 0 && isPicInfo !== 1) throw invalid('is_pic_info must be 0 or 1, a number.');
	if (!Array.isArray(rules)) throw invalid('rules must be a list.');
	if (rules.length > MAX_RULES) {
		throw invalid(`${rules.length} rules are given, at most ${MAX_RULES} are supported.`);
	}
	return {
		isPicInfo: isPicInfo === 1,
		rules: rules.map((rule: unknown) => readRule(rule, source)),
	};
}
