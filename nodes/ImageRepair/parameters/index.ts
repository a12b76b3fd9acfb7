import type { INodeProperties } from 'n8n-workflow';

import { areaFields } from './area';
import { getManyProperties } from './getMany';
import { modeProperties, REPAIRING } from './mode';
import { optionProperties } from './options';
import { resultProperties } from './results';
import { detectProperties } from './search';
import { sourceProperties } from './source';
import { toolDescriptions } from './toolDescription';
import { uploadSettingProperties } from './uploadSettings';

/** What the editor shows, from top to bottom. */
export const properties: INodeProperties[] = [
	...modeProperties,
	...toolDescriptions,
	...sourceProperties,
	// By its path from the top: n8n drops the rows of a field whose condition names the field that was changed.
	...areaFields({ show: { '/operation': REPAIRING } }, '/area'),
	...detectProperties,
	...resultProperties,
	...uploadSettingProperties,
	...getManyProperties,
	...optionProperties,
];
