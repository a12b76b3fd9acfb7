import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';

import { readAccount } from '../../credentials/account';
import { testTencentCloudInfiniteApi } from '../shared/credentialTest';
import { searchFolders } from '../shared/listSearch';
import { nodeError } from '../shared/errors';
import { DESCRIPTION } from '../shared/messages';
import { CREDENTIAL } from '../shared/transport';
import { pollImages } from './poll';
import { properties } from './parameters';

export class ImageRepairTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Tencent COS Image Trigger',
		name: 'imageRepairTrigger',
		icon: {
			light: 'file:../../icons/imageRepair.svg',
			dark: 'file:../../icons/imageRepair.dark.svg',
		},
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["folder"]["value"] }}',
		description: DESCRIPTION,
		defaults: { name: 'Tencent COS Image Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'tencentCloudInfiniteApi', required: true, testedBy: 'testTencentCloudInfiniteApi' },
		],
		// A copy: n8n adds Poll Times to it each time it loads the node.
		properties: [...properties],
	};

	methods = {
		credentialTest: { testTencentCloudInfiniteApi },
		listSearch: { searchFolders },
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		try {
			return await pollImages(this, readAccount(await this.getCredentials(CREDENTIAL)));
		} catch (error) {
			throw nodeError(this.getNode(), error);
		}
	}
}
