import { CosFailure } from './failure';

/** The account's buckets, all in one region. */
export interface Buckets {
	/** the bucket that answers at the server's own address, like a custom domain */
	readonly main: string;
	readonly all: ReadonlySet<string>;
	readonly region: string;
}

const BUCKET_NAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?-\d+$/;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const SERVICE =
	/^(?<bucket>[^.]+)\.(cos|cos-internal)\.(?<region>[a-z0-9-]+)\.(myqcloud\.com|tencentcos\.cn)$/;
const LOCAL = /^(?<bucket>[^.]+)\.localhost$/;

/** Whether a name is shaped like a bucket's: `<name>-<APPID>`, lower case. */
export function isBucketName(name: string): boolean {
	return BUCKET_NAME.test(name) && name.length <= 60;
}

/** The host name the service gives a bucket. */
export function bucketHost(bucket: string, region: string): string {
	return `${bucket}.cos.${region}.myqcloud.com`;
}

/**
 * The bucket a `Host` header means. The server's own address means the main bucket, as a custom
 * domain would; every host name of the service is understood, whatever the port.
 * @throws CosFailure `InvalidArgument` without a host, `InvalidBucketName`, `NoSuchBucket`,
 * `PermanentRedirect` when the bucket is in another region
 */
export function bucketOfHost(header: string | undefined, buckets: Buckets): string {
	const host = (header ?? '').toLowerCase().replace(/:\d+$/, '');
	if (host === '') throw new CosFailure('InvalidArgument', 'The request has no Host header.');
	if (LOOPBACK.test(host)) return buckets.main;

	const named = SERVICE.exec(host) ?? LOCAL.exec(host);
	const bucket = named?.groups?.bucket;
	if (bucket === undefined) {
		throw new CosFailure('NoSuchBucket', `No bucket answers at the host "${host}".`);
	}
	if (!isBucketName(bucket)) {
		throw new CosFailure('InvalidBucketName', `"${bucket}" is not <BucketName-APPID>.`);
	}
	if (!buckets.all.has(bucket)) {
		throw new CosFailure('NoSuchBucket', 'The specified bucket does not exist.');
	}
	const region = named?.groups?.region;
	if (region !== undefined && region !== 'accelerate' && region !== buckets.region) {
		throw new CosFailure(
			'PermanentRedirect',
			'The bucket you are attempting to access must be addressed using the specified endpoint.',
			{ Bucket: bucket, Endpoint: bucketHost(bucket, buckets.region) },
		);
	}
	return bucket;
}
