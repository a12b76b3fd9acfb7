import type { INodeProperties, INodePropertyMode } from 'n8n-workflow';

import { keyOfUrl, type BucketLocation } from '../../../cos/location/endpoint';
import { checkPath, enteredKey, isAddress } from '../../../cos/location/enteredKey';
import {
	objectKey,
	withoutSlash,
	type KeyField,
	type ObjectKey,
} from '../../../cos/location/objectKey';
import { imageUrl, type ImageUrl } from '../../../cos/location/imageUrl';
import { isRecord } from '../../../cos/values';
import type { ItemName } from '../../shared/errors';
import { InvalidParameter } from '../../shared/invalidParameter';
import { LIST_ROWS } from '../../shared/messages';
import { isExpression, readLocator, readText, type Get } from '../../shared/parameters';
import { fillUploadKey, isUploadTemplate, type UploadParts } from '../../shared/uploadKey';

const MODES = ['list', 'key', 'url', 'public'] as const;

type Mode = (typeof MODES)[number];

/** The ways to name an image, of which each mode of the node offers those that work there. */
const LOCATOR: Required<Pick<INodeProperties, 'modes'>> = {
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchImages', searchable: true },
			hint: 'Search for any part of the key, or type a folder such as inbox/ to see what is in it',
			// The editor marks the field, and n8n runs nothing: a folder is no image.
			validation: [
				{
					type: 'regex',
					properties: { regex: '([^]*[^/])?', errorMessage: LIST_ROWS.folderChosen },
				},
			],
		},
		{
			displayName: 'By Key',
			name: 'key',
			type: 'string',
			placeholder: 'e.g. folder/image.jpg',
			hint: 'The path from the top of the bucket',
		},
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			placeholder: 'e.g. https://examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com/image.jpg',
			hint: 'The address of an image in the bucket of the credential',
		},
		{
			displayName: 'Public Image',
			name: 'public',
			type: 'string',
			placeholder: 'e.g. https://example.com/image.jpg',
			hint: 'The address of any image that the service can fetch without a login. Not for the mode Repair Image in Bucket.',
		},
	],
};

/**
 * The object that a locator names.
 *
 * @throws InvalidInput when the value can mean no object
 */
export function locatedKey(
	mode: Exclude<Mode, 'public'>,
	text: string,
	location: BucketLocation,
	field: KeyField = 'objectKey',
): ObjectKey {
	if (mode === 'url' && text !== '') return keyOfUrl(location, text, field);
	// What the list gave is the key of an object, whatever is in it.
	return mode === 'list' ? objectKey(withoutSlash(text), field) : enteredKey(text, location, field);
}

/** Some of the ways to name an image, for any field that names one. */
export function locatorModes(names: readonly Mode[]): INodePropertyMode[] {
	return LOCATOR.modes.filter(({ name }) => names.some((one) => one === name));
}

const image: INodeProperties = {
	displayName: 'Image',
	name: 'objectKey',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'The image, in the bucket of the credential or public',
	// The same in both modes, so that what was chosen in one of them stays when Mode is changed.
	modes: LOCATOR.modes,
	displayOptions: { show: { operation: ['download', 'cloud', 'detect'] } },
};

const binaryPropertyName: INodeProperties = {
	displayName: 'Input Binary Field',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	required: true,
	placeholder: 'e.g. data',
	hint: 'The name of the input binary field that holds the image to upload',
	displayOptions: { show: { operation: ['upload'] } },
};

const STORE_AS =
	'Path and name under which the original is stored in the bucket. Placeholders: {fileName}, or its parts {name} and {extension}, {date} such as 2025-01-31 and {id}, eight random characters. {fileName} and {extension} have the extension of the file’s content: a JPG called logo.png becomes logo.jpg.';

const storeAs: INodeProperties = {
	displayName: 'Store As',
	name: 'storeAs',
	type: 'string',
	default: '',
	placeholder: 'e.g. inbox/',
	description: STORE_AS,
	hint: 'Leave empty to use the name of the file, or enter a folder such as inbox/ to store it there under that name',
	displayOptions: { show: { operation: ['upload'] } },
};

/** Which image is repaired, and the binary field that an upload comes from. */
export const sourceProperties: INodeProperties[] = [image, binaryPropertyName, storeAs];

/** An image that the service fetches itself: an object of the bucket, or any public image. */
export type RemoteImage = { kind: 'object'; key: ObjectKey } | { kind: 'public'; url: ImageUrl };

/** What Image says, whether or not it can be read: an item that fails is known by it. */
export function enteredImage(get: Get): ItemName {
	const value = get(image.name);
	const [mode, text] = isRecord(value) ? [value.mode, value.value] : ['key', value];
	if (typeof text !== 'string' || text === '') return {};
	// Of an address, the query may hold a signature, and what stands before the host a password.
	const shown = text
		.trim()
		.replace(/\?[^]*$/, '')
		.replace(/\/\/[^/]*@/, '//');
	return mode === 'public' ? { sourceUrl: shown } : { key: shown };
}

/**
 * Reads Image.
 *
 * @throws InvalidInput, InvalidParameter when the value can mean no image
 */
export function readRemoteImage(get: Get, location: BucketLocation): RemoteImage {
	const { mode, text } = readLocator(image, get, 'key', MODES);
	if (mode === 'public') return { kind: 'public', url: imageUrl(text.trim(), 'imageUrl') };
	return { kind: 'object', key: locatedKey(mode, text, location) };
}

/**
 * Reads Image where only an object of the bucket will do.
 *
 * @throws InvalidInput, InvalidParameter when the value can mean no object
 */
export function readObjectKey(get: Get, location: BucketLocation): ObjectKey {
	const source = readRemoteImage(get, location);
	if (source.kind === 'object') return source.key;
	throw new InvalidParameter(image.displayName, 'publicImageStored', {});
}

/** Store As, which may depend on the file. */
export interface UploadKey {
	/** As entered. */
	readonly text: string;
	/** Whether it depends on the file, or on when the node runs. */
	readonly isTemplate: boolean;
	/** The key. Throws InvalidInput when it can be none, InvalidParameter for an unknown placeholder. */
	readonly keyOf: (parts: UploadParts) => ObjectKey;
}

/**
 * Reads Store As.
 *
 * @param asEntered a parameter as the workflow holds it, which may be an expression
 * @throws InvalidInput, InvalidParameter when the value can mean no object
 */
export function readUploadKey(get: Get, location: BucketLocation, asEntered: Get): UploadKey {
	// An expression that gives nothing is a mistake, unlike a field that is left empty.
	if (isExpression(asEntered(storeAs.name)) && (get(storeAs.name) ?? undefined) === undefined) {
		throw new InvalidParameter(storeAs.displayName, 'uploadKeyMissing', {});
	}
	const text = readText(storeAs, get);
	if (isAddress(text, location)) {
		// Taken as it is, whatever braces are in it.
		const key = keyOfUrl(location, text, 'storeAs');
		return { text, isTemplate: false, keyOf: () => key };
	}
	checkPath(text, location, 'storeAs');
	return {
		text,
		isTemplate: isUploadTemplate(text),
		keyOf: (parts) => objectKey(withoutSlash(fillUploadKey(text, parts)), 'storeAs'),
	};
}

/** Input Binary Field, and its label for what is wrong with the file. */
export function readInputField(get: Get): { field: string; label: string } {
	return { field: readText(binaryPropertyName, get), label: binaryPropertyName.displayName };
}
