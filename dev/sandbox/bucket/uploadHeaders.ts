import type { IncomingHttpHeaders } from 'node:http';

import { CosFailure } from '../http/failure';
import { isObject, parseJson } from '../http/json';

/** What "PUT Object" (436/7749) takes for `x-cos-storage-class`. */
const STORAGE_CLASSES = [
	...['STANDARD', 'STANDARD_IA', 'INTELLIGENT_TIERING', 'ARCHIVE', 'DEEP_ARCHIVE'],
	...['MAZ_STANDARD', 'MAZ_STANDARD_IA', 'MAZ_INTELLIGENT_TIERING', 'MAZ_ARCHIVE'],
];

/** The preset ACLs of objects ("ACL Overview", 436/30752). */
const ACLS = [
	...['default', 'private', 'public-read', 'authenticated-read'],
	...['bucket-owner-read', 'bucket-owner-full-control'],
];

const MAX_TAGS = 10;
const MAX_METADATA_BYTES = 2048;
const META = 'x-cos-meta-';
const SSE = 'x-cos-server-side-encryption';
const KMS_KEY = `${SSE}-cos-kms-key-id`;
const KMS_CONTEXT = `${SSE}-context`;
const TAGGING = 'x-cos-tagging';

/** Headers that only an upload takes. */
export const UPLOAD_HEADERS = [
	...['x-cos-forbid-overwrite', 'x-cos-storage-class', 'x-cos-acl', TAGGING],
	...[SSE, KMS_KEY, KMS_CONTEXT],
] as const;

type Headers = Readonly<Record<string, string>>;

const invalid = (message: string) => new CosFailure('InvalidArgument', message);

function checkListed(headers: Headers, name: string, allowed: readonly string[]): void {
	const value = headers[name];
	if (value === undefined || allowed.includes(value)) return;
	throw invalid(`${name} must be one of ${allowed.join(', ')}, not "${value}".`);
}

function checkMetadata(headers: Headers): void {
	const entries = Object.entries(headers).filter(([name]) => name.startsWith(META));
	for (const [name] of entries) {
		if (!/^[a-z0-9-]+$/.test(name.slice(META.length))) {
			throw invalid(`${name}: a suffix has letters, digits and hyphens only.`);
		}
	}
	const size = entries.reduce(
		(sum, [name, value]) => sum + name.length - META.length + value.length,
		0,
	);
	if (size > MAX_METADATA_BYTES) {
		throw invalid(`The metadata has ${size} bytes, more than ${MAX_METADATA_BYTES}.`);
	}
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		throw invalid(`${TAGGING}: "${text}" is not URL-encoded.`);
	}
}

function checkTags(headers: Headers): void {
	const given = headers[TAGGING];
	if (given === undefined) return;
	const tags = given.split('&').map((part) => {
		const [, key = '', value = ''] = /^([^=]*)=([^=]*)$/.exec(part) ?? [];
		if (/[^A-Za-z0-9\-_.~%]/.test(key + value)) throw invalid(`${TAGGING} is not URL-encoded.`);
		return { key: decoded(key), value: decoded(value) };
	});
	const allowed = /^[A-Za-z0-9 +\-_=.:/]*$/;
	for (const { key, value } of tags) {
		const isValid = key !== '' && key.length < 128 && value.length < 256;
		if (!isValid || !allowed.test(key + value)) throw invalid(`${TAGGING}: "${key}" is not valid.`);
	}
	if (tags.length > MAX_TAGS)
		throw invalid(`${TAGGING} has ${tags.length} tags, more than ${MAX_TAGS}.`);
	if (new Set(tags.map(({ key }) => key)).size < tags.length)
		throw invalid(`${TAGGING} has a key twice.`);
}

function checkEncryption(headers: Headers): void {
	checkListed(headers, SSE, ['AES256', 'cos/kms']);
	const isKms = headers[SSE] === 'cos/kms';
	const ofKms = [KMS_KEY, KMS_CONTEXT].find((name) => headers[name] !== undefined);
	if (!isKms && ofKms !== undefined) throw invalid(`${ofKms} needs ${SSE}: cos/kms.`);
	const context = headers[KMS_CONTEXT];
	if (context === undefined) return;
	const bytes = Buffer.from(context, 'base64');
	if (bytes.toString('base64') !== context || !isObject(parseJson(bytes.toString('utf8')))) {
		throw invalid(`${KMS_CONTEXT} must be the Base64 of a JSON object.`);
	}
}

/**
 * Checks the headers that say how an upload is stored.
 *
 * Which code the service has for each is not documented: `InvalidArgument` is taken for all.
 * @throws CosFailure `InvalidArgument`, `NotImplemented`
 */
export function checkUploadHeaders(sent: IncomingHttpHeaders): void {
	const headers = Object.fromEntries(
		Object.entries(sent).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
	);
	const own = Object.keys(headers).find((name) => name.startsWith(`${SSE}-customer-`));
	if (own !== undefined) {
		throw new CosFailure('NotImplemented', `The sandbox does not support the header ${own}.`);
	}
	checkListed(headers, 'x-cos-forbid-overwrite', ['true', 'false']);
	checkListed(headers, 'x-cos-storage-class', STORAGE_CLASSES);
	checkListed(headers, 'x-cos-acl', ACLS);
	checkMetadata(headers);
	checkTags(headers);
	checkEncryption(headers);
}

/** Whether a header of an upload is kept with the object, to be returned with it. */
export function isKept(name: string, value: string): boolean {
	if (name === 'x-cos-storage-class') return value !== 'STANDARD';
	return name.startsWith(META) || ['x-cos-acl', TAGGING, SSE, KMS_KEY].includes(name);
}

/** What HEAD and GET tell of tags: how many there are. */
export function tagCount(headers: Headers): Record<string, string> {
	const tags = headers[TAGGING];
	return tags === undefined ? {} : { 'x-cos-tagging-count': String(tags.split('&').length) };
}
