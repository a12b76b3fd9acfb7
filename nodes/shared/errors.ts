import { NodeApiError, NodeOperationError, type INode, type JsonObject } from 'n8n-workflow';

import type { CosFailure } from '../../cos/responses/failure';
import { UnreadableResponse } from '../../cos/responses/xml';
import { present, type ReasonOf } from '../../cos/values';
import { explainInvalid } from './explainInvalid';
import {
	BILLED,
	CANCELLED,
	CONNECTION,
	FAILURE,
	fill,
	MISSING_RESULTS,
	NOT_AS_ASKED,
	NOT_ALLOWED,
	RESULTS,
	SAID,
	UNEXPECTED,
	type ConnectionReason,
	type ConnectionReasons,
} from './messages';

/** What was asked for: a list of objects, or what an image shows. */
export type Asked = 'list' | 'logo' | 'text';

/** The service refused a call or did not finish it. */
export class CallFailed extends Error {
	constructor(
		readonly failure: CosFailure,
		readonly asked?: Asked,
	) {
		super(failure.code);
		this.name = 'CallFailed';
	}
}

/**
 * What is known of a request that no complete, readable response came to: it never left this machine,
 * for a reason that may pass or for one that lasts until a person changes something; or it may have
 * taken effect.
 */
export type NetworkEvidence = 'notSentPassing' | 'notSentLasting' | 'lost';

const NOT_SENT: Readonly<Partial<Record<ConnectionReason, NetworkEvidence>>> = {
	refused: 'notSentPassing',
	unreachable: 'notSentPassing',
	nameServiceBusy: 'notSentPassing',
	tooManyOpen: 'notSentPassing',
	connectTimedOut: 'notSentPassing',
	handshakeEnded: 'notSentPassing',
	proxyUnreachable: 'notSentPassing',
	unknownHost: 'notSentLasting',
	certificate: 'notSentLasting',
	wrongProtocol: 'notSentLasting',
	ssrfGuard: 'notSentLasting',
	proxyLogin: 'notSentLasting',
	proxyRefused: 'notSentLasting',
	fileUnreadable: 'notSentLasting',
};

/** What a reason says of the request. */
export function evidenceOf(reason: ConnectionReason): NetworkEvidence {
	return NOT_SENT[reason] ?? 'lost';
}

/** No response came, or none that is complete and can be read. */
export class ConnectionFailed extends Error {
	readonly reason: ConnectionReason;
	readonly values: ConnectionReasons[ConnectionReason];
	readonly evidence: NetworkEvidence;

	/** @param code of Node's network layer, such as ECONNRESET, or one of this node's */
	constructor(
		readonly code: string,
		...[reason, values]: ReasonOf<ConnectionReasons>
	) {
		super(reason);
		this.name = 'ConnectionFailed';
		this.reason = reason;
		this.values = values;
		this.evidence = evidenceOf(reason);
	}
}

/** The user stopped the execution. */
export class Cancelled extends Error {
	constructor() {
		super(CANCELLED.message);
		this.name = 'Cancelled';
	}
}

/** Whether a repair was billed, as far as it is known. */
export type Billed = 'no' | 'yes' | 'perhaps';

/** What is known of one result of a repair that failed. */
export interface ResultFact {
	key: string;
	bucket: string;
	/** `unknown`: it may be there, or come yet. */
	status: 'stored' | 'missing' | 'unknown';
	etag?: string;
	/** Bytes. */
	size?: number;
	/** Why it is missing, in the service's own words. */
	reason?: string;
}

/** What is known of a repair that did not become an output item, so that nothing paid for is lost. */
export interface RepairFacts {
	billed: Billed;
	/** Set when a detection before the repair was lost, which may have been billed at its own price. */
	detection?: 'perhaps';
	/** Of the repair itself. */
	requestId?: string;
	/** One for each result of a mode that stores them. */
	results?: readonly ResultFact[];
	/** Of an upload that reached the service, which stores the original before it repairs it. */
	original?: { key: string; bucket: string; status: 'stored' | 'unknown' };
	/** Keys of temporary masks that may still be in the bucket. */
	temporaryMasks?: readonly string[];
	/** What Verify Result has found. */
	verification?: object;
}

