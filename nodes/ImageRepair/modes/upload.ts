import { uploadRequest } from '../../../cos/requests/imageRepair';
import { InvalidInput } from '../../../cos/invalidInput';
import { readBinaryImage } from '../binaryImage';
import { option, textParameter, type Done, type Item } from '../item';
import { readObjectKey } from '../parameters/sourceReading';
import { readResults } from '../results/targets';
import { storeResults } from '../results/storeResults';

/** "Process upon Upload": stores the item's image and its repaired results. */
export async function upload(item: Item): Promise<Done> {
	const key = readObjectKey(item);
	const choices = readResults(item, key);
	const field = textParameter(item, 'binaryPropertyName');
	const image = await readBinaryImage(item, field, 'binaryField');
	return await storeResults(item, {
		key,
		choices,
		size: async (needed) => {
			const size = await image.imageSize();
			if (size || !needed) return size;
			throw new InvalidInput(
				'binaryField',
				`"${field}" does not tell how large its image is`,
				'Measure the area in pixels from the top left corner, or check that the file is an image.',
			);
		},
		request: (results) =>
			uploadRequest(
				key,
				results,
				{ contentType: image.contentType, contentLength: image.size },
				option(item, 'returnImageInformation') === true,
			),
		body: image.open,
	});
}
