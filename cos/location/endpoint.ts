import { encodeQuery, percentEncode, type Parameters } from '../signing/encoding';
import { InvalidInput } from '../invalidInput';
import { MAX_KEY_BYTES } from '../limits';

/** Which of a bucket's host names to use. */
export type EndpointKind = 'default' | 'tencentcos' | 'accelerate' | 'internal' | 'custom';

/** Where a bucket is. */
export interface BucketLocation {
	/** `<name>-<APPID>`. */
	bucket: string;
	region: string;
	endpoint: EndpointKind;
	/** Origin of the bucket's own domain (`https://images.example.com`), for `custom` only. */
	customDomain?: string;
}

const BUCKET = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?-[0-9]+$/;
const REGION = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** @throws InvalidInput unless the text is `<name>-<APPID>` */
export function checkBucket(
	bucket: string,
	field: 'bucket' | 'destinationBucket' = 'bucket',
): void {
	if (BUCKET.test(bucket)) return;
	throw new InvalidInput(
		field,
		bucket === '' ? 'is empty' : `"${bucket}" is not a full bucket name`,
		'Enter the name with its APPID as the console shows it: lower-case letters, digits and "-", then "-" and the digits of the APPID. For example: examplebucket-1250000000.',
	);
}

/** @throws InvalidInput unless the text could be a region's name; it need not be a known one */
export function checkRegion(region: string): void {
	if (REGION.test(region)) return;
	throw new InvalidInput(
		'region',
		region === '' ? 'is empty' : `"${region}" is not a region name`,
		'Choose the region from the list, or enter its short name: lower-case letters, digits and "-". For example: ap-guangzhou.',
	);
}

/** @throws InvalidInput when no object can have this key or no HTTP request can name it */
export function checkObjectKey(
	key: string,
	field: 'objectKey' | 'maskObjectKey' | 'resultKey' = 'objectKey',
): void {
	if (key === '') {
		throw new InvalidInput(
			field,
			'is empty',
			'Enter the path and name of the image in the bucket. For example: folder/image.jpg.',
		);
	}
	if (key.endsWith('/')) {
		throw new InvalidInput(
			field,
			`"${key}" is a folder`,
			'Enter the key of an image in that folder. For example: folder/image.jpg.',
		);
	}
	if (/\p{Surrogate}/u.test(key) || key.includes('\0')) {
		throw new InvalidInput(
			field,
			'holds a character that no key can have',
			'Remove the broken character; it often comes from a text that was cut in the middle of an emoji.',
		);
	}
	if (new TextEncoder().encode(key).length > MAX_KEY_BYTES) {
		throw new InvalidInput(
			field,
			`is longer than ${MAX_KEY_BYTES} bytes`,
			'Use a shorter path and name. A Chinese character counts as three bytes.',
		);
	}
	// The URL standard folds these segments away, also when percent-encoded: another object would be meant.
	if (key.split('/').some((segment) => segment === '.' || segment === '..')) {
		throw new InvalidInput(
			field,
			`"${key}" has "." or ".." as a folder`,
			'Enter the full path from the top of the bucket, without "." or ".." between slashes.',
		);
	}
}

/** The percent-encoded path of an object: `/`, then the key with its slashes kept. */
export function keyToPath(key: string): string {
	return `/${key.split('/').map(percentEncode).join('/')}`;
}

function customOrigin(customDomain: string): string {
	const wrong = (what: string) =>
		new InvalidInput(
			'customDomain',
			what,
			'Enter the address of the domain that is bound to the bucket, without a path. For example: https://images.example.com. An address that begins with http:// is accepted for this machine only (localhost, 127.0.0.1).',
		);
	if (customDomain.trim() === '') throw wrong('is empty');
	let url: URL;
	try {
		url = new URL(customDomain.trim());
	} catch {
		throw wrong(`"${customDomain}" is not an address`);
	}
	if (url.protocol !== 'https:' && url.protocol !== 'http:') {
		throw wrong(`"${customDomain}" does not begin with https://`);
	}
	if (url.protocol === 'http:' && !LOOPBACK_HOST.test(url.hostname)) {
		throw wrong(`"${customDomain}" would send the request unencrypted`);
	}
	if (
		url.pathname !== '/' ||
		url.search !== '' ||
		url.hash !== '' ||
		url.username + url.password !== ''
	) {
		throw wrong(`"${customDomain}" holds more than a domain`);
	}
	return url.origin;
}

const HOST: Record<Exclude<EndpointKind, 'custom'>, (bucket: string, region: string) => string> = {
	default: (bucket, region) => `${bucket}.cos.${region}.myqcloud.com`,
	tencentcos: (bucket, region) => `${bucket}.cos.${region}.tencentcos.cn`,
	accelerate: (bucket) => `${bucket}.cos.accelerate.myqcloud.com`,
	internal: (bucket, region) => `${bucket}.cos-internal.${region}.tencentcos.cn`,
};

/**
 * Scheme and host that requests for this bucket go to, without a slash at the end.
 *
 * @throws InvalidInput for a bucket, region or domain that cannot be
 */
export function bucketOrigin({ bucket, region, endpoint, customDomain }: BucketLocation): string {
	checkBucket(bucket);
	checkRegion(region);
	if (endpoint === 'custom') return customOrigin(customDomain ?? '');
	return `https://${HOST[endpoint](bucket, region)}`;
}

/**
 * All origins that are this bucket's own: the chosen one and the documented ones.
 *
 * @throws InvalidInput for a bucket, region or domain that cannot be
 */
export function bucketOrigins(location: BucketLocation): string[] {
	const { bucket, region } = location;
	const documented = Object.values(HOST).map((host) => `https://${host(bucket, region)}`);
	return [...new Set([bucketOrigin(location), ...documented])];
}

/**
 * The address of a request, percent-encoded; a parameter without a value stands alone (`?acl`).
 *
 * @param key of an object, or '' for the bucket itself
 * @throws InvalidInput for a bucket, region or domain that cannot be
 */
export function requestUrl(location: BucketLocation, key: string, query: Parameters = []): string {
	const address = bucketOrigin(location) + keyToPath(key);
	return query.length === 0 ? address : `${address}?${encodeQuery(query)}`;
}

/**
 * The key of an object given by its address. A query (a signature, say) is ignored.
 *
 * @throws InvalidInput when the address is not one of this bucket's objects
 */
export function keyOfUrl(location: BucketLocation, address: string): string {
	const wrong = (what: string) =>
		new InvalidInput(
			'objectUrl',
			what,
			`Enter the address of an object of this bucket. For example: ${bucketOrigin(location)}/folder/image.jpg. For an image elsewhere, use download mode with "Public Image".`,
		);
	let url: URL;
	try {
		url = new URL(address.trim());
	} catch {
		throw wrong(`"${address}" is not an address`);
	}
	if (!bucketOrigins(location).includes(url.origin)) {
		throw wrong(`is the address of another host (${url.host || url.protocol}), not of this bucket`);
	}
	try {
		return decodeURIComponent(url.pathname.slice(1));
	} catch {
		throw wrong('holds a "%" that is not followed by two digits');
	}
}
