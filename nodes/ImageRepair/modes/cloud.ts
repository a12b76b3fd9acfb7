import type { Done, Item } from '../item';
import { enteredImage, readObjectKey } from '../parameters/source';
import { storeResults } from '../results/storeResults';

/** "Cloud Data Processing": repairs a stored object into others; no image passes through n8n. */
export async function cloud(item: Item): Promise<Done> {
	Object.assign(item.about, enteredImage(item.get));
	const key = readObjectKey(item.get, item.account.location);
	item.about.key = key;
	return await storeResults(item, { kind: 'object', key });
}
