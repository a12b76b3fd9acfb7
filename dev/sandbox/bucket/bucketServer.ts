import * as http from 'node:http';

import { isMogr } from '../basic/mogrOperations';
import type { Operate } from '../faults/bufferedResponse';
import { injectFault, isUnchanged } from '../faults/injectFault';
import { newId, sendFailure, setCommonHeaders, USUAL_WORK } from '../http/exchange';
import { CosFailure, toFailure } from '../http/failure';
import { isOfForeignPage, isReading } from '../http/foreignRequest';
import { bucketOfHost } from '../http/host';
import {
	SIGNING_PARAMETERS,
	signaturePlace,
	verifySignature,
	type SignedRequest,
} from '../http/signature';
import { checkOnce, MAX_LINE_BYTES, readTarget } from '../http/target';
import { isCiDownload, type Call } from '../ledger/calls';
import type { LedgerEntry } from '../ledger/ledger';
import { copySource, getObject } from './objects';
import { findOperation, isProcess, type Operation } from './operations';
import { rulesAsked } from './repairs';
import type { Services } from './services';
import { UPLOAD_HEADERS } from './uploadHeaders';

/** Parts of the service's API that the sandbox does not implement. */
const SUB_RESOURCES: ReadonlySet<string> = new Set([
	...['acl', 'cors', 'lifecycle', 'location', 'logging', 'object', 'policy', 'referer', 'tagging'],
	...['replication', 'versioning', 'versions', 'versionId', 'website', 'inventory', 'encryption'],
	...['uploads', 'uploadId', 'partNumber', 'append', 'position', 'restore', 'select', 'delete'],
	...['imageMogr2', 'imageView2', 'exif', 'imageAve', 'watermark', 'ci-process', 'image_process'],
]);

/** Of an operation that is a name as a whole, such as `watermark/2/...`, the beginning counts. */
const isSubResource = (name: string) => SUB_RESOURCES.has(name.replace(/[/|].*/s, ''));

/** Node.js allows 16 kB by default: what is longer gets no response of the service's form. */
const MAX_HEADER_BYTES = 64 * 1024;

/** Headers that change the meaning of a request: ignoring them would hide mistakes. */
const UNSUPPORTED_HEADERS = [
	'if-match',
	'if-none-match',
	'if-modified-since',
	'if-unmodified-since',
] as const;

/** @throws CosFailure `NotImplemented` for any other process of CI */
function checkProcess(name: string | undefined): void {
	if (name === undefined || isProcess(name)) return;
	throw new CosFailure('NotImplemented', `The sandbox does not support the ci-process "${name}".`);
}

/**
 * The account's keys are published with this sandbox, so a signature does not tell a page of another server.
 * Reading is left to the browser, which keeps what a bucket without CORS responds from such a page.
 *
 * @throws CosFailure `AccessDenied`
 */
function checkPage(request: http.IncomingMessage): void {
	if (isReading(request) || !isOfForeignPage(request)) return;
	throw new CosFailure(
		'AccessDenied',
		'Access Denied. A page of another server sent this request: this bucket has no CORS rules.',
	);
}

/** Rejects parameters and headers that the operation does not support, instead of ignoring them. */
function checkSupported(
	operation: Operation,
	query: ReadonlyMap<string, string>,
	request: http.IncomingMessage,
): void {
	checkProcess(query.get('ci-process'));
	for (const [name, value] of query) {
		const isText = operation.kind === 'image-mogr' && isMogr(name);
		if (!isText && !operation.parameters.includes(name)) {
			if (isSubResource(name)) {
				throw new CosFailure('NotImplemented', `The sandbox does not support "${name}" here.`);
			}
			throw new CosFailure(
				'InvalidArgument',
				`"${name}" is not a query parameter of this request.`,
			);
		}
		if ((isText || name === 'image_process' || name === 'imageInfo') && value !== '') {
			throw new CosFailure('InvalidArgument', `"${name}" takes no value.`);
		}
	}
	const isUpload = operation.kind === 'put' || operation.kind === 'repair-upload';
	const unsupported = [...UNSUPPORTED_HEADERS, ...(isUpload ? [] : UPLOAD_HEADERS)];
	const header = unsupported.find((name) => request.headers[name] !== undefined);
	if (header !== undefined) {
		throw new CosFailure('NotImplemented', `The sandbox does not support the header ${header}.`);
	}
	if (operation.kind !== 'repair-upload' && operation.kind !== 'repair-cloud') {
		if (request.headers['pic-operations'] !== undefined) {
			throw new CosFailure(
				'InvalidArgument',
				'Pic-Operations is allowed with PUT and image_process only.',
			);
		}
	}
}

