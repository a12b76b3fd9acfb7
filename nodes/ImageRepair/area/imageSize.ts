import { parseImageInfo } from '../../../cos/responses/xml';
import type { ImageSize } from '../../../cos/areas/areas';
import { InvalidInput } from '../../../cos/invalidInput';
import type { AreaHelp } from './area';
import { option, type Item } from '../item';
import type { Image } from '../parameters/sourceReading';
import { readText } from '../../shared/transport';

/**
 * Asks the service for the size of a stored image: one call for the item, however many areas ask,
 * and none when nobody needs it.
 */
export function storedImageSize(item: Item, image: Image): AreaHelp['size'] {
	let asked: Promise<ImageSize> | undefined;
	return async (needed) => {
		if (image.kind === 'public') {
			if (!needed) return undefined;
			throw new InvalidInput(
				'rectangles',
				'cannot be measured in percent or from the right or bottom of a public image',
				'Measure in pixels from the top left corner, or store the image in the bucket first.',
			);
		}
		if (!needed && option(item, 'checkAreaFirst') === false) return undefined;
		asked ??= item.transport.call({
			request: { method: 'GET', key: image.key, query: [['imageInfo', '']], headers: {} },
			read: async (answer) => parseImageInfo(await readText(answer)),
		});
		return await asked;
	};
}
