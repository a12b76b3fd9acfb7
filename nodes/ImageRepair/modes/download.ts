import { formatOfFileName, formatOfMimeType } from '../../../cos/images/format';
import { downloadRequest, publicImageRequest } from '../../../cos/requests/imageRepair';
import { present } from '../../../cos/values';
import { placeArea, sizeNeed, type AreaChoice } from '../area/area';
import { lookAtImage } from '../area/source';
import { questionLargeAreas } from '../area/largeArea';
import { checkFileMasks, checkMasks } from '../area/maskCheck';
import type { Masks } from '../area/masks';
import { outputJson, outputWithFiles, type Done, type Item } from '../item';
import { readArea } from '../parameters/area';
import { readItemOptions, type ItemOptions } from '../parameters/options';
import { readOutputField } from '../parameters/results';
import { enteredImage, readRemoteImage, type RemoteImage } from '../parameters/source';
import { dryDownload, leftOut, withoutRepair } from '../results/dryRun';
import { formatChange } from '../results/formatChange';
import { fileNameOf, receiveImage } from '../results/receivedImage';
import { payWith } from '../run/budget';
import type { Job } from '../run/job';
import { jobOf } from '../run/jobOf';
import type { ImageResult, Outcome, RepairedImage, Result } from '../run/outcome';
import { repairOnce } from '../run/repairs';

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

/** What the output says of the source. */
function sourceOf(image: RemoteImage): { key?: string; sourceUrl?: string } {
	return image.kind === 'object' ? { key: image.key } : { sourceUrl: image.url };
}

/** A repair whose image is downloaded, checked as far as it can be without the image. */
interface Download {
	image: RemoteImage;
	choice: AreaChoice;
	options: ItemOptions;
	job: Job;
}

async function make(
	item: Item,
	{ image, choice, options, job }: Download,
	masks: Masks,
): Promise<Outcome> {
	const { memory, budget } = item.repairs;
	const known = await lookAtImage(sizeNeed([choice]), image, item, options);
	const placed = placeArea(choice, known.size);
	if (options.checkAreaFirst) checkFileMasks([placed], known.size);
	const ticket = await budget.reserve();
	if (!ticket) return { how: 'overCap', json: leftOut(item, sourceOf(image)) };
	try {
		await masks.store([placed]);
		if (options.checkAreaFirst) await checkMasks(item, [placed], known.size, masks);
		const questions = questionLargeAreas(item, [placed], known.size);
		const request = () =>
			image.kind === 'object'
				? downloadRequest(image.key, masks.area(placed))
				: publicImageRequest(image.url, masks.area(placed));
		if (options.dryRun) {
			ticket.spend();
			item.tally.wouldBill++;
			const json = {
				...dryDownload(item, request(), masks.area(placed), { ...known, questions }),
				...sourceOf(image),
			};
			return { how: 'checked', json };
		}
		const repaired = await payWith(
			ticket,
			async () =>
				await item.transport.pay<RepairedImage>({
					request,
					read: async (response) =>
						present({
							...(await receiveImage(item, response, fileName(image))),
							requestId: response.requestId,
						}),
					onLost: (lost) => memory.keep(item.index, job, { lost }),
					mayCostAgain: ticket.another,
				}),
		);
		memory.keep(item.index, job, { image: repaired });
		return { how: 'repaired', result: { image: repaired } };
	} finally {
		ticket.giveBack();
	}
}

/** Whether n8n still has the image that an earlier execution received. */
async function isThere({ functions }: Item, result: Result): Promise<boolean> {
	const id = 'image' in result ? result.image.binary.id : undefined;
	if (id === undefined) return true;
	return await functions.helpers.getBinaryMetadata(id).then(
		() => true,
		() => false,
	);
}

/** "Processing during Download": the repaired image as binary data, nothing is stored. */
export async function download(item: Item): Promise<Done> {
	const { get, account } = item;
	const { bucket } = account.location;
	Object.assign(item.about, enteredImage(get));
	const image = readRemoteImage(get, account.location);
	if (image.kind === 'object') item.about.key = image.key;
	const options = readItemOptions(get, account.location);
	const field = readOutputField(get);
	const choice = await readArea(get, item);
	const job = jobOf(bucket, image, [{ area: choice }]);

	const { value, sameAs } = await repairOnce(item, job, options, {
		make: async (masks) => await make(item, { image, choice, options, job }, masks),
		isThere: async (result) => await isThere(item, result),
	});
	const { how } = value;
	if ('json' in value) return { how, output: outputJson(item, withoutRepair(value.json, sameAs)) };
	const { temporaryMasks } = value;
	const { binary, ...received } = (value.result as ImageResult).image;
	const formatChanged = formatChange(
		formatOfFileName(fileName(image)),
		formatOfMimeType(received.contentType),
	);
	const told = { formatChanged, sameAs, temporaryMasks };
	const json = present({ ...sourceOf(image), bucket, ...received, ...told });
	return { how, output: outputWithFiles(item, json, { [field]: binary }) };
}
