import type { INodeProperties, INodePropertyMode } from 'n8n-workflow';

import { keyOfUrl, type BucketLocation } from '../../../cos/location/endpoint';
import {
	checkEntered,
	enteredKey,
	objectKey,
	withoutSlash,
	type ObjectKey,
} from '../../../cos/location/objectKey';
import { imageUrl, type ImageUrl } from '../../../cos/location/imageUrl';
import { InvalidInput } from '../../../cos/invalidInput';
import { isRecord } from '../../../cos/values';
import { InvalidParameter } from '../../shared/invalidParameter';
import { readLocator, readText, type Get } from '../../shared/parameters';
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
		},
		{
			displayName: 'By Key',
			name: 'key',
			type: 'string',
			placeholder: 'e.g. folder/image.jpg',
			hint: 'The path from the top of the bucket; a slash at the beginning is left out',
		},
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			placeholder: 'e.g. https://examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com/image.jpg',
			hint: 'The address of an object of the bucket in the credential',
		},
		{
			displayName: 'Public Image',
			name: 'public',
			type: 'string',
			placeholder: 'e.g. https://example.com/image.jpg',
			hint: 'The address of any image that the service can fetch without a login',
		},
	],
};

/** Some of the ways to name an image, for any field that names one. */
export function locatorModes(names: readonly Mode[]): INodePropertyMode[] {
	return LOCATOR.modes.filter(({ name }) => names.some((one) => one === name));
}

function locator(operation: string, description: string, modes: readonly Mode[]): INodeProperties {
	return {
		displayName: 'Object Key',
		name: 'objectKey',
		type: 'resourceLocator',
		default: { mode: modes[0] ?? 'key', value: '' },
		required: true,
		description,
		modes: locatorModes(modes),
		displayOptions: { show: { operation: [operation] } },
	};
}

const STORED = 'Path and name of the image in the bucket of the credential';

const key = locator('download', STORED, MODES);

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

const UPLOAD_KEY_HINT =
	'Empty: the name of the file. A folder such as inbox/: that name in the folder. Placeholders: {fileName}, or its parts {name} and {extension}, {date} such as 2025-01-31 and {id}, eight random characters. The extension follows the content of the file.';

const uploadKey: INodeProperties = {
	...locator('upload', 'Path and name under which the original is stored in the bucket', []),
	default: { mode: 'key', value: '' },
	required: false,
	modes: locatorModes(['key', 'url']).map((mode) =>
		mode.name === 'key' ? { ...mode, hint: UPLOAD_KEY_HINT, placeholder: 'e.g. inbox/' } : mode,
	),
};

/** Which image is repaired, and the binary field that an upload comes from. */
export const sourceProperties: INodeProperties[] = [
	key,
	binaryPropertyName,
	uploadKey,
	locator('cloud', STORED, ['list', 'key', 'url']),
];

/** An image that the service fetches itself: an object of the bucket, or any public image. */
export type RemoteImage = { kind: 'object'; key: ObjectKey } | { kind: 'public'; url: ImageUrl };

/**
 * Reads Object Key.
 *
 * @throws InvalidInput, InvalidParameter when the value can mean no image
 */
export function readRemoteImage(get: Get, location: BucketLocation): RemoteImage {
	const { mode, text } = readLocator(key, get, 'key', MODES);
	if (mode === 'public') return { kind: 'public', url: imageUrl(text.trim(), 'imageUrl') };
	const isUrl = mode === 'url' && text !== '';
	return { kind: 'object', key: isUrl ? keyOfUrl(location, text) : enteredKey(text) };
}

/**
 * Reads Object Key where only an object of the bucket will do.
 *
 * @throws InvalidInput, InvalidParameter when the value can mean no object
 */
export function readObjectKey(get: Get, location: BucketLocation): ObjectKey {
	const image = readRemoteImage(get, location);
	if (image.kind === 'object') return image.key;
	throw new InvalidParameter(key.displayName, 'publicImageStored', {});
}

/** Object Key of an upload, which may depend on the file. */
export interface UploadKey {
	/** As entered. */
	readonly text: string;
	/** Whether it depends on the file, or on when the node runs. */
	readonly isTemplate: boolean;
	/** The key. Throws InvalidInput when it can be none, InvalidParameter for an unknown placeholder. */
	readonly keyOf: (parts: UploadParts) => ObjectKey;
}

/**
 * Reads Object Key of an upload. An address is taken as it is, whatever braces are in it.
 *
 * @throws InvalidInput, InvalidParameter when the value can mean no object
 */
export function readUploadKey(get: Get, location: BucketLocation): UploadKey {
	const value = get(uploadKey.name);
	// An expression that gives nothing is a mistake, unlike a field that is left empty.
	if (isRecord(value) && 'value' in value && (value.value ?? undefined) === undefined) {
		throw new InvalidInput('objectKey', 'key.empty', {});
	}
	// A value that was picked in another mode of the node stays when the mode is changed.
	const { mode, text } = readLocator(uploadKey, get, 'key', MODES);
	if (mode === 'public') throw new InvalidParameter(uploadKey.displayName, 'publicImageStored', {});
	if (mode === 'url' && text !== '') {
		const key = keyOfUrl(location, text);
		return { text, isTemplate: false, keyOf: () => key };
	}
	checkEntered(text, 'objectKey');
	return {
		text,
		isTemplate: isUploadTemplate(text),
		keyOf: (parts) => objectKey(withoutSlash(fillUploadKey(text, parts))),
	};
}

/** Input Binary Field, and its label for what is wrong with the file. */
export function readInputField(get: Get): { field: string; label: string } {
	return { field: readText(binaryPropertyName, get), label: binaryPropertyName.displayName };
}
