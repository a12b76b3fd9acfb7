import { operationText, readMogr } from '../basic/mogrOperations';
import { processImage } from '../basic/processImage';
import { sendResponse, type Exchange } from '../http/exchange';
import { encodeBmp } from '../repair/bmp';
import { MIME_TYPES } from '../repair/formats';
import { tinyPixels } from '../repair/tinyImage';
import { readObject } from './objects';
import type { Services } from './services';

/** `GET ?imageInfo`: format and size of a stored image. */
export async function imageInfo(exchange: Exchange, services: Services): Promise<void> {
	const { bytes, source } = readObject(exchange, services);
	const { format, width, height, frames, average } = await services.repairs.readInfo(bytes);
	const info = {
		format,
		width: String(width),
		height: String(height),
		size: String(bytes.length),
		md5: source.md5,
		photo_rgb: average,
		frame_count: String(frames),
	};
	sendResponse(exchange, 200, { 'Content-Type': 'application/json' }, JSON.stringify(info));
}

/**
 * `GET ?imageMogr2/...`: a stored image resized, cropped or converted. A quick sandbox gives a tiny image as a
 * BMP, whatever is asked for, without any waiting.
 */
export async function imageMogr(exchange: Exchange, services: Services): Promise<void> {
	const steps = readMogr(operationText(exchange.query));
	const { bytes } = readObject(exchange, services);
	const tiny = services.repairs.isQuick ? tinyPixels(bytes) : undefined;
	const { image, format } = tiny
		? { image: encodeBmp(tiny), format: 'bmp' as const }
		: await processImage(bytes, steps);
	const headers = { 'Content-Type': MIME_TYPES[format], Server: 'tencent-ci' };
	sendResponse(exchange, 200, headers, image);
}
