import { InvalidInput } from '../invalidInput';
import { keyOfUrl, type BucketLocation } from './endpoint';
import {
	checkEntered,
	folderOf,
	objectKey,
	withoutSlash,
	type KeyField,
	type ObjectKey,
} from './objectKey';

const WEB_ADDRESS = /^\s*https?:\/\//i;
/** `C:\photos\cat.jpg`, `\\server\photos\cat.jpg`, `file:///home/me/cat.jpg` */
const LOCAL_FILE = /^(?:[a-z]:[\\/]|\\\\|file:)/i;
/** How Tencent's own tools write an object: `cos://<bucket>/<key>`. */
const TOOL_SCHEME = /^cos:\/\//i;

/** Whether a text is the address of something, and no path in a bucket. */
export function isAddress(text: string, { origins }: BucketLocation): boolean {
	if (WEB_ADDRESS.test(text)) return true;
	// As the service writes a `Location`: without `https://`.
	return origins.some((origin) => text.trim().startsWith(`${new URL(origin).host}/`));
}

/**
 * What people paste that is no path in the bucket. No such path is sent: the service would find nothing
 * there, or store a result where nobody looks for it.
 *
 * @throws InvalidInput for an address, the path of a file on a computer, a backslash, and the bucket's name
 * in front
 */
export function checkPath(
	text: string,
	location: BucketLocation,
	field: KeyField | 'folder',
): void {
	checkEntered(text, field);
	if (isAddress(text, location)) throw new InvalidInput(field, 'path.address', {});
	if (LOCAL_FILE.test(text)) throw new InvalidInput(field, 'path.localFile', {});
	const { bucket } = location;
	const path = withoutSlash(text.replace(TOOL_SCHEME, ''));
	if (path.startsWith(`${bucket}/`)) {
		const rest = path.slice(bucket.length + 1);
		throw new InvalidInput(field, 'path.bucketFirst', { bucket, rest });
	}
	if (text.includes('\\')) {
		throw new InvalidInput(field, 'path.backslash', { path: text.replaceAll('\\', '/') });
	}
}

/**
 * A key as people enter it: a slash at the beginning is left out, and the address of an object of the
 * bucket stands for its key.
 *
 * @throws InvalidInput when no object can have this key, or when it was not meant to be as it is
 */
export function enteredKey(
	text: string,
	location: BucketLocation,
	field: KeyField = 'objectKey',
): ObjectKey {
	if (isAddress(text, location)) return keyOfUrl(location, text, field);
	checkPath(text, location, field);
	return objectKey(withoutSlash(text), field);
}

/** As long as a name in a folder can be that is made up: a UUID. */
const ANY_NAME = '0'.repeat(36);

/**
 * The folder of temporary masks, with its `/` at the end; '' for the top of the bucket.
 *
 * @throws InvalidInput when no key can be in it, or when it was not meant to be as it is
 */
export function maskFolder(text: string, location: BucketLocation): string {
	const field = 'temporaryMaskFolder';
	checkPath(text, location, field);
	const folder = folderOf(text);
	objectKey(folder + ANY_NAME, field);
	return folder;
}