/** Whatever stopped a repair, with what is known of its cost and its results. */
export class RepairFailed extends Error {
	/** @param sent whether a request has left this machine */
	constructor(
		readonly reason: unknown,
		readonly facts: RepairFacts,
		readonly sent = false,
	) {
		super('The repair did not become an output item');
		this.name = 'RepairFailed';
	}

	/** The same with further facts. */
	with(facts: Partial<RepairFacts>): RepairFailed {
		return new RepairFailed(this.reason, { ...this.facts, ...facts }, this.sent);
	}

	/** The same facts, and what stopped the repair in the end. */
	because(reason: unknown): RepairFailed {
		return new RepairFailed(reason, this.facts, this.sent);
	}
}

/** The service made the repair, and left out some of its results. */
export class ResultsMissing extends Error {
	constructor(
		readonly missing: number,
		readonly expected: number,
	) {
		super('Results are missing');
		this.name = 'ResultsMissing';
	}
}

/** A result that Verify Result does not let pass. */
export class NotAsAsked extends Error {
	/** @param why a sentence */
	constructor(
		readonly verdict: string,
		readonly why: string,
	) {
		super('The result is not as it should be');
		this.name = 'NotAsAsked';
	}
}

/** What an item is about, as far as it is known. */
export interface ItemName {
	/** Of the image in the bucket, or the one that it is stored under. */
	key?: string;
	/** Of an upload. */
	fileName?: string;
	/** Of a public image, without its query, which may hold a signature. */
	sourceUrl?: string;
	/** The keys of the results. */
	resultKeys?: readonly string[];
}

/** What an error item says; also the facts behind a thrown error. */
export interface ItemFailure extends Partial<RepairFacts>, ItemName {
	message: string;
	/** How to get unstuck. */
	description: string;
	/** The service's code, or one of this node's: InvalidInput, ConnectionFailed, UnreadableResponse. */
	code: string;
	/** HTTP status, where the service responded. */
	httpCode?: string;
	/** Counted from 0, as n8n counts. */
	itemIndex?: number;
}

type Described = Omit<ItemFailure, 'itemIndex'>;

function describeConnection(
	reason: ConnectionReason,
	values: object,
): { message: string; description: string } {
	const { message, advice } = CONNECTION[reason];
	return { message: fill(message, { ...values }), description: fill(advice, { ...values }) };
}

function placeText({ key, bucket }: { key: string; bucket: string }): string {
	return `${key} in ${bucket}`;
}

function keysOf(facts: RepairFacts, ...statuses: Array<ResultFact['status']>): string {
	return (facts.results ?? [])
		.filter(({ status }) => statuses.includes(status))
		.map(({ key, bucket, reason }) => {
			const why = reason === undefined ? '' : ` (${reason})`;
			return `${placeText({ key, bucket })}${why}`;
		})
		.join(', ');
}

/** What is known of the cost, and of what was stored. */
function describeFacts(facts: RepairFacts): string {
	const { billed, detection, results, original, temporaryMasks = [] } = facts;
	const sentences: string[] = [BILLED[billed]];
	if (detection) sentences.push(RESULTS.detection);
	const stored = keysOf(facts, 'stored');
	if (stored !== '') sentences.push(fill(RESULTS.stored, { keys: stored }));
	const missing = keysOf(facts, 'missing');
	if (missing !== '') sentences.push(fill(RESULTS.missing, { keys: missing }));
	const unknown = keysOf(facts, 'unknown');
	if (unknown !== '') sentences.push(fill(RESULTS.unknown, { keys: unknown }));
	if (billed === 'perhaps' && !results) sentences.push(RESULTS.notStored);
	if (original) {
		const sentence = original.status === 'stored' ? RESULTS.storedOriginal : RESULTS.original;
		sentences.push(fill(sentence, { keys: placeText(original) }));
	}
	if (temporaryMasks.length > 0) {
		sentences.push(fill(RESULTS.temporaryMasks, { keys: temporaryMasks.join(', ') }));
	}
	return sentences.join(' ');
}

