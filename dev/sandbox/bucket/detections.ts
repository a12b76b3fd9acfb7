import { setTimeout as sleep } from 'node:timers/promises';

import { readOcrParameters } from '../detect/detectionParameters';
import { logosXml, ocrXml } from '../http/detectionXml';
import { sendResponse, type Exchange } from '../http/exchange';
import { CosFailure } from '../http/failure';
import type { Services } from './services';
import { checkSource, readSource } from './sources';

/** @throws CosFailure `AccessDenied`: which code the service has for it is not documented */
function checkActivated({ detections }: Services): void {
	if (detections.isActivated) return;
	throw new CosFailure(
		'AccessDenied',
		'Permission denied. AI content recognition is not activated for this bucket.',
	);
}

/** Looks for something in the image of a request. From then on it is to be paid for, whatever is found. */
async function detect<Result>(
	exchange: Exchange,
	services: Services,
	find: (image: Buffer) => Promise<Result>,
): Promise<Result> {
	const { call, entry, work } = exchange;
	const { bytes, source } = await readSource(exchange, services);
	entry.source = source;
	const result = await find(bytes);
	if (work.ms > 0) await sleep(work.ms);
	call.detected = true;
	return result;
}

function sendDetection(exchange: Exchange, xml: string): void {
	sendResponse(exchange, 200, { 'Content-Type': 'application/xml', Server: 'tencent-ci' }, xml);
}

/** `GET ?ci-process=OCR`: the text in an image. */
export async function detectText(exchange: Exchange, services: Services): Promise<void> {
	const { query, call, work } = exchange;
	checkSource(exchange);
	const parameters = readOcrParameters(query);
	checkActivated(services);
	const finds = await detect(exchange, services, (image) =>
		services.detections.texts(image, work.detection),
	);
	const { requestId } = call;
	sendDetection(exchange, ocrXml(finds, { ...parameters, requestId }, work.detection));
}

/** `GET ?ci-process=RecognizeLogo`: the logos in an image. */
export async function detectLogo(exchange: Exchange, services: Services): Promise<void> {
	const { work } = exchange;
	checkSource(exchange);
	checkActivated(services);
	const { found } = await detect(exchange, services, (image) =>
		services.detections.logos(image, work.detection),
	);
	sendDetection(exchange, logosXml(found, work.detection));
}
