import { InvalidInput } from '../invalidInput';
import { encodeQuery, type Parameters } from '../signing/encoding';
import { unlessThrown } from '../values';
import { bucketName, checkRegion, type BucketName } from './bucket';
import { keyToPath, objectKey, withoutSlash, type KeyField, type ObjectKey } from './objectKey';

/** The host names of a bucket to choose from. */
export const ENDPOINTS = ['default', 'tencentcos', 'accelerate', 'internal', 'custom'] as const;

export type EndpointKind = (typeof ENDPOINTS)[number];

/** Where a bucket is, as it is entered. */
export interface BucketPlace {
	/** `<name>-<APPID>`. */
	bucket: string;
	region: string;
	endpoint: EndpointKind;
	/** Origin of the bucket's own domain (`https://images.example.com`), for `custom` only. */
	customDomain?: string;
}

/** Where a bucket is, checked. */
export interface BucketLocation {
	readonly bucket: BucketName;
	readonly region: string;
	readonly endpoint: EndpointKind;
	/** Scheme and host that requests go to, without a slash at the end. */
	readonly origin: string;
	/** All origins of this bucket: the chosen one and the documented ones. */
	readonly origins: readonly string[];
}

const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

function customOrigin(domain: string): string {
	if (domain.trim() === '') throw new InvalidInput('customDomain', 'domain.empty', {});
	const url = unlessThrown(() => new URL(domain.trim()));
	if (!url) throw new InvalidInput('customDomain', 'domain.notUrl', { domain });
	if (url.protocol !== 'https:' && url.protocol !== 'http:') {
		throw new InvalidInput('customDomain', 'domain.notHttps', { domain });
	}
	if (url.protocol === 'http:' && !LOOPBACK_HOST.test(url.hostname)) {
		throw new InvalidInput('customDomain', 'domain.unencrypted', { domain });
	}
	const rest = url.search + url.hash + url.username + url.password;
	if (url.pathname !== '/' || rest !== '') {
		throw new InvalidInput('customDomain', 'domain.notOrigin', { domain });
	}
	return url.origin;
}

const HOST: Record<Exclude<EndpointKind, 'custom'>, (bucket: string, region: string) => string> = {
	default: (bucket, region) => `${bucket}.cos.${region}.myqcloud.com`,
	tencentcos: (bucket, region) => `${bucket}.cos.${region}.tencentcos.cn`,
	accelerate: (bucket) => `${bucket}.cos.accelerate.myqcloud.com`,
	internal: (bucket, region) => `${bucket}.cos-internal.${region}.tencentcos.cn`,
};

/** @throws InvalidInput for a bucket, region or domain that is empty or malformed */
export function locateBucket({
	bucket: given,
	region,
	endpoint,
	customDomain,
}: BucketPlace): BucketLocation {
	const bucket = bucketName(given);
	checkRegion(region);
	const origin =
		endpoint === 'custom'
			? customOrigin(customDomain ?? '')
			: `https://${HOST[endpoint](bucket, region)}`;
	const documented = Object.values(HOST).map((host) => `https://${host(bucket, region)}`);
	return { bucket, region, endpoint, origin, origins: [...new Set([origin, ...documented])] };
}

/**
 * Another bucket of the account in the same region. A custom domain belongs to one bucket, so the other
 * one is reached by its default host.
 */
export function neighbourOf(
	{ region, endpoint }: BucketLocation,
	bucket: BucketName,
): BucketLocation {
	return locateBucket({
		bucket,
		region,
		endpoint: endpoint === 'custom' ? 'default' : endpoint,
	});
}

/**
 * Where the service itself, and anybody else, can reach the bucket, whatever address n8n uses: a custom
 * domain may be a CDN that does not pass a signature on, and the internal network is closed. Only a
 * bucket on this machine has no other address.
 */
export function publicLocation(location: BucketLocation): BucketLocation {
	const { bucket, region, endpoint, origin } = location;
	const isLocal = LOOPBACK_HOST.test(new URL(origin).hostname);
	if (isLocal || endpoint === 'default') return location;
	return locateBucket({ bucket, region, endpoint: 'default' });
}

/**
 * The address of a request, percent-encoded; a parameter without a value stands alone (`?acl`).
 *
 * @param key of an object, or '' for the bucket itself
 */
export function requestUrl(
	{ origin }: BucketLocation,
	key: string,
	query: Parameters = [],
): string {
	const address = origin + keyToPath(key);
	return query.length === 0 ? address : `${address}?${encodeQuery(query)}`;
}

const WITH_SCHEME = /^[a-z][a-z\d+.-]*:\/\//i;
/** Everything before the path. */
const ORIGIN = /^[^:]*:\/\/[^/?#\\]*/;

/** An address, with `https://` where it has no scheme, as the service writes a `Location`. */
function parseAddress(text: string): { url: URL; path: string } | undefined {
	const address = WITH_SCHEME.test(text) ? text : `https://${text}`;
	const url = unlessThrown(() => new URL(address));
	// Not `pathname`: a `#` is part of a key like any other character. Only `?` begins something else.
	return url && { url, path: address.replace(ORIGIN, '').replace(/\?[^]*$/, '') };
}

/**
 * The key of an object given by its address, with or without `https://` or `http://`. A query (a
 * signature, say) is ignored.
 *
 * @param field that holds the address
 * @throws InvalidInput when the address is not one of this bucket's objects
 */
export function keyOfUrl(
	{ origin, origins }: BucketLocation,
	address: string,
	field: KeyField = 'objectKey',
): ObjectKey {
	const text = address.trim();
	const { url, path = '' } = parseAddress(text) ?? {};
	const isOwn = url && origins.some((own) => new URL(own).host === url.host);
	const isWeb = url && /^https?:$/.test(url.protocol);
	if (!url || (!isOwn && !WITH_SCHEME.test(text))) {
		throw new InvalidInput(field, 'objectUrl.notUrl', { origin });
	}
	if (!isOwn || !isWeb) {
		const host = url.host || url.protocol;
		throw new InvalidInput(field, 'objectUrl.otherHost', { host, origin });
	}
	const key = unlessThrown(() => decodeURIComponent(path.slice(1)));
	if (key === undefined) throw new InvalidInput(field, 'objectUrl.escape', { origin });
	return objectKey(withoutSlash(key), field);
}
