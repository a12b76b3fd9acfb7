import type { ImageSize } from '../../../cos/areas/points';
import type { ObjectKey } from '../../../cos/location/objectKey';
import { imageInfoRequest } from '../../../cos/requests/object';
import { parseImageInfo } from '../../../cos/responses/imageInfo';
import { InvalidParameter } from '../../shared/invalidParameter';
import { LABELS } from '../../shared/messages';
import { readText } from '../../shared/response';
import type { BinaryImage } from '../binaryImage';
import type { Item } from '../item';
import type { SizeNeed } from './area';

/** An image of the bucket, or one that is uploaded now. */
export type StoredSource =
	{ kind: 'object'; key: ObjectKey } | { kind: 'upload'; key: ObjectKey; image: BinaryImage };

/** An image whose size may be needed. */
export type Source = StoredSource | { kind: 'public' };

/**
 * The size of the image as far as it is needed: one cheap call for a stored image, none otherwise.
 *
 * @param checkFirst whether a stored image is measured just to check the area
 * @throws InvalidParameter when a required size cannot be known
 * @throws CallFailed, ConnectionFailed, UnreadableResponse when the service does not tell it
 */
export async function imageSizeFor(
	need: SizeNeed,
	source: Source,
	item: Item,
	checkFirst: boolean,
): Promise<ImageSize | undefined> {
	if (need === 'none') return undefined;
	switch (source.kind) {
		case 'public':
			if (need === 'useful') return undefined;
			throw new InvalidParameter(LABELS.rectangles, 'publicImageSize', {});
		case 'upload': {
			const { field, label, measure } = source.image;
			const size = await measure();
			if (size || need === 'useful') return size;
			throw new InvalidParameter(label, 'binaryUnmeasured', { field });
		}
		case 'object':
			if (need === 'useful' && !checkFirst) return undefined;
			return await item.transport.call({
				request: () => imageInfoRequest(source.key),
				read: async (response) => parseImageInfo(await readText(response)),
			});
	}
}
