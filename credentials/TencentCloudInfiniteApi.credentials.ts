import type {
	IAuthenticate,
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import { endpointField, regionFields } from './account';
import { authenticate } from './authenticate';

const ICON = {
	light: 'file:../icons/imageRepair.svg',
	dark: 'file:../icons/imageRepair.dark.svg',
} as const;

export class TencentCloudInfiniteApi implements ICredentialType {
	name = 'tencentCloudInfiniteApi';

	displayName = 'Tencent Cloud Infinite API';

	icon = ICON;

	documentationUrl = 'https://github.com/-owner-/n8n-nodes-tencent-image-repair#credential';

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
		...regionFields,
		{
			displayName: 'Security Token',
			name: 'securityToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'Only for temporary credentials: the token that came with Secret ID and Secret Key. It is sent to the hosts of the bucket only.',
		},
		endpointField,
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
	): Promise<IHttpRequestOptions> => Promise.resolve(authenticate(credentials, requestOptions));
}
