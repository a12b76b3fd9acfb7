import { readBinaryImage } from '../binaryImage';
import { findBinary, type Done, type Item } from '../item';
import { readInputField, readUploadKey } from '../parameters/source';
import { readUploadSettings } from '../parameters/uploadSettings';
import { placeUpload } from '../results/placeUpload';
import { storeResults } from '../results/storeResults';
import { uploadParts } from '../uploadParts';

/** "Process upon Upload": stores the item's image and its repaired results. */
export async function upload(item: Item): Promise<Done> {
	const { get, functions, account } = item;
	// The file first: Store As is often made of it, and says nothing where there is none.
	const { field, label } = readInputField(get);
	const fileName = findBinary(item, field)?.fileName;
	if (fileName !== undefined) item.about.fileName = fileName;
	const image = await readBinaryImage(item, field, label);
	const { text: entered, keyOf } = readUploadKey(get, account.location, item.asEntered);
	const settings = readUploadSettings(get);
	const key = keyOf(uploadParts(functions, image.fileName));
	item.about.key = key;
	const source = { kind: 'upload', key, image, entered, settings } as const;
	const placed = await placeUpload(item, source);
	item.about.key = placed.key;
	return await storeResults(item, placed);
}
