import { join } from 'node:path';

/** The cloud function of docs/events.md, run as Tencent's platform runs it: with an event, and what is in its environment. */

/** An event of a bucket, as a COS trigger gives it to a function. */
export interface BucketEvent {
	Records: Array<{
		cos: {
			cosSchemaVersion: string;
			cosObject: {
				url: string;
				meta: Record<string, string>;
				vid: string;
				key: string;
				size: number;
			};
			cosBucket: { region: string; name: string; appid: string };
			cosNotificationId: string;
		};
		event: Record<string, unknown>;
	}>;
}

const SIGNATURE = 'q-sign-algorithm=sha1&q-ak=AKIDUPLOADER&q-signature=uploader-signature';

/**
 * An event in the form that Tencent documents, with the fields that functions have logged: the ETag in
 * quotes, and the signature of the one who uploaded. The address is encoded, as addresses are.
 *
 * @param key of the object
 * @param name such as `cos:ObjectCreated:Put`
 */
export function bucketEvent(key: string, name = 'cos:ObjectCreated:Put'): BucketEvent {
	const bucket = { name: 'examplebucket', appid: '1250000000' };
	const host = `${bucket.name}-${bucket.appid}.cos.ap-guangzhou.myqcloud.com`;
	const path = key.split('/').map(encodeURIComponent).join('/');
	return {
		Records: [
			{
				cos: {
					cosSchemaVersion: '1.0',
					cosObject: {
						url: `http://${host}/${path}`,
						meta: {
							'Content-Type': 'image/jpeg',
							ETag: '"0cc175b9c0f1b6a831c399e269772661"',
							'x-cos-request-id': 'NWMxOWY4MGFfMjViMjU4NjRfMTUyMV8=',
						},
						vid: '',
						key: `/${bucket.appid}/${bucket.name}/${key}`,
						size: 1029,
					},
					cosBucket: { region: 'gz', ...bucket },
					cosNotificationId: 'unkown',
				},
				event: {
					eventName: name,
					eventVersion: '1.0',
					eventTime: 1545205770,
					eventSource: 'qcs::cos',
					requestParameters: {
						requestSourceIP: '192.0.2.1',
						requestHeaders: { Authorization: SIGNATURE },
					},
					eventQueue: 'qcs:0:scf:ap-guangzhou:appid/1250000000:default.new-upload.$DEFAULT',
					reservedInfo: '',
					reqid: 179398952,
				},
			},
		],
	};
}

interface CloudFunction {
	main_handler: (event: BucketEvent) => Promise<void>;
}

/**
 * @param webhook the address of the webhook
 * @throws Error when the webhook does not answer 200, which makes the platform call the function again
 */
export async function runCloudFunction(
	event: BucketEvent,
	webhook: string,
	secret: string,
): Promise<void> {
	// A file of the documentation: types and lint rules of this repository are not for it.
	const file = join(__dirname, '../docs/cloud-function/index.js');
	const { main_handler: handler } = (await import(file)) as CloudFunction;
	Object.assign(process.env, { WEBHOOK: webhook, SECRET: secret });
	await handler(event);
}
