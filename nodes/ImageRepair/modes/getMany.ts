import type { ListedObject } from '../../../cos/responses/xml';
import { FirstOf } from '../../shared/firstOf';
import { ORDERS } from '../../../cos/requests/list';
import { parameter, switchParameter, textParameter, type Done, type Item } from '../item';
import { listPages, imageItem } from '../../shared/listing';
import { readLimit, readImageChoice, type ImageChoice } from '../../shared/imageChoice';

/** By key, which is how they are listed: whoever has enough asks for no further page. */
async function firstListed(
	item: Item,
	choice: ImageChoice,
	limit: number,
): Promise<ListedObject[]> {
	const found: ListedObject[] = [];
	for await (const { objects } of listPages(item.transport, choice)) {
		found.push(...objects.filter(choice.isWanted));
		if (found.length >= limit) return found.slice(0, limit);
	}
	return found;
}

async function firstInOrder(
	item: Item,
	choice: ImageChoice,
	first: FirstOf<ListedObject>,
): Promise<ListedObject[]> {
	for await (const { objects } of listPages(item.transport, choice)) {
		for (const object of objects) if (choice.isWanted(object)) first.add(object);
	}
	return first.inOrder();
}

/** Lists images of the bucket. Nothing of it is billed by Cloud Infinite. */
export async function getMany(item: Item): Promise<Done> {
	const choice = readImageChoice((name) => parameter(item, name));
	const limit = switchParameter(item, 'returnAll') ? Infinity : readLimit(parameter(item, 'limit'));
	const order = ORDERS[textParameter(item, 'sortBy')];
	const images = order
		? await firstInOrder(item, choice, new FirstOf(limit, order))
		: await firstListed(item, choice, limit);
	const output = images.map((image) => ({
		json: imageItem(item.account.location, image),
		pairedItem: { item: item.index },
	}));
	return { how: 'listed', output };
}
