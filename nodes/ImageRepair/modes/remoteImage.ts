import type { Item } from '../item';
import { enteredImage, readRemoteImage, type RemoteImage } from '../parameters/source';

/**
 * Reads Image where a public one will do, and notes it as what the item is about, whether or not it can be read.
 *
 * @throws InvalidInput, InvalidParameter when the value can mean no image
 */
export function beginWithImage({ get, account, about }: Item): RemoteImage {
	Object.assign(about, enteredImage(get));
	const image = readRemoteImage(get, account.location);
	if (image.kind === 'object') about.key = image.key;
	return image;
}

/** What the output says of the source. */
export function sourceOf(image: RemoteImage): { key?: string; sourceUrl?: string } {
	return image.kind === 'object' ? { key: image.key } : { sourceUrl: image.url };
}
