import type { INodeProperties } from 'n8n-workflow';

import { areaFields } from './area';
import { getManyProperties } from './getMany';
import { modeProperty, REPAIRING } from './mode';
import { optionProperties } from './options';
import { resultProperties } from './results';
import { sourceProperties } from './source';
import { uploadSettingProperties } from './uploadSettings';

/** What the editor shows, from top to bottom. */
export const properties: INodeProperties[] = [
	modeProperty,
	...sourceProperties,
	...areaFields({ show: { operation: REPAIRING } }),
	...resultProperties,
	...uploadSettingProperties,
	...getManyProperties,
	...optionProperties,
];
