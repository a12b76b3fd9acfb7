import { WRONG_RESULTS } from '../repair/wrongResult';
import { ENDLESS_LISTS } from '../http/exchange';
import { CosFailure } from '../http/failure';
import { FIND_KINDS, NUMBER_STYLES } from '../http/found';
import { isObject, parseJson } from '../http/json';
import { CALL_KINDS } from '../ledger/calls';
import { XML_SHAPES } from './brokenXml';
import type { Fault, FaultRule } from './faultRules';

type Check = (value: unknown) => boolean;
/** The fields of an object and their values; a name with `?` is optional. */
type Fields = Readonly<Record<string, Check>>;

const isText: Check = (value) => typeof value === 'string';
const isFlag: Check = (value) => typeof value === 'boolean';
const isWhole: Check = (value) => Number.isInteger(value) && Number(value) >= 0;
const isCount: Check = (value) => isWhole(value) && value !== 0;
const isShare: Check = (value) => typeof value === 'number' && value >= 0 && value <= 1;
const isUrl: Check = (value) => typeof value === 'string' && URL.canParse(value);
const oneOf =
	(...values: readonly unknown[]): Check =>
	(value) =>
		values.includes(value);
const isPattern: Check = (value) => {
	try {
		return typeof value === 'string' && new RegExp(value, 'u') instanceof RegExp;
	} catch {
		return false;
	}
};
const isOneOrSeveral =
	(check: Check): Check =>
	(value) =>
		Array.isArray(value) ? value.length > 0 && value.every(check) : check(value);

const isProcessed = oneOf(true, false, 'later', 'original');
const isHeaders: Check = (value) =>
	isObject(value) &&
	Object.values(value).every((text) => text === null || typeof text === 'string');

/** Of every fault. */
const WORK: Fields = { 'workMs?': isWhole, 'visibleAfterMs?': isWhole };

const REDIRECT: Fields = { 'status?': oneOf(301, 302, 307), 'errNo?': Number.isInteger };

const isEmpty: Check = (value) => Array.isArray(value) && value.length === 0;
const isRuleNumbers: Check = (value) => Array.isArray(value) && value.every(isCount);
const isOrder = oneOf('reversed');
const RULES: Fields = {
	rules: (value) => isRuleNumbers(value) && !isEmpty(value),
	'report?': oneOf('missing', 'object', 'withoutLocation'),
	'code?': isText,
	'message?': isText,
	'order?': isOrder,
	'originalWithoutLocation?': isFlag,
};

const isNumber: Check = (value) => Number.isFinite(value);
const isConfidence: Check = (value) =>
	isNumber(value) && Number(value) >= 0 && Number(value) <= 100;
const isPoint: Check = (value) =>
	Array.isArray(value) && value.length === 2 && value.every(isNumber);
const isCorners: Check = (value) =>
	Array.isArray(value) && value.length === 4 && value.every(isPoint);
const listOf =
	(fields: Fields): Check =>
	(value) =>
		Array.isArray(value) && value.every((one) => isObject(one) && hasFields(one, fields));
const CHARACTER: Fields = { text: isText, confidence: isConfidence, corners: isCorners };

/** The fields of each fault; of those with several forms, the fields of each form. */
const FAULTS: Readonly<Record<Fault['fault'], Fields | readonly Fields[]>> = {
	work: {},
	delay: { ms: isWhole, 'processed?': isFlag },
	status: {
		status: (value) => isWhole(value) && Number(value) >= 200 && Number(value) <= 599,
		'code?': isText,
		'message?': isText,
		'body?': oneOf('xml', 'html', 'empty', 'cut', 'echo'),
		'contentType?': isText,
		'errNo?': Number.isInteger,
		'retryAfter?': (value) => isText(value) || isWhole(value),
		'requestId?': isFlag,
		'processed?': isProcessed,
	},
	redirect: [
		{ ...REDIRECT, location: isUrl },
		{ ...REDIRECT, to: oneOf('original') },
	],
	reset: { 'at?': oneOf('request', 'answer'), 'processed?': isProcessed },
	cut: { 'by?': oneOf('reset', 'end') },
	drip: { 'everyMs?': isCount, 'processed?': isFlag },
	flood: { 'processed?': isFlag },
	list: { as: oneOf(...ENDLESS_LISTS) },
	contentType: { contentType: isText },
	xml: {
		shape: oneOf(...XML_SHAPES),
		'node?': (value) => typeof value === 'string' && /^\w+$/.test(value),
		'processed?': isFlag,
	},
	rules: [
		RULES,
		// Without rules, only these fields have an effect.
		{ rules: isEmpty, order: isOrder, 'originalWithoutLocation?': isFlag },
		{ rules: isEmpty, 'order?': isOrder, originalWithoutLocation: oneOf(true) },
	],
	result: { as: oneOf(...WRONG_RESULTS) },
	detection: {
		'find?': oneOf(...FIND_KINDS),
		'texts?': listOf({ ...CHARACTER, 'characters?': listOf(CHARACTER) }),
		'logos?': listOf({ name: isText, score: isConfidence, corners: isCorners }),
		'numbers?': oneOf(...NUMBER_STYLES),
		'points?': oneOf(2, 4),
		'empty?': isFlag,
	},
	placeholder: { 'errNo?': Number.isInteger, 'processed?': isFlag },
	original: {},
	headers: { 'headers?': isHeaders, 'dateOffsetSeconds?': Number.isFinite },
	gzip: {},
	framing: { as: oneOf('http1.0', 'close', 'short', '206'), 'cut?': isFlag },
};

/** Whether a value has these fields and no others: a misspelt field would have no effect. */
function hasFields(value: Readonly<Record<string, unknown>>, fields: Fields): boolean {
	const known = Object.keys(fields).map((name) => name.replace('?', ''));
	return (
		Object.keys(value).every((name) => known.includes(name)) &&
		Object.entries(fields).every(([name, check]) => {
			const field = value[name.replace('?', '')];
			return field === undefined ? name.endsWith('?') : check(field);
		})
	);
}

const isFault: Check = (value) => {
	if (!isObject(value)) return false;
	const forms = Object.entries(FAULTS).find(([fault]) => fault === value.fault)?.[1] ?? [];
	return [forms].flat().some((fields) => hasFields(value, { ...fields, ...WORK, fault: isText }));
};

const RULE: Fields = {
	'method?': isText,
	'kind?': isOneOrSeveral(oneOf(...CALL_KINDS)),
	'keyPrefix?': isText,
	'keyPattern?': isPattern,
	'nth?': isCount,
	'times?': isCount,
	'perKey?': isFlag,
	'rate?': isShare,
	'seed?': isText,
	fault: isOneOrSeveral(isFault),
};

const isRule = (value: unknown): value is FaultRule => isObject(value) && hasFields(value, RULE);

/**
 * Parses and checks the rules sent to the control port.
 * @throws CosFailure `InvalidArgument` with the first invalid rule
 */
export function readFaultRules(text: string): readonly FaultRule[] {
	const value = parseJson(text);
	if (!Array.isArray(value)) {
		throw new CosFailure('InvalidArgument', 'The body must be a list of fault rules.');
	}
	return value.map((rule: unknown) => {
		if (isRule(rule)) return rule;
		throw new CosFailure('InvalidArgument', `Invalid fault rule: ${JSON.stringify(rule)}`);
	});
}
