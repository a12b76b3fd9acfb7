import { InvalidInput } from '../../cos/invalidInput';
import { parameter, readLocator, type Item } from './item';
import { checkObjectKey, keyOfUrl } from '../../cos/endpoint';
import { checkPictureUrl } from '../../cos/imageRepair';

/** The picture to repair: an object of the bucket, or any public picture (download mode). */
export type Picture = { kind: 'object'; key: string } | { kind: 'public'; url: string };

/**
 * Reads Object Key. Spaces are kept in keys: they can be part of one.
 *
 * @throws InvalidInput when nothing can be meant by it
 */
export function readPicture(item: Item): Picture {
	const { mode, text } = readLocator(parameter(item, 'objectKey'));
	if (mode === 'public') {
		checkPictureUrl(text.trim(), 'pictureUrl');
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
	const picture = readPicture(item);
	if (picture.kind === 'object') return picture.key;
	throw new InvalidInput(
		'objectKey',
		'is a public picture, which works in download mode only',
		'Choose an object of the bucket, or change Mode to download.',
	);
}