/** @throws CosFailure `InvalidArgument` */
function checkOperationsLength(headers: ReadonlyMap<string, string>): void {
	if ((headers.get('pic-operations')?.length ?? 0) <= MAX_LINE_BYTES) return;
	throw new CosFailure('InvalidArgument', `Pic-Operations is longer than ${MAX_LINE_BYTES} bytes.`);
}

function headerMap(request: http.IncomingMessage): Map<string, string> {
	const entries = Object.entries(request.headers).map(([name, value]): [string, string] => [
		name,
		Array.isArray(value) ? value.join(', ') : (value ?? ''),
	]);
	return new Map(entries);
}

async function handle(
	request: http.IncomingMessage,
	response: http.ServerResponse,
	services: Services,
): Promise<void> {
	const requestId = newId();
	const method = request.method ?? '';
	const call = services.calls.begin({ method, host: request.headers.host ?? '', requestId });
	const entry = services.ledger.begin(call, services.clock.nowMs());
	noteResponse(response, call, entry);
	setCommonHeaders(response, requestId, services.clock);
	let working = 0;
	const finish = () => {
		if (working === 0) entry.finishedAt = services.clock.nowMs();
	};
	try {
		const now = services.clock.now();
		const target = readTarget(request.url ?? '');
		const headers = headerMap(request);
		const signed: SignedRequest = { method, ...target, headers };
		const query = new Map([...target.query].filter(([name]) => !SIGNING_PARAMETERS.has(name)));
		call.key = target.key;
		call.query = Object.fromEntries(query);
		call.authorization = signaturePlace(signed);
		const operation = findOperation({
			method,
			key: target.key,
			query,
			hasPicOperations: headers.has('pic-operations'),
			hasCopySource: headers.has('x-cos-copy-source'),
		});
		call.kind = operation?.kind ?? 'unknown';
		call.bucket = bucketOfHost(request.headers.host, services.buckets);
		checkPage(request);
		verifySignature(signed, services.account, now, services.signatures);
		checkOnce(target);
		checkOperationsLength(headers);
		if (!operation) throw notAllowed(method, query);
		checkSupported(operation, query, request);
		const { bucket, key, kind } = call;
		Object.assign(entry, { bucket, key, kind });
		const work = USUAL_WORK;
		const exchange = { request, response, call, entry, work, bucket, key, query, now };
		if (kind.startsWith('repair-')) entry.asked = rulesAsked(exchange, services);
		const prefix = query.get('prefix') ?? '';
		const sets = { acl: headers.has('x-cos-acl'), tags: headers.has('x-cos-tagging') };
		const copied = kind === 'copy' ? copySource(exchange, services) : undefined;
		const results = entry.asked;
		services.permissions.check({ kind, bucket, key, prefix, results, sets, copied });
		const fault = services.faults.select(call);
		// A fault can send a response while the work goes on.
		const run: Operate = async (inner) => {
			working++;
			try {
				const isReplaced = inner.work.givesOriginal && isCiDownload(kind) && key !== '';
				await (isReplaced ? getObject : operation.run)(inner, services);
			} finally {
				working--;
				entry.billed = inner.call.billed;
				entry.detected = inner.call.detected;
				finish();
			}
		};
		await (fault ? injectFault(fault, exchange, run) : run(exchange));
	} catch (error) {
		sendFailure({ request, response, call }, toFailure(error));
	} finally {
		finish();
	}
}

/** Writes to the ledger what the client was sent, once that is settled. */
function noteResponse(response: http.ServerResponse, call: Call, entry: LedgerEntry): void {
	response.once('close', () => {
		const { status, code } = call;
		Object.assign(entry, { status, code });
		entry.named = status !== 0 && response.hasHeader('x-cos-request-id');
		if (entry.answered !== 'pending') return;
		if (!response.writableFinished) entry.answered = 'left';
		else if (status >= 300) entry.answered = 'refused';
		else entry.answered = isUnchanged(entry.fault) ? 'whole' : 'changed';
	});
}

function notAllowed(method: string, query: ReadonlyMap<string, string>): CosFailure {
	const resource = [...query.keys()].find(isSubResource);
	if (resource !== undefined) {
		return new CosFailure('NotImplemented', `The sandbox does not support "${resource}".`);
	}
	return new CosFailure('MethodNotAllowed', `The method ${method} is not allowed here.`);
}

/** Creates the server that acts as the bucket. */
export function createBucketServer(services: Services): http.Server {
	const server = http.createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
		void handle(request, response, services);
	});
	// Longer than Node's 5 s: clients reuse connections, and one closed while idle looks like a failure.
	server.keepAliveTimeout = 60_000;
	return server;
}
