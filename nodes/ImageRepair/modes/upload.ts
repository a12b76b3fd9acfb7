import { readBinaryImage } from '../binaryImage';
import type { Done, Item } from '../item';
import { readInputField, readObjectKey } from '../parameters/source';
import { storeResults } from '../results/storeResults';

/** "Process upon Upload": stores the item's image and its repaired results. */
export async function upload(item: Item): Promise<Done> {
	const key = readObjectKey(item.get, item.account.location);
	const { field, label } = readInputField(item.get);
	const image = await readBinaryImage(item, field, label);
	return await storeResults(item, { kind: 'upload', key, image });
}
