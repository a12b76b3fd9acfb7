import type { INodeProperties } from 'n8n-workflow';

import type { EndpointKind } from '../cos/location/endpoint';
import { REGIONS } from '../cos/location/regions';
import { createAccount, type Account } from '../cos/signing/authorize';
import { choiceField, oneOf } from '../nodes/shared/parameters';

/** The value of Region that stands for "a name that is not on the list". */
const OTHER_REGION = 'other';

export const regionFields = [
	{
		displayName: 'Region',
		name: 'region',
		type: 'options',
		default: 'ap-guangzhou',
		required: true,
		description: 'Where the bucket is, as the console shows it',
		options: [
			...REGIONS.map(({ id, place }) => ({ name: `${place} (${id})`, value: id })),
			{ name: 'Other', value: OTHER_REGION },
		],
	},
	{
		displayName: 'Other Region',
		name: 'otherRegion',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. ap-guangzhou',
		description: 'Short name of a region that is not on the list',
		displayOptions: { show: { region: [OTHER_REGION] } },
	},
] satisfies INodeProperties[];

export const endpointField = choiceField<EndpointKind>({
	displayName: 'Endpoint',
	name: 'endpoint',
	type: 'options',
	default: 'default',
	description: 'Which address of the bucket to use',
	options: [
		{
			name: 'Custom Domain',
			value: 'custom',
			description: 'A domain of your own that is bound to the bucket',
		},
		{
			name: 'Default',
			value: 'default',
			description: 'The myqcloud.com address that works from everywhere',
		},
		{
			name: 'Global Acceleration',
			value: 'accelerate',
			description: 'Faster from far away; has to be enabled for the bucket and costs extra',
		},
		{
			name: 'Internal Network',
			value: 'internal',
			description: 'Without traffic cost, for n8n on a Tencent Cloud server of the same region',
		},
		{
			name: 'Tencentcos.cn',
			value: 'tencentcos',
			description: 'The same service under another domain, where myqcloud.com is blocked',
		},
	],
});

/**
 * A credential's fields as n8n stores them → account and bucket. Spaces that came along with a
 * copied value are dropped.
 *
 * @throws InvalidInput, InvalidParameter that names the field
 */
export function readAccount(data: Readonly<Record<string, unknown>>): Account {
	const text = (name: string): string => {
		const value = data[name];
		return typeof value === 'string' ? value.trim() : '';
	};
	const region = text('region');
	const endpoint = oneOf(
		endpointField,
		(name) => data[name],
		`${endpointField.displayName} in the credential`,
	);
	return createAccount(
		{
			secretId: text('secretId'),
			secretKey: text('secretKey'),
			securityToken: text('securityToken') || undefined,
		},
		{
			bucket: text('bucket'),
			region: region === OTHER_REGION ? text('otherRegion') : region,
			endpoint,
			customDomain: text('customDomain'),
		},
	);
}
