import type { ImageSize } from '../../../cos/areas/points';
import type { Bitmap } from '../../../cos/images/bitmap';
import { objectKey, type ObjectKey } from '../../../cos/location/objectKey';
import type { ForResult } from '../../../cos/location/resultKey';
import { assignResults, type AssignedResult } from '../../../cos/responses/assignResults';
import { present } from '../../../cos/values';
import { COPY_SIDE } from '../../../cos/verification/copy';
import { markMask, markPolygons, type Marked } from '../../../cos/verification/marked';
import { verify, type Seen, type Verification } from '../../../cos/verification/verdict';
import { itemFailure, NotAsAsked, RepairFailed, type RepairFacts } from '../../shared/errors';
import { fill, VERIFICATION } from '../../shared/messages';
import { isFound, type AreaChoice } from '../area/area';
import { search, type LocatedArea } from '../area/locate';
import type { Masks } from '../area/masks';
import { askBitmap, askImageInfo, type StoredSource } from '../area/source';
import type { Item } from '../item';
import type { ItemOptions } from '../parameters/options';
import type { ResultPlace, ShownVerification, StoredResults } from '../run/outcome';

/** A small copy that the service makes of a stored image, upright; or, of a mask, as it is stored. */
export async function copyOf(
	item: Item,
	key: ObjectKey,
	turn: 'asStored' | 'upright' = 'upright',
): Promise<Bitmap> {
	item.tally.copies++;
	return await askBitmap(item, key, COPY_SIDE, { turn, mayComeLater: true });
}

/** The size of an image as it is seen, which the service tells as it is stored. */
function seenSize({ width, height }: ImageSize, copy: Bitmap): ImageSize {
	const isSideways =
		copy.width !== copy.height && copy.width > copy.height !== width > height && width !== height;
	return isSideways ? { width: height, height: width } : { width, height };
}

/** A result, with what was repaired in it. */
export interface Checked {
	/** Undefined where it is not known any more. */
	readonly area?: LocatedArea;
	readonly choice: AreaChoice;
}

/** What the comparison of an item's results begins with. */
export interface Verifying {
	readonly source: StoredSource;
	/** Of the image, in stored pixels, as far as it is known. */
	readonly size: ImageSize | undefined;
	/** One for each result that was asked for. */
	readonly checked: readonly Checked[];
	readonly options: Pick<ItemOptions, 'lookAgain' | 'verifyResult'>;
	/** Where masks are; undefined when they are gone. */
	readonly masks?: Masks;
	/** The ETag of the image that was repaired, where it is known. */
	readonly sourceEtag?: string;
	/** A copy from before the call, where the result takes the place of the original. */
	readonly before?: Promise<Bitmap>;
	/** Whether the original is gone, and no copy was made of it. */
	readonly isGone: boolean;
}

/** What is not verified, and why. */
function unknown(name: 'otherBucket' | 'originalGone'): ShownVerification {
	return { verdict: 'notVerified', why: VERIFICATION[name] };
}

/** Why it could not be looked at, in words. */
function whyNot(error: unknown): string {
	const { message, description } = itemFailure(error);
	return `${message}. ${description}`.replace(/\.\. /g, '. ');
}

/** What is said of a result that could not be looked at. */
export function notCompared(error: unknown): ShownVerification {
	return { verdict: 'notVerified', why: fill(VERIFICATION.noCopy, { why: whyNot(error) }) };
}

/** The original as it is seen, and by which orientation. */
export interface Original extends Seen {
	/** Of the stored pixels. */
	readonly stored: ImageSize;
	/** EXIF orientation; undefined where it is not known. */
	readonly orientation?: number;
}

async function lookAtOriginal(
	item: Item,
	{ source, size, before }: Verifying,
	stored: StoredResults,
): Promise<Original> {
	const { width, height, orientation } = stored.result.originalInfo.imageInfo ?? {};
	const copy = await (before ?? copyOf(item, source.key));
	const told = width && height ? { width, height } : size;
	const known = told ?? (await askImageInfo(item, source.key)).size;
	return present({
		copy,
		stored: known,
		size: seenSize(known, copy),
		// The service gives 0 for an image without one.
		orientation: orientation === undefined ? undefined : Math.max(1, orientation),
	});
}

/** What an area covers of the original's copy; undefined where that cannot be known. */
export async function markedBy(
	item: Item,
	area: LocatedArea | undefined,
	masks: Masks | undefined,
	{ copy, stored, orientation }: Original,
): Promise<Marked | undefined> {
	const { polygons, mask } = area ?? {};
	if (orientation === undefined) return undefined;
	if (mask) {
		const key = masks?.keyOf(mask);
		if (key === undefined) return undefined;
		const name = mask.kind === 'binary' ? mask.file.identity : key;
		const ask = async () => await copyOf(item, key, 'asStored');
		return markMask(await item.repairs.maskCopies.of(name, ask), orientation, copy);
	}
	return polygons && markPolygons(polygons, { ...stored, orientation }, copy);
}

type Asked = AssignedResult<ResultPlace>;

async function lookAtResult(item: Item, key: ObjectKey, { object }: Asked): Promise<Seen> {
	const copy = await copyOf(item, key);
	const { width, height } = object ?? {};
	const size = width && height ? { width, height } : (await askImageInfo(item, key)).size;
	return { copy, size: seenSize(size, copy) };
}

