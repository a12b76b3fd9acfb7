import type { Point } from '../../../cos/areas/points';
import type { KnownImage } from '../../../cos/images/limits';
import type { ObjectKey } from '../../../cos/location/objectKey';
import {
	logoRequest,
	textRequest,
	type DetectorImage,
	type Language,
} from '../../../cos/requests/detection';
import { copyForDetector, detectorCopyOperation } from '../../../cos/detections/copy';
import { parseLogos, parseTexts, type Detection } from '../../../cos/responses/detections';
import { parseErrorBody, readFailure } from '../../../cos/responses/failure';
import { withoutSecrets } from '../../../cos/responses/secrets';
import { presign } from '../../../cos/signing/authorize';
import { CallFailed } from '../../shared/errors';
import { readText, type CosResponse } from '../../shared/response';
import type { BinaryImage } from '../binaryImage';
import type { Item } from '../item';
import { FETCH_VALIDITY_SECONDS, type Masks } from './masks';

/** Bytes; hundreds of lines of text with their places stay far below. */
const MAX_DETECTION_BYTES = 4 * 1024 * 1024;

/** What is looked for, as far as the service has to know: everything else is a filter. */
export type Question = { kind: 'text'; language: Language } | { kind: 'logo' };

/** An image that a detector can be shown. */
export interface Shown {
	/** Tells it from other images of the item, in further tries too. */
	readonly name: string;
	readonly known: KnownImage;
	/** Where the detector gets it. What is only a file yet is stored for the detector first. */
	readonly image: () => Promise<DetectorImage>;
}

/** An image that the service can fetch. */
export function showRemote(image: DetectorImage, known: KnownImage): Shown {
	const name = image.kind === 'object' ? image.key : image.url;
	return { name: `${image.kind} ${name}`, known, image: () => Promise.resolve(image) };
}

/** A file, stored as a temporary object as soon as a detector has to look at it. */
export function showFile(file: BinaryImage, masks: Masks, known: KnownImage): Shown {
	let stored: Promise<ObjectKey> | undefined;
	const image = async (): Promise<DetectorImage> => {
		stored ??= masks.lay(file);
		return { kind: 'object', key: await stored };
	};
	return { name: `file ${file.identity}`, known: { ...known, bytes: file.size }, image };
}

async function read(response: CosResponse, parse: (xml: string) => Detection[]) {
	const { status, headers, secrets } = response;
	const text = await readText(response, MAX_DETECTION_BYTES);
	// Some gateways refuse with a status of success.
	if (parseErrorBody(text)) throw new CallFailed(readFailure(status, headers, text, secrets()));
	const hidden = secrets();
	return parse(text).map((found) => ({ ...found, label: withoutSecrets(found.label, hidden) }));
}

/** Where the detector gets the image, and how many of its pixels are one pixel of what the detector sees. */
interface Handed {
	readonly image: () => DetectorImage;
	readonly scale: Point;
}

function presigned({ account, transport }: Item, key: ObjectKey, operation: string): DetectorImage {
	const now = transport.now();
	const url = presign(account, key, now, FETCH_VALIDITY_SECONDS, operation);
	return { kind: 'public', url };
}

/** Text is read in images of a few formats and up to some size: others are handed over as a copy. */
function handOver(item: Item, { kind }: Question, image: DetectorImage, known: KnownImage): Handed {
	const copy = kind === 'text' && image.kind === 'object' ? copyForDetector(known) : undefined;
	if (image.kind !== 'object' || !copy) return { image: () => image, scale: [1, 1] };
	return {
		image: () => presigned(item, image.key, detectorCopyOperation()),
		scale: copy.scale,
	};
}

function scaled(found: Detection, [sx, sy]: Point): Detection {
	if (sx === 1 && sy === 1) return found;
	return { ...found, corners: found.corners.map(([x, y]): Point => [x * sx, y * sy]) };
}

/**
 * Has the service look at an image: one call for each question of an item, in this and in further tries.
 *
 * @returns all that it has found, in pixels of the image
 * @throws RepairFailed when it does not look, or when its response is lost; no repair was billed
 */
export async function detect(item: Item, question: Question, shown: Shown): Promise<Detection[]> {
	const { memory } = item.repairs;
	const name = JSON.stringify([question, shown.name]);
	const earlier = memory.detectionsOf(item.index, name);
	if (earlier) return earlier;
	const { image: handed, scale } = handOver(item, question, await shown.image(), shown.known);
	const found = await item.transport.detect({
		request: () =>
			question.kind === 'text' ? textRequest(handed(), question.language) : logoRequest(handed()),
		read: async (response) =>
			await read(response, question.kind === 'text' ? parseTexts : parseLogos),
	});
	const inImage = found.map((one) => scaled(one, scale));
	memory.keepDetections(item.index, name, inImage);
	return inImage;
}
