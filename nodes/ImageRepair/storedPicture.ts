import { parseImageInfo } from '../../cos/answer';
import type { PictureSize } from '../../cos/area';
import { InvalidInput } from '../../cos/invalidInput';
import type { AreaHelp } from './areaChoice';
import { option, type Item } from './item';
import type { Picture } from './picture';
import { readText } from './transport';

/**
 * Asks the service for the size of a stored picture: one call for the item, however many areas ask,
 * and none when nobody needs it.
 */
export function storedPictureSize(item: Item, picture: Picture): AreaHelp['size'] {
	let asked: Promise<PictureSize> | undefined;
	return async (needed) => {
		if (picture.kind === 'public') {
			if (!needed) return undefined;
			throw new InvalidInput(
				'rectangles',
				'cannot be measured in percent or from the right or bottom of a public picture',
				'Measure in pixels from the top left corner, or store the picture in the bucket first.',
			);
		}
		if (!needed && option(item, 'checkAreaFirst') === false) return undefined;
		asked ??= item.transport.call({
			request: { method: 'GET', key: picture.key, query: [['imageInfo', '']], headers: {} },
			read: async (answer) => parseImageInfo(await readText(answer)),
		});
		return await asked;
	};
}