/** What is wrong, in words. */
export function wordsOf({ verdict, orientation }: Verification): string | undefined {
	if (verdict === 'repaired') return undefined;
	const turned = orientation ? ` ${VERIFICATION.turned}` : '';
	return `${VERIFICATION[verdict]}${turned}`;
}

async function compare(
	item: Item,
	verifying: Verifying,
	{ area }: Checked,
	asked: Asked,
	original: () => Promise<Original>,
): Promise<ShownVerification> {
	const { place, object } = asked;
	if (place.bucket !== item.account.location.bucket) return unknown('otherBucket');
	const isSame = object?.etag !== undefined && object.etag === verifying.sourceEtag;
	if (isSame) return { verdict: 'unchanged', changedOutside: 0, why: VERIFICATION.unchanged };
	if (verifying.isGone) return unknown('originalGone');
	const seen = await original();
	const marked = await markedBy(item, area, verifying.masks, seen);
	const found = verify(seen, await lookAtResult(item, objectKey(place.key), asked), marked);
	return present({ ...found, why: wordsOf(found) });
}

/** Looks in a result for what was to be repaired. */
async function withRemaining(
	item: Item,
	{ choice }: Checked,
	{ place, object }: Asked,
	verification: ShownVerification,
): Promise<ShownVerification> {
	if (!isFound(choice) || place.bucket !== item.account.location.bucket) return verification;
	const { width, height, size: bytes, etag = '' } = object ?? {};
	const key = objectKey(place.key);
	const shown = {
		// The result may have taken the place of the original.
		name: `result ${key} ${etag}`,
		known: present({ bytes, size: width && height ? { width, height } : undefined }),
		image: () => Promise.resolve({ kind: 'object', key } as const),
	};
	return await search(item, choice, shown).then(
		(remaining) => ({
			...verification,
			remaining,
			...(remaining.length > 0 && { why: verification.why ?? VERIFICATION.remaining }),
		}),
		(error: unknown) => {
			const why = fill(VERIFICATION.notLooked, { why: whyNot(error) });
			return { ...verification, why: [verification.why, why].filter(Boolean).join(' ') };
		},
	);
}

/** Whether a result is not what anybody wants. */
function isOdd({ verdict, remaining = [] }: ShownVerification): boolean {
	return (verdict !== 'repaired' && verdict !== 'notVerified') || remaining.length > 0;
}

/**
 * @param facts of the repair
 * @throws RepairFailed for a result that Verify Result does not let pass
 */
export function refuseOdd(
	verification: ShownVerification | undefined,
	{ verifyResult }: Pick<ItemOptions, 'verifyResult'>,
	facts: Partial<RepairFacts>,
): void {
	if (!verification || verifyResult !== 'fail' || !isOdd(verification)) return;
	const { verdict, why = '' } = verification;
	const billed = { billed: 'yes' as const, verification };
	throw new RepairFailed(new NotAsAsked(verdict, why), { ...billed, ...present(facts) });
}

/** Counts a result for the line above the output. */
export function countVerified({ tally }: Item, verification: ShownVerification): void {
	if (verification.verdict === 'notVerified') tally.notVerified++;
	else tally.verified++;
	if (isOdd(verification)) tally.odd++;
}

/**
 * What was asked for by each result of a call that an earlier try has lost: fewer than now, where nothing was found
 * for some, and perhaps under other keys, where those hold the time.
 */
export function checkedOfLost(
	results: ReadonlyArray<ForResult & { readonly area: AreaChoice }>,
	lost: readonly ForResult[],
): Checked[] {
	const isOf = ({ target }: ForResult) =>
		lost.some(({ target: one }) => one.key === target.key && one.bucket === target.bucket);
	const asked = lost.length === results.length ? results : results.filter(isOf);
	return asked.map(({ area: choice }) => ({ choice }));
}

/**
 * Compares the results of a call with the image that they were made of, by small copies that the service
 * makes, unless Verify Result is off. Nothing that goes wrong with that is thrown: the repair is paid for.
 */
export async function withVerifications(
	item: Item,
	verifying: Verifying,
	stored: StoredResults,
): Promise<StoredResults> {
	if (verifying.options.verifyResult === 'off') return stored;
	let looked: Promise<Original> | undefined;
	const original = async () => await (looked ??= lookAtOriginal(item, verifying, stored));
	const all: ShownVerification[] = [];
	for (const [index, asked] of assignResults(stored.places, stored.result).entries()) {
		const checked = verifying.checked[index];
		// What is missing is told by itself.
		if (!checked || !asked.object) continue;
		const compared = await compare(item, verifying, checked, asked, original).catch(notCompared);
		const verification = verifying.options.lookAgain
			? await withRemaining(item, checked, asked, compared)
			: compared;
		countVerified(item, verification);
		all.push(verification);
	}
	return { ...stored, verifications: all };
}

/** The one that needs a look most. */
export function worstOf(all: readonly ShownVerification[]): ShownVerification | undefined {
	return all.find(isOdd) ?? all.find(({ verdict }) => verdict === 'notVerified') ?? all[0];
}
