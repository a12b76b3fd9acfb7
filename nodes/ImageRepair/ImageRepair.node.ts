import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { testTencentCloudInfiniteApi } from '../shared/credentialTest';
import { searchFolders, searchImages } from '../shared/listSearch';
import { DESCRIPTION } from '../shared/messages';
import { runAsCalled, isTool } from './asTool';
import type { Done, Item } from './item';
import { cloud } from './modes/cloud';
import { detectMode } from './modes/detect';
import { download } from './modes/download';
import { getMany } from './modes/getMany';
import { upload } from './modes/upload';
import { properties } from './parameters';
import { checkToolMode, readMode, subtitle, type Mode } from './parameters/mode';
import { runItems } from './runItems';

const MODES: Readonly<Record<Mode, (item: Item) => Promise<Done>>> = {
	download,
	upload,
	cloud,
	detect: detectMode,
	getMany,
};

export class ImageRepair implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Tencent Image Repair',
		name: 'imageRepair',
		icon: {
			light: 'file:../../icons/imageRepair.svg',
			dark: 'file:../../icons/imageRepair.dark.svg',
		},
		group: ['transform'],
		version: 1,
		subtitle,
		description: DESCRIPTION,
		defaults: { name: 'Tencent Image Repair' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'tencentCloudInfiniteApi', required: true, testedBy: 'testTencentCloudInfiniteApi' },
		],
		properties,
	};

	methods = {
		credentialTest: { testTencentCloudInfiniteApi },
		listSearch: { searchFolders, searchImages },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const work = async (item: Item): Promise<Done> => {
			const mode = readMode(item.get);
			if (isTool(this)) checkToolMode(mode);
			return await MODES[mode](item);
		};
		return [await runAsCalled(this, async () => await runItems(this, work))];
	}
}
