import { InvalidInput } from '../../../cos/invalidInput';
import { parameter, readLocator, type Item } from '../item';
import { checkObjectKey, keyOfUrl } from '../../../cos/location/endpoint';
import { checkImageUrl } from '../../../cos/requests/imageRepair';

/** The image to repair: an object of the bucket, or any public image (download mode). */
export type Image = { kind: 'object'; key: string } | { kind: 'public'; url: string };

/**
 * Reads Object Key. Spaces are kept in keys: they can be part of one.
 *
 * @throws InvalidInput when nothing can be meant by it
 */
export function readImage(item: Item): Image {
	const { mode, text } = readLocator(parameter(item, 'objectKey'));
	if (mode === 'public') {
		checkImageUrl(text.trim(), 'imageUrl');
		return { kind: 'public', url: text.trim() };
	}
	const key = mode === 'url' && text !== '' ? keyOfUrl(item.account.location, text) : text;
	checkObjectKey(key);
	return { kind: 'object', key };
}

/**
 * Reads Object Key where only an object of the bucket will do.
 *
 * @throws InvalidInput when nothing can be meant by it
 */
export function readObjectKey(item: Item): string {
	const image = readImage(item);
	if (image.kind === 'object') return image.key;
	throw new InvalidInput(
		'objectKey',
		'is a public image, which works in download mode only',
		'Choose an object of the bucket, or change Mode to download.',
	);
}
