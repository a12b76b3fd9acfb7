import { objectKey } from '../../../cos/location/objectKey';
import { readBinaryImage } from '../binaryImage';
import type { Done, Item } from '../item';
import { readInputField, readUploadKey } from '../parameters/source';
import { storeResults } from '../results/storeResults';
import { uploadParts } from '../uploadParts';

/** "Process upon Upload": stores the item's image and its repaired results. */
export async function upload(item: Item): Promise<Done> {
	const { get, functions, account, index, repairs } = item;
	const { text: entered, keyOf } = readUploadKey(get, account.location);
	const { field, label } = readInputField(get);
	const image = await readBinaryImage(item, field, label);
	const named = keyOf(uploadParts(functions, image.fileName));
	const kept = repairs.memory.keyOf(index, image.identity, entered);
	const key = kept === undefined ? named : objectKey(kept);
	return await storeResults(item, { kind: 'upload', key, image, entered });
}
