import type {
	IAuthenticate,
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import { REGIONS } from '../cos/location/regions';
import { OTHER_REGION, readAccount } from './account';
import { authenticate } from './authenticate';

const ICON = {
	light: 'file:../icons/imageRepair.svg',
	dark: 'file:../icons/imageRepair.dark.svg',
} as const;

export class TencentCloudInfiniteApi implements ICredentialType {
	name = 'tencentCloudInfiniteApi';

	displayName = 'Tencent Cloud Infinite API';

	icon = ICON;

	documentationUrl =
		'https://github.com/n8n-nodes-tencent-image-repair/n8n-nodes-tencent-image-repair#credential';

	properties: INodeProperties[] = [
		{
			displayName: 'Secret ID',
			name: 'secretId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. AKIDxxxxxxxxxxxxxxxx',
			description:
				'From "API Keys" in the Tencent Cloud console. A sub-account with just the permissions it needs is the safest.',
		},
		{
			displayName: 'Secret Key',
			name: 'secretKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'The key that belongs to the Secret ID. It never leaves n8n.',
		},
		{
			displayName: 'Bucket',
			name: 'bucket',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. examplebucket-1250000000',
			description: 'Full name with the APPID at the end, as the console shows it',
		},
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
		{
			displayName: 'Security Token',
			name: 'securityToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'Only for temporary credentials: the token that came with Secret ID and Secret Key. It is sent to the hosts of the bucket only.',
		},
		{
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
		},
		{
			displayName: 'Custom Domain',
			name: 'customDomain',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. https://images.example.com',
			description:
				'Address of the domain, without a path. It has to begin with https://, except on this machine.',
			displayOptions: { show: { endpoint: ['custom'] } },
		},
	];

	authenticate: IAuthenticate = (
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> =>
		Promise.resolve(authenticate(readAccount(credentials), requestOptions));
}
