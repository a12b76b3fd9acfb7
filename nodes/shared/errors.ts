import { NodeApiError, NodeOperationError, type INode, type JsonObject } from 'n8n-workflow';

import type { CosFailure } from '../../cos/responses/failure';
import { UnreadableResponse } from '../../cos/responses/xml';
import type { ReasonOf } from '../../cos/values';
import { explainInvalid } from './invalidParameter';
import {
	CANCELLED,
	CONNECTION,
	FAILURE,
	fill,
	UNEXPECTED,
	type ConnectionReason,
	type ConnectionReasons,
} from './messages';

/** The service refused a call or did not finish it. */
export class CallFailed extends Error {
	constructor(readonly failure: CosFailure) {
		super(failure.code);
		this.name = 'CallFailed';
	}
}

/**
 * What is known of a request that no complete, readable response came to: it never left this machine,
 * for a reason that may pass or for one that lasts until a person changes something; or it may have
 * taken effect.
 */
export type Evidence = 'notSentPassing' | 'notSentLasting' | 'lost';

const NOT_SENT: Readonly<Partial<Record<ConnectionReason, Evidence>>> = {
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
export function evidenceOf(reason: ConnectionReason): Evidence {
	return NOT_SENT[reason] ?? 'lost';
}

/** No response came, or none that is complete and can be read. */
export class ConnectionFailed extends Error {
	readonly reason: ConnectionReason;
	readonly values: ConnectionReasons[ConnectionReason];
	readonly evidence: Evidence;

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

/** What an error item says; also the facts behind a thrown error. */
export interface ItemFailure {
	message: string;
	/** How to get unstuck. */
	description: string;
	/** The service's code, or one of this node's: InvalidInput, ConnectionFailed, UnreadableResponse. */
	code: string;
	/** HTTP status, where the service responded. */
	httpCode?: string;
	requestId?: string;
	/** Counted from 0, as n8n counts. */
	itemIndex?: number;
}

function describeConnection(
	reason: ConnectionReason,
	values: object,
): { message: string; description: string } {
	const { message, advice } = CONNECTION[reason];
	return { message: fill(message, { ...values }), description: advice };
}

function describe(error: unknown): Omit<ItemFailure, 'itemIndex'> {
	const invalid = explainInvalid(error);
	if (invalid) {
		return { message: invalid.message, description: invalid.advice, code: 'InvalidInput' };
	}
	if (error instanceof CallFailed) {
		const { class: failure, code, serviceMessage, status, requestId } = error.failure;
		const { message, advice } = FAILURE[failure];
		const said = serviceMessage === '' ? code : `${code}: ${serviceMessage.replace(/\.+$/, '')}`;
		const reference = requestId === undefined ? '' : ` Request ID: ${requestId}.`;
		return {
			message,
			description: `${advice} The service says: ${said}.${reference}`,
			code,
			httpCode: String(status),
			requestId,
		};
	}
	if (error instanceof ConnectionFailed) {
		return { ...describeConnection(error.reason, error.values), code: error.code };
	}
	if (error instanceof UnreadableResponse) {
		const { part } = error;
		return { ...describeConnection('unreadable', { part }), code: 'UnreadableResponse' };
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

/** Whatever stopped an item, in words that name the item and hold no secret. */
export function itemFailure(error: unknown, itemIndex?: number): ItemFailure {
	const described = describe(error);
	if (itemIndex === undefined) return described;
	return { ...described, message: `${described.message} [item ${itemIndex}]`, itemIndex };
}

/** The error that stops the workflow: the same words, and nothing of the request. */
export function nodeError(
	node: INode,
	error: unknown,
	itemIndex?: number,
): NodeApiError | NodeOperationError {
	const failure = itemFailure(error, itemIndex);
	const { message, description } = failure;
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
