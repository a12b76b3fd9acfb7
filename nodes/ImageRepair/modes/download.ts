import { downloadRequest, publicImageRequest } from '../../../cos/requests/imageRepair';
import { readAreaChoice, resolveArea } from '../area/area';
import { dryDownload } from '../results/dryRun';
import {
	isDryRun,
	outputField,
	outputWithFiles,
	parameter,
	present,
	type Done,
	type Item,
} from '../item';
import { Masks } from '../area/masks';
import { readImage } from '../parameters/sourceReading';
import { fileNameOf, receiveImage } from '../results/receivedImage';
import { storedImageSize } from '../area/imageSize';

function fileNameOfUrl(url: string): string {
	const name = fileNameOf(new URL(url).pathname);
	try {
		return decodeURIComponent(name);
	} catch {
		return name;
	}
}

/** "Processing during Download": the repaired image as binary data, nothing is stored. */
export async function download(item: Item): Promise<Done> {
	const image = readImage(item);
	const choice = readAreaChoice((name) => parameter(item, name));
	const masks = new Masks(item);
	try {
		const area = await resolveArea(choice, {
			size: storedImageSize(item, image),
			maskAddress: async (source) => await masks.address(source),
		});
		const request =
			image.kind === 'object'
				? downloadRequest(image.key, area)
				: publicImageRequest(image.url, area);
		const source = image.kind === 'object' ? { key: image.key } : { sourceUrl: image.url };
		if (isDryRun(item)) {
			const json = { ...dryDownload(item, request, area), ...source };
			return { how: 'checked', output: { json, pairedItem: { item: item.index } } };
		}
		const fileName = image.kind === 'object' ? fileNameOf(image.key) : fileNameOfUrl(image.url);
		const { binary, size, contentType, requestId } = await item.transport.call({
			request,
			paid: true,
			read: async (answer) => ({
				...(await receiveImage(item, answer, fileName)),
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
