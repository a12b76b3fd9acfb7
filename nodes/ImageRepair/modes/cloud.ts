import { cloudRequest } from '../../../cos/imageRepair';
import { option, type Done, type Item } from '../item';
import { readObjectKey } from '../picture';
import { readResults } from '../results';
import { storedPictureSize } from '../storedPicture';
import { storeResults } from './storeResults';

/** "Cloud Data Processing": repairs a stored object into others; no picture passes through n8n. */
export async function cloud(item: Item): Promise<Done> {
	const key = readObjectKey(item);
	const choices = readResults(item, key);
	return await storeResults(item, {
		key,
		choices,
		size: storedPictureSize(item, { kind: 'object', key }),
		request: (results) =>
			cloudRequest(key, results, option(item, 'returnImageInformation') === true),
	});
}
