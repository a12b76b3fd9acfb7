import * as http from 'node:http';

import type { CallLog, Clock } from '../ledger/calls';
import { newId, sendFailure, setCommonHeaders } from './exchange';
import { CosFailure, toFailure } from './failure';
import type { FaultDesk } from '../faults/faultDesk';
import { answerWithFault } from '../faults/faults';
import { bucketOfHost } from './host';
import { findOperation, type Operation, type Room } from './operations';
import {
	SIGNING_PARAMETERS,
	signaturePlace,
	verifySignature,
	type Account,
	type SignedRequest,
} from './signature';
import { readTarget } from './target';

/** What the bucket's port works with. */
export interface BucketRoom extends Room {
	readonly account: Account;
	readonly clock: Clock;
	readonly calls: CallLog;
	readonly faults: FaultDesk;
}

/** Parts of the service's interface that exist and that the sandbox does not have. */
const SUB_RESOURCES: ReadonlySet<string> = new Set([
	...['acl', 'cors', 'lifecycle', 'location', 'logging', 'object', 'policy', 'referer', 'tagging'],
	...['replication', 'versioning', 'versions', 'versionId', 'website', 'inventory', 'encryption'],
	...['uploads', 'uploadId', 'partNumber', 'append', 'position', 'restore', 'select', 'delete'],
	...['imageMogr2', 'imageView2', 'exif', 'imageAve', 'watermark', 'ci-process', 'image_process'],
]);

/** Five rules with polygons of many corners do not fit the 16 kB Node.js allows by itself. */
const MAX_HEADER_BYTES = 64 * 1024;

/** Headers that would change what a request means; to overlook them would be lenient. */
const UNSUPPORTED_HEADERS = [
	'if-match',
	'if-none-match',
	'if-modified-since',
	'if-unmodified-since',
	'x-cos-copy-source',
	'x-cos-server-side-encryption',
	'x-cos-forbid-overwrite',
] as const;

function checkMeaning(
	operation: Operation,
	query: ReadonlyMap<string, string>,
	request: http.IncomingMessage,
): void {
	for (const [name, value] of query) {
		if (!operation.parameters.includes(name)) {
			if (SUB_RESOURCES.has(name)) {
				throw new CosFailure('NotImplemented', `The sandbox does not have "${name}" here.`);
			}
			throw new CosFailure(
				'InvalidArgument',
				`"${name}" is not a query parameter of this request.`,
			);
		}
		if (name === 'ci-process' && value !== 'ImageRepair') {
			throw new CosFailure('NotImplemented', `The sandbox has no ci-process "${value}".`);
		}
		if ((name === 'image_process' || name === 'imageInfo') && value !== '') {
			throw new CosFailure('InvalidArgument', `${name} takes no value.`);
		}
	}
	const header = UNSUPPORTED_HEADERS.find((name) => request.headers[name] !== undefined);
	if (header !== undefined) {
		throw new CosFailure('NotImplemented', `The sandbox does not have the header ${header}.`);
	}
	if (operation.kind !== 'repair-upload' && operation.kind !== 'repair-cloud') {
		if (request.headers['pic-operations'] !== undefined) {
			throw new CosFailure(
				'InvalidArgument',
				'Pic-Operations belongs to PUT and to image_process.',
			);
		}
	}
}

function headerMap(request: http.IncomingMessage): Map<string, string> {
	const entries = Object.entries(request.headers).map(([name, value]): [string, string] => [
		name,
		Array.isArray(value) ? value.join(', ') : (value ?? ''),
	]);
	return new Map(entries);
}

async function answer(
	request: http.IncomingMessage,
	response: http.ServerResponse,
	room: BucketRoom,
): Promise<void> {
	const requestId = newId();
	const method = request.method ?? '';
	const call = room.calls.begin({ method, host: request.headers.host ?? '', requestId });
	setCommonHeaders(response, requestId, room.clock);
	try {
		const now = room.clock.now();
		const target = readTarget(request.url ?? '');
		const headers = headerMap(request);
		const signed: SignedRequest = { method, path: target.path, query: target.query, headers };
		const query = new Map([...target.query].filter(([name]) => !SIGNING_PARAMETERS.has(name)));
		call.key = target.key;
		call.query = Object.fromEntries(query);
		call.authorization = signaturePlace(signed);
		const operation = findOperation({
			method,
			key: target.key,
			query,
			hasPicOperations: headers.has('pic-operations'),
		});
		call.kind = operation?.kind ?? 'unknown';
		call.bucket = bucketOfHost(request.headers.host, room.buckets);
		verifySignature(signed, room.account, now);
		if (!operation) throw refuseMethod(method, query);
		checkMeaning(operation, query, request);
		const { bucket, key } = call;
		const exchange = { request, response, call, bucket, key, query, now };
		const fault = room.faults.choose(call);
		if (!fault) await operation.run(exchange, room);
		else await answerWithFault(fault, exchange, async (held) => await operation.run(held, room));
	} catch (error) {
		sendFailure({ request, response, call }, toFailure(error));
	}
}

function refuseMethod(method: string, query: ReadonlyMap<string, string>): CosFailure {
	const resource = [...query.keys()].find((name) => SUB_RESOURCES.has(name));
	if (resource !== undefined) {
		return new CosFailure('NotImplemented', `The sandbox does not have "${resource}".`);
	}
	return new CosFailure('MethodNotAllowed', `The method ${method} is not allowed here.`);
}

/** The server that is the bucket: signed requests in, images and XML out. */
export function createBucketServer(room: BucketRoom): http.Server {
	const server = http.createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
		void answer(request, response, room);
	});
	// Clients keep their connections; one that is reset while idle looks like a failure to them.
	server.keepAliveTimeout = 60_000;
	return server;
}
