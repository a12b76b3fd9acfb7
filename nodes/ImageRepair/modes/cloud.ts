import type { Done, Item } from '../item';
import { readObjectKey } from '../parameters/source';
import { storeResults } from '../results/storeResults';

/** "Cloud Data Processing": repairs a stored object into others; no image passes through n8n. */
export async function cloud(item: Item): Promise<Done> {
	const key = readObjectKey(item.get, item.account.location);
	return await storeResults(item, { kind: 'object', key });
}
