import { createHash } from 'node:crypto';

import { XML_SHAPES } from './brokenXml';
import { CALL_KINDS, type Call, type CallKind } from '../ledger/calls';
import { parseJson, type ControlDesk } from '../http/control';
import { CosFailure } from '../http/failure';
import type { Fault } from './faults';

/**
 * Which requests meet which fault. A request has to fit in everything that is given. Of the
 * requests that fit, those from the `nth` on, `times` of them, meet the fault; with a `rate`, only
 * that share of these does.
 */
export interface FaultRule {
	readonly method?: string;
	readonly kind?: CallKind | readonly CallKind[];
	readonly keyPrefix?: string;
	/** a regular expression found anywhere in the key */
	readonly keyPattern?: string;
	/** counted from 1, the default */
	readonly nth?: number;
	/** all, by default */
	readonly times?: number;
	/** `nth` and `times` count the requests for each key by themselves */
	readonly perKey?: boolean;
	/** 0 to 1 */
	readonly rate?: number;
	/** for the rate; the same seed hits the same requests, in whatever order they arrive */
	readonly seed?: string;
	/** several: one after the other, or with a rate, drawn like the hit itself */
	readonly fault: Fault | readonly Fault[];
}

/** A rule with what it has met so far. */
class CountedRule {
	private readonly counts = new Map<string, number>();
	private readonly faults: readonly Fault[];
	private readonly pattern: RegExp | undefined;

	constructor(private readonly rule: FaultRule) {
		this.faults = [rule.fault].flat();
		this.pattern = rule.keyPattern === undefined ? undefined : new RegExp(rule.keyPattern, 'u');
	}

	/** Counts a request that fits, and gives its fault if it is to have one. */
	choose(call: Call): Fault | undefined {
		if (!this.fits(call)) return undefined;
		const { nth = 1, times = Infinity, perKey, rate, seed = '' } = this.rule;
		// With a rate a request is known by its key and how often it has come, not by when it came.
		const name = rate !== undefined || perKey ? `${call.kind} ${call.key}` : '';
		const count = (this.counts.get(name) ?? 0) + 1;
		this.counts.set(name, count);
		const turn = count - nth;
		if (turn < 0 || turn >= times) return undefined;
		if (rate === undefined) return this.faults[turn % this.faults.length];
		const hash = createHash('sha256').update(`${seed}\n${name}\n${count}`).digest();
		if (hash.readUInt32BE(0) / 2 ** 32 >= rate) return undefined;
		return this.faults[hash.readUInt32BE(4) % this.faults.length];
	}

	private fits({ method, kind, key }: Call): boolean {
		const { rule, pattern } = this;
		const kinds = rule.kind === undefined ? undefined : [rule.kind].flat();
		return (
			(rule.method === undefined || rule.method === method) &&
			(!kinds || kinds.includes(kind)) &&
			(rule.keyPrefix === undefined || key.startsWith(rule.keyPrefix)) &&
			(!pattern || pattern.test(key))
		);
	}
}

/** Decides which requests meet a fault. */
export class FaultDesk {
	private rules: readonly CountedRule[] = [];

	/** Replaces the rules; all counts begin anew. */
	set(rules: readonly FaultRule[]): void {
		this.rules = rules.map((rule) => new CountedRule(rule));
	}

	/** The fault of the first rule that has one for this request. Later rules do not count it. */
	choose(call: Call): Fault | undefined {
		for (const rule of this.rules) {
			const fault = rule.choose(call);
			if (fault) return fault;
		}
		return undefined;
	}
}

type Check = (value: unknown) => boolean;
/** What a field may hold; a name with `?` may be absent. */
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
const isListOf =
	(check: Check): Check =>
	(value) =>
		Array.isArray(value) ? value.length > 0 && value.every(check) : check(value);

const FAULTS: Readonly<Record<Fault['fault'], Fields>> = {
	delay: { ms: isWhole, 'processed?': isFlag },
	status: {
		status: (value) => isWhole(value) && Number(value) >= 200 && Number(value) <= 599,
		'code?': isText,
		'message?': isText,
		'body?': oneOf('xml', 'html', 'empty', 'cut', 'echo'),
		'contentType?': isText,
		'retryAfter?': (value) => isText(value) || isWhole(value),
		'processed?': isFlag,
	},
	redirect: { 'status?': oneOf(301, 302, 307), location: isUrl },
	reset: { 'at?': oneOf('request', 'answer'), 'processed?': isFlag },
	cut: { 'by?': oneOf('reset', 'end') },
	drip: { 'everyMs?': isCount, 'processed?': isFlag },
	contentType: { contentType: isText },
	xml: {
		shape: oneOf(...XML_SHAPES),
		'node?': (value) => typeof value === 'string' && /^\w+$/.test(value),
		'processed?': isFlag,
	},
};

/** Whether a value has the fields, and no others: a misspelt one would be overlooked. */
function hasFields(value: object, fields: Fields): boolean {
	const known = Object.keys(fields).map((name) => name.replace('?', ''));
	return (
		Object.keys(value).every((name) => known.includes(name)) &&
		Object.entries(fields).every(([name, check]) => {
			const found: unknown = Reflect.get(value, name.replace('?', ''));
			return found === undefined ? name.endsWith('?') : check(found);
		})
	);
}

const isFault: Check = (value) => {
	if (typeof value !== 'object' || value === null) return false;
	const name: unknown = Reflect.get(value, 'fault');
	const fields = Object.entries(FAULTS).find(([fault]) => fault === name)?.[1];
	return fields !== undefined && hasFields(value, { ...fields, fault: isText });
};

const RULE: Fields = {
	'method?': isText,
	'kind?': isListOf(oneOf(...CALL_KINDS)),
	'keyPrefix?': isText,
	'keyPattern?': isPattern,
	'nth?': isCount,
	'times?': isCount,
	'perKey?': isFlag,
	'rate?': isShare,
	'seed?': isText,
	fault: isListOf(isFault),
};

const isRule = (value: unknown): value is FaultRule =>
	typeof value === 'object' && value !== null && hasFields(value, RULE);

/**
 * Reads rules as the control port gets them.
 * @throws CosFailure `InvalidArgument` naming the first rule that is none
 */
export function readFaultRules(text: string): readonly FaultRule[] {
	const value = parseJson(text);
	if (!Array.isArray(value)) {
		throw new CosFailure('InvalidArgument', 'The faults take a list of rules.');
	}
	return value.map((rule: unknown) => {
		if (isRule(rule)) return rule;
		throw new CosFailure('InvalidArgument', `This is no rule: ${JSON.stringify(rule)}`);
	});
}

/** `PUT /faults` with a list of rules replaces the ones there were, `DELETE /faults` removes them. */
export function faultsDesk(faults: FaultDesk): ControlDesk {
	return {
		name: 'faults',
		async answer({ method, body }) {
			if (method === 'PUT') faults.set(readFaultRules((await body()).toString('utf8')));
			else if (method === 'DELETE') faults.set([]);
			else return undefined;
			return { json: { done: true } };
		},
	};
}
