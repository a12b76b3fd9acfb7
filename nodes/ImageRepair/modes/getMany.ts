import type { ListedObject } from '../../../cos/answer';
import { FirstOf } from '../../../cos/firstOf';
import { ORDERS } from '../../../cos/listing';
import { parameter, switchParameter, textParameter, type Done, type Item } from '../item';
import { listPages, pictureItem } from '../listing';
import { readLimit, readPictureChoice, type PictureChoice } from '../pictureChoice';

/** By key, which is how they are listed: whoever has enough asks for no further page. */
async function firstListed(
	item: Item,
	choice: PictureChoice,
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
	choice: PictureChoice,
	first: FirstOf<ListedObject>,
): Promise<ListedObject[]> {
	for await (const { objects } of listPages(item.transport, choice)) {
		for (const object of objects) if (choice.isWanted(object)) first.add(object);
	}
	return first.inOrder();
}

/** Lists pictures of the bucket. Nothing of it is billed by Cloud Infinite. */
export async function getMany(item: Item): Promise<Done> {
	const choice = readPictureChoice((name) => parameter(item, name));
	const limit = switchParameter(item, 'returnAll') ? Infinity : readLimit(parameter(item, 'limit'));
	const order = ORDERS[textParameter(item, 'sortBy')];
	const pictures = order
		? await firstInOrder(item, choice, new FirstOf(limit, order))
		: await firstListed(item, choice, limit);
	const output = pictures.map((picture) => ({
		json: pictureItem(item.account.location, picture),
		pairedItem: { item: item.index },
	}));
	return { how: 'listed', output };
}
