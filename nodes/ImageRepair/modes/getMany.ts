import type { ListedObject } from '../../../cos/responses/list';
import { FirstOf } from '../../shared/firstOf';
import { readImageFilter, type ImageFilter } from '../../shared/imageFilter';
import { LeftOut } from '../../shared/leftOut';
import { imageItem, listPages } from '../../shared/listing';
import { outputJson, type Done, type Item } from '../item';
import { readSelection } from '../parameters/getMany';

/** In the order of the listing: once there are enough, no further page is requested. */
async function firstListed(
	pages: AsyncIterable<ListedObject[]>,
	limit: number,
): Promise<ListedObject[]> {
	const found: ListedObject[] = [];
	for await (const images of pages) {
		found.push(...images);
		if (found.length >= limit) return found.slice(0, limit);
	}
	return found;
}

async function firstInOrder(
	pages: AsyncIterable<ListedObject[]>,
	first: FirstOf<ListedObject>,
): Promise<ListedObject[]> {
	for await (const images of pages) for (const image of images) first.add(image);
	return first.inOrder();
}

/** The wanted images of each page. */
async function* wantedImages(
	item: Item,
	filter: ImageFilter,
	leftOut: LeftOut,
): AsyncGenerator<ListedObject[]> {
	for await (const page of listPages(item.transport, filter)) yield leftOut.wanted(page);
}

/** Lists images of the bucket. Cloud Infinite bills nothing for it. */
export async function getMany(item: Item): Promise<Done> {
	const filter = readImageFilter(item.get, item.account.location);
	const { limit, order } = readSelection(item.get);
	const leftOut = new LeftOut(filter);
	const pages = wantedImages(item, filter, leftOut);
	const images = order
		? await firstInOrder(pages, new FirstOf(limit, order))
		: await firstListed(pages, limit);
	if (images.length === 0) {
		const why = leftOut.why();
		item.tally.withoutImage.push({ item: item.index, why, isOdd: leftOut.isNowhere });
	}
	const output = images.map((image) => outputJson(item, imageItem(item.account.location, image)));
	return { how: 'listed', output };
}
