import { mapResults, type ForResult, type Results } from '../../../cos/location/resultKey';
import type { CosRequest } from '../../../cos/requests/request';
import { errNoOf, parseErrorBody, readFailure } from '../../../cos/responses/failure';
import { withoutSecrets } from '../../../cos/responses/secrets';
import { parseUploadResult, type UploadResult } from '../../../cos/responses/uploadResult';
import { present } from '../../../cos/values';
import { CallFailed, RepairFailed, type RepairFacts, type ResultFact } from '../../shared/errors';
import { readText, type CosResponse } from '../../shared/response';
import type { LostCall } from '../../shared/transport';
import type { StoredSource } from '../area/source';
import type { Item } from '../item';
import { payWith, type Ticket } from '../run/budget';
import type { Before, LostRepair, ResultPlace, StoredResults } from '../run/outcome';
import { noteLost } from './existingResults';
import { lookForResults } from './lostResults';
import { asStoredResults, placesOf, type StoredObject } from './storedResults';

/** Bytes; five results with keys of the greatest length stay far below. */
const MAX_RESULT_BYTES = 256 * 1024;

type Targets = Results<ForResult>;

/** A response that can be read is that of a call that was made, whatever else the headers say. */
function readStored(
	text: string,
	errNo: string | undefined,
	places: readonly ResultPlace[],
): UploadResult | undefined {
	if (errNo === undefined) return parseErrorBody(text) ? undefined : parseUploadResult(text);
	try {
		const result = parseUploadResult(text);
		// It tells why a result is missing that has no reason of its own.
		const reasons = places.map(() => ({ code: errNo }));
		return { ...result, failed: [...(result.failed ?? []), ...reasons] };
	} catch {
		return undefined;
	}
}

/** A result of which what the service says can be shown. */
function showable(result: UploadResult, secrets: () => readonly string[]): UploadResult {
	const { failed } = result;
	if (!failed) return result;
	const hidden = secrets();
	const shown = (text: string | undefined) => text && withoutSecrets(text, hidden);
	return {
		...result,
		failed: failed.map(({ key, location, code, message }) =>
			present({ key, location, code: withoutSecrets(code, hidden), message: shown(message) }),
		),
	};
}

async function readResponse(
	response: CosResponse,
	places: readonly ResultPlace[],
): Promise<StoredResults> {
	const { status, headers, requestId, secrets } = response;
	const text = await readText(response, MAX_RESULT_BYTES);
	const result = readStored(text, errNoOf(headers), places);
	if (result) return { result: showable(result, secrets), places, requestId };
	throw new CallFailed(readFailure(status, headers, text, secrets()));
}

/** What is known of each result of a call that may have been done. */
function factsOf(
	item: Item,
	targets: Targets,
	found: ReadonlyArray<StoredObject | undefined>,
): ResultFact[] {
	return placesOf(item, targets).map((place, index) => {
		const object = found[index];
		if (!object) return { ...place, status: 'unknown' };
		const { etag, size } = object;
		return present({ ...place, status: 'stored' as const, etag, size });
	});
}

/** The service stores an upload before it repairs it. */
function originalOf({ account }: Item, { key }: StoredSource): RepairFacts['original'] {
	return { key, bucket: account.location.bucket, status: 'unknown' };
}

/** Whether the upload was refused for an object under its key, so that nothing was stored at all. */
function isKeyTaken({ reason, facts }: RepairFailed): boolean {
	const isRefusal = reason instanceof CallFailed && reason.failure.class === 'keyTaken';
	return isRefusal && facts.billed === 'no';
}

/** What the paid call of a storing mode is made of. */
export interface StoringCall {
	source: StoredSource;
	request: () => CosRequest;
	targets: Targets;
	before: ReadonlyArray<Before | undefined>;
	/** ETag of the source before the call, where it is known. */
	sourceEtag: string | undefined;
	ticket: Ticket;
	/** Told when the call has left, unless it was refused for what is under its key. */
	onSent: () => void;
	/** Told of a call that may have been billed. */
	onLost: (lost: LostRepair) => void;
}

/**
 * Makes the paid call of an upload, or of a repair in the bucket.
 *
 * @throws RepairFailed with what is known of its cost and its results
 */
export async function callForResults(
	item: Item,
	{ source, request, targets, before, sourceEtag, ticket, onSent, onLost }: StoringCall,
): Promise<StoredResults> {
	let found: ReadonlyArray<StoredObject | undefined> = [];
	const places = placesOf(item, targets);
	const look = async (lost: LostCall): Promise<StoredResults | undefined> => {
		found = await lookForResults(item, source, targets, lost, before);
		return whole(item, source, targets, found);
	};
	const call = async () =>
		await item.transport.pay({
			request,
			...(source.kind === 'upload' && { body: source.image.open }),
			read: async (response) => await readResponse(response, places),
			readsErrNo: true,
			stores: true,
			onLost: (lost) =>
				onLost(present({ ...lost, targets: mapResults(targets, () => ({})), before, sourceEtag })),
			look,
			mayCostAgain: ticket.another,
		});
	const paid = payWith(ticket, call).catch(async (error: unknown) => {
		if (!(error instanceof RepairFailed) || !error.sent || isKeyTaken(error)) throw error;
		onSent();
		const isLost = error.facts.billed === 'perhaps';
		if (isLost) await noteLost(item, source, targets, sourceEtag);
		throw error.with({
			...(isLost && { results: factsOf(item, targets, found) }),
			...(source.kind === 'upload' && { original: originalOf(item, source) }),
		});
	});
	const stored = await paid;
	onSent();
	return stored;
}

/** All results of a call; undefined unless each was found. */
function whole(
	item: Item,
	source: StoredSource,
	targets: Targets,
	found: ReadonlyArray<StoredObject | undefined>,
): StoredResults | undefined {
	const objects = found.filter((object) => object !== undefined);
	if (objects.length < found.length) return undefined;
	return asStoredResults(item, source.key, targets, objects);
}

/**
 * Looks once more for the results of a call that an earlier try of the node has lost. It is not made
 * again: it may have been billed.
 *
 * @throws RepairFailed when they are not there
 */
export async function lookAgain(
	item: Item,
	source: StoredSource,
	{ targets, before, begunAt, sourceEtag }: LostRepair & { targets: Targets },
	reason: unknown,
): Promise<StoredResults> {
	const found = await lookForResults(item, source, targets, { begunAt }, before);
	const stored = whole(item, source, targets, found);
	if (stored) return stored;
	await noteLost(item, source, targets, sourceEtag);
	const original = source.kind === 'upload' ? originalOf(item, source) : undefined;
	const results = factsOf(item, targets, found);
	throw new RepairFailed(reason, present({ billed: 'perhaps' as const, results, original }));
}