function describeRefusal({ failure, asked }: CallFailed): Described {
	const { class: kind, code, serviceMessage, status, requestId, ofService } = failure;
	const isOwn = asked !== undefined && kind === 'notAllowed';
	const { message, advice } = isOwn ? NOT_ALLOWED[asked] : FAILURE[kind];
	const said = serviceMessage === '' ? code : `${code}: ${serviceMessage.replace(/\.+$/, '')}`;
	const reference = requestId === undefined ? '' : ` Request ID: ${requestId}.`;
	return {
		message,
		description: `${advice} ${fill(ofService ? SAID.service : SAID.between, { said })}${reference}`,
		code,
		httpCode: String(status),
		requestId,
	};
}

function describe(error: unknown): Described {
	if (error instanceof RepairFailed) {
		const { reason, facts } = error;
		const described = describe(reason);
		const description = `${described.description} ${describeFacts(facts)}`.trim();
		return { ...described, ...present({ ...facts }), description };
	}
	const invalid = explainInvalid(error);
	if (invalid) {
		return { message: invalid.message, description: invalid.advice, code: 'InvalidInput' };
	}
	if (error instanceof CallFailed) return describeRefusal(error);
	if (error instanceof ConnectionFailed) {
		return { ...describeConnection(error.reason, error.values), code: error.code };
	}
	if (error instanceof UnreadableResponse) {
		const { part } = error;
		return { ...describeConnection('unreadable', { part }), code: 'UnreadableResponse' };
	}
	if (error instanceof ResultsMissing) {
		const { missing, expected } = error;
		const { message, advice } = MISSING_RESULTS;
		const code = 'MissingResults';
		return { message: fill(message, { missing, expected }), description: advice, code };
	}
	if (error instanceof NotAsAsked) {
		const { verdict, why } = error;
		const { message, advice } = NOT_AS_ASKED;
		const description = fill(advice, { why });
		return { message: fill(message, { verdict }), description, code: 'NotAsAsked' };
	}
	if (error instanceof Cancelled) {
		return { message: error.message, description: CANCELLED.advice, code: 'Cancelled' };
	}
	if (error instanceof NodeOperationError || error instanceof NodeApiError) {
		return {
			message: error.message,
			description: error.description ?? '',
			code: 'InvalidInput',
		};
	}
	return {
		message: UNEXPECTED,
		description: error instanceof Error ? error.message : String(error),
		code: 'Unexpected',
	};
}

const LONGEST_NAME = 120;

/** A message that names its image; n8n shows no more than the message in many places. */
function naming(message: string, { key, fileName, sourceUrl }: ItemName): string {
	const name = key ?? fileName ?? sourceUrl;
	if (name === undefined || name === '' || message.includes(name)) return message;
	const isLong = name.length > LONGEST_NAME;
	return `${message} (${isLong ? `…${name.slice(-LONGEST_NAME)}` : name})`;
}

/**
 * Whatever stopped an item, in words that name the item and hold no secret.
 *
 * @param name what the item is about
 */
export function itemFailure(error: unknown, itemIndex?: number, name: ItemName = {}): ItemFailure {
	const described = describe(error);
	if (itemIndex === undefined) return described;
	const message = `${naming(described.message, name)} [item ${itemIndex}]`;
	return { ...described, message, itemIndex, ...present({ ...name }) };
}

/**
 * The error that stops the workflow: the same words, and nothing of the request.
 *
 * @param more what else the description says
 * @param name what the item is about
 */
export function nodeError(
	node: INode,
	error: unknown,
	itemIndex?: number,
	more = '',
	name?: ItemName,
): NodeApiError | NodeOperationError {
	const failure = itemFailure(error, itemIndex, name);
	const { message } = failure;
	const description = `${failure.description} ${more}`.trim();
	if (failure.httpCode === undefined) {
		return new NodeOperationError(node, message, { description, itemIndex });
	}
	const facts: JsonObject = { message, description, code: failure.code };
	if (failure.requestId !== undefined) facts.requestId = failure.requestId;
	return new NodeApiError(node, facts, {
		message,
		description,
		httpCode: failure.httpCode,
		itemIndex,
	});
}
