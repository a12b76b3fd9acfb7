import { CosFailure } from './failure';

/** The account's buckets, all in one region. */
export interface Buckets {
	/** the bucket served at the server's own address, as at a custom domain */
	readonly main: string;
	readonly all: ReadonlySet<string>;
	readonly region: string;
}

const BUCKET_NAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?-\d+$/;
const MAX_BUCKET_NAME_LENGTH = 60;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const LOCAL_BUCKET = /^(?<bucket>[^.]+)\.localhost$/;
const SERVICE =
	/^(?<bucket>[^.]+)\.(cos|cos-internal)\.(?<region>[a-z0-9-]+)\.(myqcloud\.com|tencentcos\.cn)$/;

/** Whether a host name always means this machine: `localhost`, names under it, loopback addresses. */
export function isThisMachine(hostname: string): boolean {
	return LOOPBACK.test(hostname) || LOCAL_BUCKET.test(hostname);
}

/** Whether a name has the form of a bucket name: `<name>-<APPID>`, lower case. */
export function isBucketName(name: string): boolean {
	return BUCKET_NAME.test(name) && name.length <= MAX_BUCKET_NAME_LENGTH;
}

/** The host name the service gives a bucket. */
export function bucketHost(bucket: string, region: string): string {
	return `${bucket}.cos.${region}.myqcloud.com`;
}

/** Whether a host name is one that the service gives to one of these buckets. */
export function isServiceHost(hostname: string, buckets: Buckets): boolean {
	const { bucket, region } = SERVICE.exec(hostname)?.groups ?? {};
	const isHere = region === buckets.region || region === 'accelerate';
	return bucket !== undefined && isHere && buckets.all.has(bucket);
}

/**
 * The bucket a `Host` header names. The server's own address means the main bucket, as a custom
 * domain would. All host names of the service are accepted, with any port.
 * @throws CosFailure `InvalidArgument` if there is no host, `InvalidBucketName`, `NoSuchBucket`,
 * `PermanentRedirect` if the bucket is in another region
 */
export function bucketOfHost(header: string | undefined, buckets: Buckets): string {
	const host = (header ?? '').toLowerCase().replace(/:\d+$/, '');
	if (host === '') throw new CosFailure('InvalidArgument', 'The request has no Host header.');
	if (LOOPBACK.test(host)) return buckets.main;

	const { bucket, region } = (SERVICE.exec(host) ?? LOCAL_BUCKET.exec(host))?.groups ?? {};
	if (bucket === undefined) {
		throw new CosFailure('NoSuchBucket', `There is no bucket at the host "${host}".`);
	}
	if (!isBucketName(bucket)) {
		throw new CosFailure('InvalidBucketName', `"${bucket}" is not <BucketName-APPID>.`);
	}
	if (!buckets.all.has(bucket)) {
		throw new CosFailure('NoSuchBucket', 'The specified bucket does not exist.');
	}
	if (region !== undefined && region !== 'accelerate' && region !== buckets.region) {
		throw new CosFailure(
			'PermanentRedirect',
			'The bucket you are attempting to access must be addressed using the specified endpoint.',
			{ Bucket: bucket, Endpoint: bucketHost(bucket, buckets.region) },
		);
	}
	return bucket;
}
