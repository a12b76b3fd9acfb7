import { CosFailure } from '../http/failure';
import { isObject, parseJson } from '../http/json';

/** The CAM policy of a sub-account, as it is pasted into Tencent's console. */
export interface PolicyDocument {
	readonly version: string;
	readonly statement: readonly PolicyStatement[];
}

interface PolicyStatement {
	readonly effect: string;
	readonly action: string | readonly string[];
	readonly resource: string | readonly string[];
}

/** An action on one resource, both in full. */
export interface Permission {
	/** `cos:GetObject` */
	readonly action: string;
	/** `qcs::cos:<region>:uid/<APPID>:<bucket>/<key>` */
	readonly resource: string;
}

/** A policy that has been checked, with lists only. */
export interface Policy {
	readonly version: '2.0';
	readonly statement: readonly Statement[];
}

interface Statement {
	readonly effect: 'allow' | 'deny';
	readonly action: readonly string[];
	readonly resource: readonly string[];
}

const ACTION = /^([a-z]+:(\w+\*?|\*)|\*)$/;
const RESOURCE = /^(qcs::[a-z]+:[a-z0-9-]+:uid\/\d+:[^*]*\*?|\*)$/;

const invalid = (message: string) => new CosFailure('InvalidArgument', `The policy: ${message}`);

function checkFields(value: Record<string, unknown>, known: readonly string[], where: string) {
	const unknown = Object.keys(value).find((name) => !known.includes(name));
	if (unknown === undefined) return;
	throw invalid(`${where} has the field "${unknown}"; the sandbox knows ${known.join(', ')}.`);
}

/** Reads a string or a list of strings. */
function readTexts(value: unknown, where: string): readonly string[] {
	const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
	const isText = (text: unknown): text is string => typeof text === 'string';
	if (texts.length > 0 && texts.every(isText)) return texts;
	throw invalid(`${where} must be a string, or a list of at least one string.`);
}

/** Tencent's pages write both `cos:GetObject` and `name/cos:GetObject`. */
function readAction(text: string, where: string): string {
	const action = text.replace(/^name\//, '');
	if (ACTION.test(action)) return action;
	throw invalid(
		`${where}: "${text}" is not an action such as cos:GetObject, with "*" at the end only.`,
	);
}

function readResource(text: string, where: string): string {
	if (RESOURCE.test(text)) return text;
	throw invalid(
		`${where}: "${text}" is not "*" or qcs::<service>:<region>:uid/<APPID>:<path>, with "*" at the end only.`,
	);
}

function readStatement(value: unknown, where: string): Statement {
	if (!isObject(value)) throw invalid(`${where} must be an object.`);
	checkFields(value, ['effect', 'action', 'resource'], where);
	const { effect, action, resource } = value;
	if (effect !== 'allow' && effect !== 'deny') {
		throw invalid(`${where}: effect must be "allow" or "deny", not ${JSON.stringify(effect)}.`);
	}
	return {
		effect,
		action: readTexts(action, `${where}: action`).map((text) => readAction(text, where)),
		resource: readTexts(resource, `${where}: resource`).map((text) => readResource(text, where)),
	};
}

/**
 * Checks a policy. What the sandbox cannot evaluate, such as conditions, is rejected: ignoring it
 * would allow or deny too much.
 * @throws CosFailure `InvalidArgument` that says what is wrong
 */
export function readPolicy(value: unknown): Policy {
	if (!isObject(value)) throw invalid('it must be a JSON object.');
	checkFields(value, ['version', 'statement'], 'it');
	const { version, statement } = value;
	if (version !== '2.0') {
		throw invalid(`version must be "2.0", not ${JSON.stringify(version)}.`);
	}
	if (!Array.isArray(statement) || statement.length === 0) {
		throw invalid('statement must be a list of at least one statement.');
	}
	const statements = statement.map((one: unknown, index) =>
		readStatement(one, `statement ${index + 1}`),
	);
	return { version, statement: statements };
}

/**
 * Parses and checks the text of a policy.
 * @throws CosFailure `InvalidArgument` that says what is wrong
 */
export function parsePolicy(text: string): Policy {
	const value = parseJson(text);
	if (value === undefined) throw invalid('it is not JSON.');
	return readPolicy(value);
}

const matches = (pattern: string, text: string) =>
	pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;

/** A statement that denies wins over all that allow. What no statement names is not allowed. */
export function isAllowed({ statement }: Policy, { action, resource }: Permission): boolean {
	const effects = statement
		.filter((one) => one.action.some((pattern) => matches(pattern, action)))
		.filter((one) => one.resource.some((pattern) => matches(pattern, resource)))
		.map(({ effect }) => effect);
	return effects.includes('allow') && !effects.includes('deny');
}
