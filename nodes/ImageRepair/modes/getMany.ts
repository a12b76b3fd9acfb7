import type { ListedObject } from '../../../cos/responses/list';
import { FirstOf } from '../../shared/firstOf';
import { readImageFilter, type ImageFilter } from '../../shared/imageFilter';
import { imageItem, listPages } from '../../shared/listing';
import { outputJson, type Done, type Item } from '../item';
import { readSelection } from '../parameters/getMany';

/** In the order of the listing: once there are enough, no further page is requested. */
async function firstListed(
	item: Item,
	filter: ImageFilter,
	limit: number,
): Promise<ListedObject[]> {
	const found: ListedObject[] = [];
	for await (const { objects } of listPages(item.transport, filter)) {
		found.push(...objects.filter(filter.isWanted));
		if (found.length >= limit) return found.slice(0, limit);
	}
	return found;
}

async function firstInOrder(
	item: Item,
	filter: ImageFilter,
	first: FirstOf<ListedObject>,
): Promise<ListedObject[]> {
	for await (const { objects } of listPages(item.transport, filter)) {
		for (const object of objects) if (filter.isWanted(object)) first.add(object);
	}
	return first.inOrder();
}

/** Lists images of the bucket. Cloud Infinite bills nothing for it. */
export async function getMany(item: Item): Promise<Done> {
	const filter = readImageFilter(item.get, item.account.location);
	const { limit, order } = readSelection(item.get);
	const images = order
		? await firstInOrder(item, filter, new FirstOf(limit, order))
		: await firstListed(item, filter, limit);
	const output = images.map((image) => outputJson(item, imageItem(item.account.location, image)));
	return { how: 'listed', output };
}
