import { formatOfFileName, formatOfMimeType } from '../../../cos/images/format';
import { downloadRequest, publicImageRequest } from '../../../cos/requests/imageRepair';
import { getRequest } from '../../../cos/requests/object';
import { present } from '../../../cos/values';
import type { AreaChoice } from '../area/area';
import { showRemote } from '../area/detect';
import { detectedOf, Places, shownAreas, toldOf } from '../area/locate';
import { lookAtImage } from '../area/source';
import { questionLargeAreas } from '../area/largeArea';
import { checkFileMasks, checkMasks } from '../area/maskCheck';
import type { Masks } from '../area/masks';
import { outputJson, outputWithFiles, type Done, type Item } from '../item';
import { readArea } from '../parameters/area';
import { detects, readItemOptions, type ItemOptions } from '../parameters/options';
import { readOutputField } from '../parameters/results';
import type { RemoteImage } from '../parameters/source';
import { dryDownload, dryUnrepaired, leftOut, withoutRepair } from '../results/dryRun';
import { formatChange } from '../results/formatChange';
import { fileNameOf, receiveImage } from '../results/receivedImage';
import { verifyDownload } from '../results/verifyDownload';
import { refuseOdd } from '../results/verifyResults';
import { payWith } from '../run/budget';
import type { Job } from '../run/job';
import { jobOf } from '../run/jobOf';
import type { ImageResult, Outcome, RepairedImage, Result } from '../run/outcome';
import { repairOnce } from '../run/repairs';
import { beginWithImage, sourceOf } from './remoteImage';

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
	const known = await lookAtImage([choice], image, item, options);
	const places = new Places(item, [choice], known.size);
	if (options.checkAreaFirst) checkFileMasks(places.known, known.size);
	const ticket = await budget.reserve();
	if (!ticket) return { how: 'overCap', json: leftOut(item, sourceOf(image)) };
	try {
		const [placed = {}] = await places.locate(
			detects(options) ? showRemote(image, known) : undefined,
		);
		const detected = detectedOf([placed]);
		if (placed.isLeftOut) return await leaveAsIs(item, image, options);
		await masks.store([placed]);
		if (options.checkAreaFirst) await checkMasks(item, [placed], known.size, masks);
		const questions = questionLargeAreas(item, [placed], known.size);
		const request = () =>
			image.kind === 'object'
				? downloadRequest(image.key, masks.area(placed))
				: publicImageRequest(image.url, masks.area(placed));
		if (options.dryRun) {
			ticket.spend();
			const dry = dryDownload(item, request(), placed, masks, { ...known, questions });
			return { how: 'checked', json: { ...dry, ...sourceOf(image), ...shownAreas(detected) } };
		}
		let repaired = await payWith(
			ticket,
			async () =>
				await item.transport.pay<RepairedImage>({
					request,
					read: async (response) =>
						present({
							...(await receiveImage(item, response, fileName(image))),
							requestId: response.requestId,
							...detected,
						}),
					onLost: (lost) => memory.keep(item.index, job, { lost }),
					mayCostAgain: ticket.another,
				}),
		);
		memory.keep(item.index, job, { image: repaired });
		if (options.verifyResult !== 'off') {
			const about = { area: placed, size: known.size, masks };
			repaired = { ...repaired, verification: await verifyDownload(item, image, repaired, about) };
			memory.keep(item.index, job, { image: repaired });
		}
		return { how: 'repaired', result: { image: repaired } };
	} finally {
		ticket.giveBack();
	}
}

/** What comes out of an image in which nothing was found. */
async function leaveAsIs(
	item: Item,
	image: RemoteImage,
	{ passOriginal, dryRun }: ItemOptions,
): Promise<Outcome> {
	const { bucket } = item.account.location;
	if (dryRun) {
		return { how: 'checked', json: dryUnrepaired(item, sourceOf(image)) };
	}
	const json = { ...sourceOf(image), bucket, repaired: false, areas: [] };
	// The credential signs for its own bucket only.
	if (!passOriginal || image.kind !== 'object') return { how: 'nothingFound', json };
	const original = await item.transport.call({
		request: () => getRequest(image.key),
		read: async (response) => await receiveImage(item, response, fileName(image)),
	});
	return { how: 'nothingFound', json, original };
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
	const image = beginWithImage(item);
	const options = readItemOptions(get, account.location);
	const field = readOutputField(get);
	const choice = await readArea(get, item);
	const job = jobOf(bucket, image, [{ area: choice }]);

	const { value, sameAs } = await repairOnce(item, job, options, {
		make: async (masks) => await make(item, { image, choice, options, job }, masks),
		isThere: async (result) => await isThere(item, result),
	});
	const { how, temporaryMasks } = value;
	if ('json' in value) {
		const json = present({ ...withoutRepair(value.json, sameAs), temporaryMasks });
		if (value.how !== 'nothingFound' || !value.original) {
			return { how, output: outputJson(item, json) };
		}
		const { binary, ...original } = value.original;
		return { how, output: outputWithFiles(item, { ...json, ...original }, { [field]: binary }) };
	}
	const { binary, areas, verification, ...received } = (value.result as ImageResult).image;
	refuseOdd(verification, options, { requestId: received.requestId, temporaryMasks });
	const formatChanged = formatChange(
		formatOfFileName(fileName(image)),
		formatOfMimeType(received.contentType),
	);
	const told = {
		formatChanged,
		sameAs,
		temporaryMasks,
		...toldOf({ areas }),
		verification: verification && { ...verification },
	};
	const json = present({ ...sourceOf(image), bucket, ...received, ...told });
	return { how, output: outputWithFiles(item, json, { [field]: binary }) };
}
