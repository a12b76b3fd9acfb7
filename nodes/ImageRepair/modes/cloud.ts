import { cloudRequest } from '../../../cos/requests/imageRepair';
import { option, type Done, type Item } from '../item';
import { readObjectKey } from '../parameters/sourceReading';
import { readResults } from '../results/targets';
import { storedImageSize } from '../area/imageSize';
import { storeResults } from '../results/storeResults';

/** "Cloud Data Processing": repairs a stored object into others; no image passes through n8n. */
export async function cloud(item: Item): Promise<Done> {
	const key = readObjectKey(item);
	const choices = readResults(item, key);
	return await storeResults(item, {
		key,
		choices,
		size: storedImageSize(item, { kind: 'object', key }),
		request: (results) =>
			cloudRequest(key, results, option(item, 'returnImageInformation') === true),
	});
}
