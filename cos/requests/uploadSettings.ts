import Base64 from 'crypto-js/enc-base64';
import Utf8 from 'crypto-js/enc-utf8';

import { InvalidInput, type InputField } from '../invalidInput';
import { percentEncode } from '../signing/encoding';
import { isRecord, show, unlessThrown, type Checked } from '../values';

/** `x-cos-storage-class` ("PUT Object", 436/7749). */
export const STORAGE_CLASSES = [
	'STANDARD',
	'STANDARD_IA',
	'INTELLIGENT_TIERING',
	'ARCHIVE',
	'DEEP_ARCHIVE',
	'MAZ_STANDARD',
	'MAZ_STANDARD_IA',
	'MAZ_INTELLIGENT_TIERING',
	'MAZ_ARCHIVE',
] as const;

export type StorageClass = (typeof STORAGE_CLASSES)[number];

/** `x-cos-acl` of an object ("ACL Overview", 436/30752). */
export const OBJECT_ACLS = [
	'default',
	'private',
	'public-read',
	'authenticated-read',
	'bucket-owner-read',
	'bucket-owner-full-control',
] as const;

export type ObjectAcl = (typeof OBJECT_ACLS)[number];

/** A row of Metadata, or a tag. */
export interface NamedText {
	readonly name: string;
	readonly value: string;
}

/** With the keys of COS, or with one of KMS: the default one of the account unless it is named. */
export type Encryption =
	| { readonly method: 'AES256' }
	| {
			readonly method: 'cos/kms';
			readonly keyId?: string;
			/** JSON text, or what it stands for: an object of texts. */
			readonly context?: unknown;
	  };

/** How an object is stored. */
export interface UploadSettings {
	readonly storageClass?: StorageClass;
	readonly acl?: ObjectAcl;
	readonly metadata?: readonly NamedText[];
	readonly tags?: readonly NamedText[];
	readonly encryption?: Encryption;
	readonly cacheControl?: string;
	readonly contentDisposition?: string;
}

/** Headers that can be sent as they are, checked. */
export type SettingHeaders = Checked<Readonly<Record<string, string>>, 'SettingHeaders'>;

/** What a header can hold: a line break would begin another one. */
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
/** "PUT Object": the suffix of a metadata header has hyphens, digits and English letters. */
const METADATA_NAME = /^[A-Za-z\d]+(?:-+[A-Za-z\d]+)*$/;
/**
 * Bytes of all metadata, names and values: older pages say 2 KB for all together, the newest one 2 KB for
 * each and 4 KB for all.
 */
const MAX_METADATA_BYTES = 2048;

/** "PUT Object tagging" (436/35709): up to 10 tags; a key has less than 128 bytes, a value less than 256. */
const MAX_TAGS = 10;
const MAX_TAG_KEY = 127;
const MAX_TAG_VALUE = 255;
const TAG_TEXT = /^[A-Za-z\d +\-_=.:/]*$/;

const KMS_KEY_ID = /^[\w-]+$/;

function plainText(text: string, field: InputField): string {
	const value = text.trim();
	if (PRINTABLE_ASCII.test(value)) return value;
	throw new InvalidInput(field, 'header.characters', { shown: show(text) });
}

function metadataHeaders(rows: readonly NamedText[]): Record<string, string> {
	const headers: Record<string, string> = {};
	let size = 0;
	for (const { name: given, value: text } of rows) {
		const name = given.trim().toLowerCase();
		if (!METADATA_NAME.test(name)) {
			throw new InvalidInput('metadata', 'metadata.name', { shown: show(given) });
		}
		const header = `x-cos-meta-${name}`;
		if (header in headers) throw new InvalidInput('metadata', 'metadata.repeated', { name });
		const value = text.trim();
		if (!PRINTABLE_ASCII.test(value)) {
			throw new InvalidInput('metadata', 'metadata.value', { name, shown: show(text) });
		}
		headers[header] = value;
		size += name.length + value.length;
	}
	if (size > MAX_METADATA_BYTES) {
		throw new InvalidInput('metadata', 'metadata.tooLarge', { size, limit: MAX_METADATA_BYTES });
	}
	return headers;
}

function tagging(tags: readonly NamedText[]): string {
	if (tags.length > MAX_TAGS) {
		throw new InvalidInput('tags', 'tags.tooMany', { count: tags.length, limit: MAX_TAGS });
	}
	const keys = new Set<string>();
	for (const { name: key, value } of tags) {
		if (key === '' || key.length > MAX_TAG_KEY || !TAG_TEXT.test(key)) {
			throw new InvalidInput('tags', 'tags.key', { shown: show(key), limit: MAX_TAG_KEY });
		}
		if (keys.has(key)) throw new InvalidInput('tags', 'tags.repeated', { key });
		if (value.length > MAX_TAG_VALUE || !TAG_TEXT.test(value)) {
			throw new InvalidInput('tags', 'tags.value', {
				key,
				shown: show(value),
				limit: MAX_TAG_VALUE,
			});
		}
		keys.add(key);
	}
	return tags.map(({ name, value }) => `${percentEncode(name)}=${percentEncode(value)}`).join('&');
}

/** @returns the JSON of an object of texts in Base64; undefined for an empty text */
function kmsContext(given: unknown): string | undefined {
	if (given === undefined || (typeof given === 'string' && given.trim() === '')) return undefined;
	const invalid = () =>
		new InvalidInput('kmsContext', 'kmsContext.invalid', { shown: show(given) });
	const value: unknown =
		typeof given === 'string' ? unlessThrown((): unknown => JSON.parse(given)) : given;
	if (!isRecord(value)) throw invalid();
	if (Object.values(value).some((text) => typeof text !== 'string')) throw invalid();
	return Base64.stringify(Utf8.parse(JSON.stringify(value)));
}

function encryptionHeaders(encryption: Encryption): Record<string, string> {
	const headers = { 'x-cos-server-side-encryption': encryption.method };
	if (encryption.method === 'AES256') return headers;
	const keyId = encryption.keyId?.trim() ?? '';
	if (keyId !== '' && !KMS_KEY_ID.test(keyId)) {
		throw new InvalidInput('kmsKeyId', 'kmsKeyId.invalid', { shown: show(encryption.keyId) });
	}
	const context = kmsContext(encryption.context);
	return {
		...headers,
		...(keyId !== '' && { 'x-cos-server-side-encryption-cos-kms-key-id': keyId }),
		...(context !== undefined && { 'x-cos-server-side-encryption-context': context }),
	};
}

/**
 * The headers of "PUT Object" (436/7749) that say how an object is stored. Texts that are empty send none.
 *
 * @throws InvalidInput for what the service or HTTP does not allow
 */
export function settingHeaders({
	storageClass,
	acl,
	metadata = [],
	tags = [],
	encryption,
	cacheControl = '',
	contentDisposition = '',
}: UploadSettings): SettingHeaders {
	const cache = plainText(cacheControl, 'cacheControl');
	const disposition = plainText(contentDisposition, 'contentDisposition');
	const headers: Record<string, string> = {
		...(cache !== '' && { 'Cache-Control': cache }),
		...(disposition !== '' && { 'Content-Disposition': disposition }),
		...(storageClass !== undefined && { 'x-cos-storage-class': storageClass }),
		...(acl !== undefined && { 'x-cos-acl': acl }),
		...(tags.length > 0 && { 'x-cos-tagging': tagging(tags) }),
		...(encryption && encryptionHeaders(encryption)),
		...metadataHeaders(metadata),
	};
	return headers as SettingHeaders;
}
