import { CosFailure } from '../http/failure';
import { isObject, parseJson } from '../http/json';
import { checkKey } from '../http/target';
import { readMaskParameters, type MaskParameters } from './maskParameters';

/** One rule: the area to repair, and the bucket and key of the result. */
export interface RepairRule {
	readonly bucket: string;
	readonly key: string;
	readonly mask: MaskParameters;
}

/** A parsed `Pic-Operations` header. */
export interface PicOperations {
	/** whether the response includes information about the original image */
	readonly isPicInfo: boolean;
	/** at most five; if there are none, nothing is repaired */
	readonly rules: readonly RepairRule[];
}

const MAX_RULES = 5;

const invalid = (message: string) =>
	new CosFailure('InvalidArgument', `Pic-Operations: ${message}`);

function rejectUnknownFields(
	value: Record<string, unknown>,
	known: readonly string[],
	where: string,
) {
	const unknown = Object.keys(value).find((name) => !known.includes(name));
	if (unknown !== undefined) throw invalid(`"${unknown}" is not a field of ${where}.`);
}

/**
 * Resolves a `fileid` to an object key. With a leading slash, which is not part of the key, it is
 * absolute; otherwise it is relative to the source's folder. The exception is the source's own key,
 * which means the source itself.
 * @throws CosFailure `InvalidArgument` for an empty name, a trailing slash or an invalid key
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

/** Parses `ci-process=ImageRepair&MaskPic=...&MaskPoly=...`, whose values are not percent-encoded. */
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
		throw invalid('rule must contain ci-process=ImageRepair.');
	}
	return readMaskParameters(parameters);
}

function readRule(value: unknown, source: Source): RepairRule {
	if (!isObject(value)) throw invalid('every rule must be an object.');
	rejectUnknownFields(value, ['bucket', 'fileid', 'rule'], 'a rule');
	const { bucket = source.bucket, fileid, rule } = value;
	if (typeof fileid !== 'string') throw invalid('a rule needs a fileid, a string.');
	if (typeof rule !== 'string') throw invalid('a rule needs a rule, a string.');
	if (typeof bucket !== 'string') throw invalid('bucket must be a string.');
	if (!source.buckets.has(bucket)) {
		throw new CosFailure('NoSuchBucket', `Pic-Operations: there is no bucket "${bucket}".`);
	}
	return { bucket, key: resultKey(source.key, fileid), mask: readRuleText(rule) };
}

/** The image that a `Pic-Operations` header applies to. */
export interface Source {
	readonly bucket: string;
	readonly key: string;
	/** the buckets in which a rule can store its result */
	readonly buckets: ReadonlySet<string>;
}

/**
 * Parses a `Pic-Operations` header.
 * @throws CosFailure `InvalidArgument`, or `NoSuchBucket` for the bucket of a rule
 */
export function readPicOperations(header: string, source: Source): PicOperations {
	const value = parseJson(header);
	if (value === undefined) throw invalid('it is not JSON.');
	if (!isObject(value)) throw invalid('it must be a JSON object.');
	rejectUnknownFields(value, ['is_pic_info', 'rules'], 'Pic-Operations');
	const { is_pic_info: isPicInfo = 0, rules = [] } = value;
	if (isPicInfo !== 0 && isPicInfo !== 1) throw invalid('is_pic_info must be 0 or 1, a number.');
	if (!Array.isArray(rules)) throw invalid('rules must be a list.');
	if (rules.length > MAX_RULES) {
		throw invalid(`there are ${rules.length} rules, at most ${MAX_RULES} are allowed.`);
	}
	return {
		isPicInfo: isPicInfo === 1,
		rules: rules.map((rule: unknown) => readRule(rule, source)),
	};
}
