import { readBinaryImage } from '../binaryImage';
import type { Done, Item } from '../item';
import { readInputField, readUploadKey } from '../parameters/source';
import { readUploadSettings } from '../parameters/uploadSettings';
import { placeUpload } from '../results/placeUpload';
import { storeResults } from '../results/storeResults';
import { uploadParts } from '../uploadParts';

/** "Process upon Upload": stores the item's image and its repaired results. */
export async function upload(item: Item): Promise<Done> {
	const { get, functions, account } = item;
	const { text: entered, keyOf } = readUploadKey(get, account.location);
	const { field, label } = readInputField(get);
	const settings = readUploadSettings(get);
	const image = await readBinaryImage(item, field, label);
	const key = keyOf(uploadParts(functions, image.fileName));
	return await storeResults(
		item,
		await placeUpload(item, { kind: 'upload', key, image, entered, settings }),
	);
}
