import type { INodeProperties } from 'n8n-workflow';

import {
	settingHeaders,
	type Encryption,
	type NamedText,
	type ObjectAcl,
	type SettingHeaders,
	type StorageClass,
} from '../../../cos/requests/uploadSettings';
import { present } from '../../../cos/values';
import {
	choiceField,
	oneOf,
	readCollection,
	readRows,
	readText,
	type ChoiceField,
	type Get,
} from '../../shared/parameters';

const acl = choiceField<ObjectAcl>({
	displayName: 'ACL',
	name: 'acl',
	type: 'options',
	default: 'default',
	description: 'Who else may read the original',
	options: [
		{ name: 'Authenticated Read', value: 'authenticated-read' },
		{ name: 'Bucket Owner Full Control', value: 'bucket-owner-full-control' },
		{ name: 'Bucket Owner Read', value: 'bucket-owner-read' },
		{ name: 'Default', value: 'default', description: 'As the bucket and its folders say' },
		{ name: 'Private', value: 'private' },
		{ name: 'Public Read', value: 'public-read', description: 'Anybody may read it' },
	],
});

const cacheControl: INodeProperties = {
	displayName: 'Cache Control',
	name: 'cacheControl',
	type: 'string',
	default: '',
	placeholder: 'e.g. max-age=86400',
	description: 'How long browsers and CDNs keep the original',
};

const contentDisposition: INodeProperties = {
	displayName: 'Content Disposition',
	name: 'contentDisposition',
	type: 'string',
	default: '',
	placeholder: 'e.g. attachment; filename="image.jpg"',
	description: 'Whether browsers show the original or save it, and under which name',
};

const encryption = choiceField<'none' | Encryption['method']>({
	displayName: 'Encryption',
	name: 'encryption',
	type: 'options',
	default: 'none',
	description: 'How the service encrypts the original at rest',
	options: [
		{ name: 'As the Bucket Says', value: 'none' },
		{ name: 'Keys of COS (SSE-COS, AES256)', value: 'AES256' },
		{
			name: 'Keys of KMS (SSE-KMS)',
			value: 'cos/kms',
			description:
				'The node then cannot recognize the image: a lost upload is not found, and Skip Existing Results repairs and bills it again',
		},
	],
});

const ofKms = { show: { encryption: ['cos/kms'] } };

const kmsContext: INodeProperties = {
	displayName: 'KMS Context',
	name: 'kmsContext',
	type: 'json',
	default: '',
	placeholder: 'e.g. {"department": "design"}',
	description: 'JSON object with text values that the key is used with, as KMS asks for',
	displayOptions: ofKms,
};

const kmsKeyId: INodeProperties = {
	displayName: 'KMS Key ID',
	name: 'kmsKeyId',
	type: 'string',
	default: '',
	placeholder: 'e.g. 48ba38aa-26c5-11ea-855c-52540085abcd',
	description: 'The key in KMS; by default the one that COS has there',
	displayOptions: ofKms,
};

const rowName: INodeProperties = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
};

const rowValue: INodeProperties = {
	displayName: 'Value',
	name: 'value',
	type: 'string',
	default: '',
};

const metadata: INodeProperties = {
	displayName: 'Metadata',
	name: 'metadata',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Entry' },
	default: {},
	placeholder: 'Add Entry',
	description:
		'Stored with the original as x-cos-meta-… headers: up to 2 KB in all, of plain ASCII text',
	options: [
		{
			displayName: 'Entry',
			name: 'entry',
			values: [{ ...rowName, description: 'Letters, digits and hyphens' }, rowValue],
		},
	],
};

const storageClass = choiceField<StorageClass>({
	displayName: 'Storage Class',
	name: 'storageClass',
	type: 'options',
	default: 'STANDARD',
	description:
		'What keeping the original costs, and how fast it can be read. MAZ classes are those of buckets in several zones.',
	options: [
		{ name: 'Archive', value: 'ARCHIVE', description: 'Has to be restored before it can be read' },
		{
			name: 'Archive (MAZ)',
			value: 'MAZ_ARCHIVE',
			description: 'Has to be restored before it can be read',
		},
		{
			name: 'Deep Archive',
			value: 'DEEP_ARCHIVE',
			description: 'Has to be restored before it can be read',
		},
		{ name: 'Intelligent Tiering', value: 'INTELLIGENT_TIERING' },
		{ name: 'Intelligent Tiering (MAZ)', value: 'MAZ_INTELLIGENT_TIERING' },
		{ name: 'Standard', value: 'STANDARD' },
		{ name: 'Standard (MAZ)', value: 'MAZ_STANDARD' },
		{ name: 'Standard IA', value: 'STANDARD_IA', description: 'For infrequent access' },
		{ name: 'Standard IA (MAZ)', value: 'MAZ_STANDARD_IA', description: 'For infrequent access' },
	],
});

const tags: INodeProperties = {
	displayName: 'Tags',
	name: 'tags',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Tag' },
	default: {},
	placeholder: 'Add Tag',
	description: 'Up to ten tags of the original',
	options: [
		{
			displayName: 'Tag',
			name: 'tag',
			values: [{ ...rowName, displayName: 'Key' }, rowValue],
		},
	],
};

/** How an upload stores its original. */
const uploadSettings: INodeProperties = {
	displayName: 'Upload Settings',
	name: 'uploadSettings',
	type: 'collection',
	placeholder: 'Add setting',
	default: {},
	description:
		'How the original is stored. Tencent does not document whether results are stored in the same way.',
	options: [
		acl,
		cacheControl,
		contentDisposition,
		encryption,
		kmsContext,
		kmsKeyId,
		metadata,
		storageClass,
		tags,
	],
	displayOptions: { show: { operation: ['upload'] } },
};

export const uploadSettingProperties: INodeProperties[] = [uploadSettings];

/** What was chosen, where something was. */
function chosen<T extends string>(field: ChoiceField<T>, given: Get): T | undefined {
	return (given(field.name) ?? undefined) === undefined ? undefined : oneOf(field, given);
}

/** Rows of names and values; one that was left empty means nothing. */
function readEntries(field: INodeProperties, rowField: string, given: Get): NamedText[] {
	return readRows(field, rowField, given)
		.map((row) => ({ name: readText(rowName, row), value: readText(rowValue, row) }))
		.filter(({ name, value }) => name !== '' || value !== '');
}

function readEncryption(given: Get): Encryption | undefined {
	const method = oneOf(encryption, given);
	if (method === 'none') return undefined;
	if (method === 'AES256') return { method };
	const context = given(kmsContext.name) ?? undefined;
	return present({ method, keyId: readText(kmsKeyId, given), context });
}

/** @throws InvalidInput, InvalidParameter that names the setting */
export function readUploadSettings(get: Get): SettingHeaders {
	const given = readCollection(uploadSettings, get);
	return settingHeaders({
		acl: chosen(acl, given),
		cacheControl: readText(cacheControl, given),
		contentDisposition: readText(contentDisposition, given),
		encryption: readEncryption(given),
		metadata: readEntries(metadata, 'entry', given),
		storageClass: chosen(storageClass, given),
		tags: readEntries(tags, 'tag', given),
	});
}
