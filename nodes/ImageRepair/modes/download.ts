import { downloadRequest, publicPictureRequest } from '../../../cos/imageRepair';
import { readAreaChoice, resolveArea } from '../areaChoice';
import { dryDownload } from '../dryRun';
import {
	isDryRun,
	outputField,
	outputWithFiles,
	parameter,
	present,
	type Done,
	type Item,
} from '../item';
import { Masks } from '../masks';
import { readPicture } from '../picture';
import { fileNameOf, receivePicture } from '../receivedPicture';
import { storedPictureSize } from '../storedPicture';

function fileNameOfUrl(url: string): string {
	const name = fileNameOf(new URL(url).pathname);
	try {
		return decodeURIComponent(name);
	} catch {
		return name;
	}
}

/** "Processing during Download": the repaired picture as binary data, nothing is stored. */
export async function download(item: Item): Promise<Done> {
	const picture = readPicture(item);
	const choice = readAreaChoice((name) => parameter(item, name));
	const masks = new Masks(item);
	try {
		const area = await resolveArea(choice, {
			size: storedPictureSize(item, picture),
			maskAddress: async (source) => await masks.address(source),
		});
		const request =
			picture.kind === 'object'
				? downloadRequest(picture.key, area)
				: publicPictureRequest(picture.url, area);
		const source = picture.kind === 'object' ? { key: picture.key } : { sourceUrl: picture.url };
		if (isDryRun(item)) {
			const json = { ...dryDownload(item, request, area), ...source };
			return { how: 'checked', output: { json, pairedItem: { item: item.index } } };
		}
		const fileName =
			picture.kind === 'object' ? fileNameOf(picture.key) : fileNameOfUrl(picture.url);
		const { binary, size, contentType, requestId } = await item.transport.call({
			request,
			paid: true,
			read: async (answer) => ({
				...(await receivePicture(item, answer, fileName)),
				requestId: answer.requestId,
			}),
		});
		const { bucket } = item.account.location;
		const json = present({ ...source, bucket, size, contentType, requestId });
		return {
			how: 'repaired',
			output: outputWithFiles(item, json, { [outputField(item)]: binary }),
		};
	} finally {
		await masks.tidyUp();
	}
}
