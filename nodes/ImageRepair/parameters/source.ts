import type { INodeProperties, INodePropertyMode } from 'n8n-workflow';

import { keyOfUrl, type BucketLocation } from '../../../cos/location/endpoint';
import { enteredKey, type ObjectKey } from '../../../cos/location/objectKey';
import { imageUrl, type ImageUrl } from '../../../cos/location/imageUrl';
import { InvalidParameter } from '../../shared/invalidParameter';
import { readLocator, readText, type Get } from '../../shared/parameters';

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

/** Which image is repaired, and the binary field that an upload comes from. */
export const sourceProperties: INodeProperties[] = [
	key,
	binaryPropertyName,
	locator('upload', 'Path and name under which the original is stored in the bucket', [
		'key',
		'url',
	]),
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

/** Input Binary Field, and its label for what is wrong with the file. */
export function readInputField(get: Get): { field: string; label: string } {
	return { field: readText(binaryPropertyName, get), label: binaryPropertyName.displayName };
}
