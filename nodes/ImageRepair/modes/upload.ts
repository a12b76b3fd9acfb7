import { uploadRequest } from '../../../cos/imageRepair';
import { InvalidInput } from '../../../cos/invalidInput';
import { readBinaryPicture } from '../binaryPicture';
import { option, textParameter, type Done, type Item } from '../item';
import { readObjectKey } from '../picture';
import { readResults } from '../results';
import { storeResults } from './storeResults';

/** "Process upon Upload": stores the item's picture and its repaired results. */
export async function upload(item: Item): Promise<Done> {
	const key = readObjectKey(item);
	const choices = readResults(item, key);
	const field = textParameter(item, 'binaryPropertyName');
	const picture = await readBinaryPicture(item, field, 'binaryField');
	return await storeResults(item, {
		key,
		choices,
		size: async (needed) => {
			const size = await picture.pictureSize();
			if (size || !needed) return size;
			throw new InvalidInput(
				'binaryField',
				`"${field}" does not tell how large its picture is`,
				'Measure the area in pixels from the top left corner, or check that the file is a picture.',
			);
		},
		request: (results) =>
			uploadRequest(
				key,
				results,
				{ contentType: picture.contentType, contentLength: picture.size },
				option(item, 'returnImageInformation') === true,
			),
		body: picture.open,
	});
}
