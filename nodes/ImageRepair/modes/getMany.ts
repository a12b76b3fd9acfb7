import type { ListedObject } from '../../../cos/responses/list';
import { FirstOf } from '../../shared/firstOf';
import {
	readImageFilter,
	readSought,
	type ImageFilter,
	type Sought,
} from '../../shared/imageFilter';
import { LeftOut } from '../../shared/leftOut';
import { imageItem, listPages } from '../../shared/listing';
import { outputJson, type Done, type Item } from '../item';
import { readSelection } from '../parameters/getMany';
import type { List } from '../withoutResult/stream';
import { imagesWithoutResult } from '../withoutResult/withoutResult';

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
	sought: Sought | undefined,
	leftOut: LeftOut,
): AsyncGenerator<ListedObject[]> {
	const list: List = (range, after) => listPages(item.transport, range, after);
	if (sought) yield* imagesWithoutResult(list, filter, sought, leftOut);
	else for await (const page of list(filter)) yield leftOut.wanted(page);
}

/** Lists images of the bucket. Cloud Infinite bills nothing for it. */
export async function getMany(item: Item): Promise<Done> {
	const { location } = item.account;
	const sought = readSought(item.get, location);
	const filter = readImageFilter(item.get, location, { isResult: sought?.isResult });
	const { limit, order } = readSelection(item.get);
	const leftOut = new LeftOut(filter, sought !== undefined);
	const pages = wantedImages(item, filter, sought, leftOut);
	const images = order
		? await firstInOrder(pages, new FirstOf(limit, order))
		: await firstListed(pages, limit);
	if (images.length === 0) {
		const why = leftOut.why();
		item.tally.withoutImage.push({ item: item.index, why, isOdd: leftOut.isNowhere });
	}
	const output = images.map((image) => outputJson(item, imageItem(location, image)));
	return { how: 'listed', output };
}
