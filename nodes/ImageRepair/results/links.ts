import { objectKey } from '../../../cos/location/objectKey';
import { presign } from '../../../cos/signing/authorize';
import { present } from '../../../cos/values';
import { InvalidParameter } from '../../shared/invalidParameter';
import { LABELS } from '../../shared/messages';
import type { Item } from '../item';
import type { ItemOptions } from '../parameters/options';

/** Addresses of an image, before and after its repair, that anyone can open until they expire. */
export interface Links {
	readonly before?: string;
	readonly after?: string;
}

/** The images that links can lead to. */
export interface Linked {
	/** Key of the original; undefined where it is gone. */
	readonly original?: string;
	/** Key of the first result. */
	readonly result?: string;
}

/**
 * Temporary Links of an item, for the output alone; none where the option is off. Each is signed for a GET of
 * one object.
 */
export function linksOf(
	{ account, transport }: Item,
	{ original, result }: Linked,
	{ temporaryLinks: minutes }: Pick<ItemOptions, 'temporaryLinks'>,
): { links?: Links } {
	if (minutes === 0) return {};
	const address = (key: string | undefined) =>
		key === undefined ? undefined : presign(account, objectKey(key), transport.now(), minutes * 60);
	return {
		links: present({
			before: address(original),
			after: address(result),
		}),
	};
}

/** @throws InvalidParameter for a result that the credential cannot sign an address of */
export function checkLinkable(
	bucket: string | undefined,
	{ temporaryLinks }: Pick<ItemOptions, 'temporaryLinks'>,
): void {
	if (temporaryLinks === 0 || bucket === undefined) return;
	throw new InvalidParameter(LABELS.destinationBucket, 'linkElsewhere', { bucket });
}
