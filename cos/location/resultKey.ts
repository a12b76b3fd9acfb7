import { InvalidInput } from '../invalidInput';
import { MAX_RESULTS } from '../limits';
import type { Checked } from '../values';
import type { BucketName } from './bucket';
import { objectKey, type ObjectKey } from './objectKey';

/** Where a result is stored, checked. */
export interface ResultKey {
	/** As it is sent: relative to the source's folder, or absolute with a leading `/`. */
	readonly fileid: Checked<string, 'Fileid'>;
	/** The full key that the `fileid` means. */
	readonly key: ObjectKey;
	/** Another bucket of the account, in the same region. */
	readonly bucket?: BucketName;
}

/** Something that belongs to a result. */
export interface ForResult {
	readonly target: ResultKey;
}

/** Up to five results that are stored under different keys, checked. */
export type Results<T extends ForResult> = Checked<readonly T[], 'Results'>;

/**
 * The key that a `fileid` means: absolute with a leading `/`, otherwise relative to the source's
 * folder; the source's own key, written out, means the source ("to overwrite the original image,
 * set the fileid field to <ObjectKey>").
 */
export function keyOfFileid(fileid: string, sourceKey: string): string {
	if (fileid.startsWith('/')) return fileid.slice(1);
	if (fileid === sourceKey) return sourceKey;
	return sourceKey.slice(0, sourceKey.lastIndexOf('/') + 1) + fileid;
}

/**
 * A result beside the original.
 *
 * @param bucket another one than the source's
 * @throws InvalidInput when the `fileid` names no file, or the source itself
 */
export function resultKey(fileid: string, source: ObjectKey, bucket?: BucketName): ResultKey {
	if (fileid === '' || fileid === '/') throw new InvalidInput('resultKey', 'fileid.empty', {});
	if (fileid.endsWith('/')) throw new InvalidInput('resultKey', 'fileid.folder', { fileid });
	const key = objectKey(keyOfFileid(fileid, source), 'resultKey');
	if (key === source && bucket === undefined) {
		throw new InvalidInput('resultKey', 'fileid.source', { fileid });
	}
	return { fileid: fileid as ResultKey['fileid'], key, ...(bucket !== undefined && { bucket }) };
}

/** The result that replaces the original: in its absolute form it means the source in any folder. */
export function sourceAsResult(source: ObjectKey): ResultKey {
	return { fileid: `/${source}` as ResultKey['fileid'], key: source };
}

/** @throws InvalidInput for more results than one call makes, or two under one key */
export function checkResults<T extends ForResult>(results: readonly T[]): Results<T> {
	const { length: count } = results;
	if (count > MAX_RESULTS) {
		throw new InvalidInput('results', 'results.tooMany', {
			count,
			additional: count - 1,
			limit: MAX_RESULTS,
		});
	}
	const places = results.map(({ target: { bucket = '', key } }) => `${bucket}/${key}`);
	const same = results.find((_, index) => places.indexOf(places[index] ?? '') < index);
	if (same) throw new InvalidInput('results', 'results.sameKey', { key: same.target.key });
	return results as Results<T>;
}

/** Replaces what belongs to each result: the area as chosen by the area in pixels, say. */
export function mapResults<T extends ForResult, U extends object>(
	results: Results<T>,
	change: (result: T) => U,
): Results<U & ForResult> {
	const changed = results.map((result) => ({ ...change(result), target: result.target }));
	return changed as ReadonlyArray<U & ForResult> as Results<U & ForResult>;
}
