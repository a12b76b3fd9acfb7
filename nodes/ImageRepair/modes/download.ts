import { downloadRequest, publicImageRequest } from '../../../cos/requests/imageRepair';
import { present } from '../../../cos/values';
import { placeArea, sizeNeed } from '../area/area';
import { imageSizeFor } from '../area/imageSize';
import { Masks } from '../area/masks';
import { outputJson, outputWithFiles, type Done, type Item } from '../item';
import { readArea } from '../parameters/area';
import { readItemOptions } from '../parameters/options';
import { readOutputField } from '../parameters/results';
import { readRemoteImage, type RemoteImage } from '../parameters/source';
import { dryDownload } from '../results/dryRun';
import { fileNameOf, receiveImage } from '../results/receivedImage';

function fileNameOfUrl(url: string): string {
	const name = fileNameOf(new URL(url).pathname);
	try {
		return decodeURIComponent(name);
	} catch {
		return name;
	}
}

function fileName(image: RemoteImage): string {
	return image.kind === 'object' ? fileNameOf(image.key) : fileNameOfUrl(image.url);
}

/** "Processing during Download": the repaired image as binary data, nothing is stored. */
export async function download(item: Item): Promise<Done> {
	const { get, account } = item;
	const image = readRemoteImage(get, account.location);
	const options = readItemOptions(get);
	const field = readOutputField(get);
	const choice = await readArea(get, item);

	const size = await imageSizeFor(sizeNeed([choice]), image, item, options.checkAreaFirst);
	const placed = placeArea(choice, size);
	const masks = new Masks(item, options);
	try {
		const area = await masks.address(placed);
		const request =
			image.kind === 'object'
				? downloadRequest(image.key, area)
				: publicImageRequest(image.url, area);
		const source = image.kind === 'object' ? { key: image.key } : { sourceUrl: image.url };
		if (options.dryRun) {
			const json = { ...dryDownload(item, request, area), ...source };
			return { how: 'checked', output: outputJson(item, json) };
		}
		const { binary, ...received } = await item.transport.call({
			request,
			paid: true,
			read: async (response) => ({
				...(await receiveImage(item, response, fileName(image))),
				requestId: response.requestId,
			}),
		});
		const json = present({ ...source, bucket: account.location.bucket, ...received });
		return { how: 'repaired', output: outputWithFiles(item, json, { [field]: binary }) };
	} finally {
		await masks.remove();
	}
}
