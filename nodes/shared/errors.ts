import { NodeApiError, NodeOperationError, type INode, type JsonObject } from 'n8n-workflow';

import { UnreadableAnswer } from '../../cos/responses/xml';
import type { CosFailure } from '../../cos/responses/failure';
import { InvalidInput, type InputField } from '../../cos/invalidInput';

/** The labels under which the editor shows the fields. */
export const LABELS: Readonly<Record<InputField, string>> = {
	secretId: 'Secret ID in the credential',
	secretKey: 'Secret Key in the credential',
	bucket: 'Bucket in the credential',
	region: 'Region in the credential',
	customDomain: 'Custom Domain in the credential',
	objectKey: 'Object Key',
	objectUrl: 'Object Key (By URL)',
	polygons: 'Polygons',
	rectangles: 'Rectangles',
	maskUrl: 'Mask Image URL',
	maskObjectKey: 'Mask Object Key',
	maskBinaryField: 'Mask Binary Field',
	imageUrl: 'Object Key (Public Image)',
	resultKey: 'Result Key',
	results: 'Additional Results',
	destinationBucket: 'Destination Bucket',
	binaryField: 'Input Binary Field',
	folder: 'Folder',
	limit: 'Limit',
	minimumAge: 'Minimum Age',
	overwriteOriginal: 'Overwrite Original',
};

/** The service refused a call or did not finish it. */
export class CallFailed extends Error {
	constructor(readonly failure: CosFailure) {
		super(failure.what);
		this.name = 'CallFailed';
	}
}

/** No answer came, or only a part of one. */
export class ConnectionFailed extends Error {
	/** @param code of Node's network layer, such as ECONNRESET, where there is one */
	constructor(
		readonly what: string,
		readonly advice: string,
		readonly code: string,
	) {
		super(what);
		this.name = 'ConnectionFailed';
	}
}

/** The user stopped the execution. */
export class Cancelled extends Error {
	constructor() {
		// By this word n8n knows a stopped execution from a failed one.
		super('The execution was canceled');
		this.name = 'Cancelled';
	}
}

/** What an error item says; also the facts behind a thrown error. */
export interface ItemFailure {
	message: string;
	/** How to get unstuck. */
	description: string;
	/** The service's code, or one of this node's: InvalidInput, ConnectionFailed, UnreadableAnswer. */
	code: string;
	/** HTTP status, where the service answered. */
	httpCode?: string;
	requestId?: string;
	/** Counted from 0, as n8n counts. */
	itemIndex?: number;
}

function describe(error: unknown): Omit<ItemFailure, 'itemIndex'> {
	if (error instanceof InvalidInput) {
		return {
			message: `${LABELS[error.field]} ${error.what}`,
			description: error.advice,
			code: 'InvalidInput',
		};
	}
	if (error instanceof CallFailed) {
		const { what, advice, code, serviceMessage, status, requestId } = error.failure;
		const said = serviceMessage === '' ? code : `${code}: ${serviceMessage.replace(/\.+$/, '')}`;
		const reference = requestId === undefined ? '' : ` Request ID: ${requestId}.`;
		return {
			message: what,
			description: `${advice} The service says: ${said}.${reference}`,
			code,
			httpCode: String(status),
			requestId,
		};
	}
	if (error instanceof ConnectionFailed) {
		return { message: error.what, description: error.advice, code: error.code };
	}
	if (error instanceof UnreadableAnswer) {
		return {
			message: error.message,
			description:
				'If this was the repair itself, it may have been done and billed all the same: look for the result in the bucket before you run the item again.',
			code: 'UnreadableAnswer',
		};
	}
	if (error instanceof Cancelled) {
		return {
			message: error.message,
			description: 'Calls that had begun were ended; they may have been billed.',
			code: 'Cancelled',
		};
	}
	if (error instanceof NodeOperationError || error instanceof NodeApiError) {
		return {
			message: error.message,
			description: error.description ?? '',
			code: 'InvalidInput',
		};
	}
	return {
		message: 'The item could not be processed',
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
