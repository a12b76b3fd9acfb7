import { Logger } from '@n8n/backend-common';
import { ObjectStoreConfig, S3ByteStore } from '@n8n/blob-storage';
import { ObjectStoreService } from '@n8n/blob-storage/object-store';
import { Container } from '@n8n/di';
import { BinaryDataBlobManager, ErrorReporter } from 'n8n-core';

/** An S3-compatible store. */
export interface ObjectStoreAddress {
	/** Such as `127.0.0.1:9000`; it is asked by HTTP. */
	readonly host: string;
	readonly bucket: string;
	readonly accessKey: string;
	readonly accessSecret: string;
}

/**
 * What n8n's server makes of its settings for an external storage, with the same classes. The server does
 * so for writing only with a license; this is below the place where it asks for one.
 *
 * @throws UnexpectedError by n8n, if the bucket cannot be reached
 */
export async function openObjectStore({
	host,
	bucket,
	accessKey,
	accessSecret,
}: ObjectStoreAddress): Promise<BinaryDataBlobManager> {
	const config = Object.assign(new ObjectStoreConfig(), {
		host,
		protocol: 'http',
		bucket: { name: bucket, region: 'local' },
		credentials: { accessKey, accessSecret, authAutoDetect: false },
	});
	const service = new ObjectStoreService(Container.get(Logger), config);
	await service.init();
	return new BinaryDataBlobManager(new S3ByteStore(service), Container.get(ErrorReporter));
}
