import type { INodeProperties } from 'n8n-workflow';

import { InvalidParameter } from '../../shared/invalidParameter';
import { choiceField, oneOf, type Get } from '../../shared/parameters';

/** Values of the parameter `operation`. */
export type Mode = 'download' | 'upload' | 'cloud' | 'detect' | 'getMany';

const modeProperty = choiceField<Mode>({
	displayName: 'Mode',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	default: 'download',
	displayOptions: { hide: { '@tool': [true] } },
	options: [
		{
			name: 'Detect Logos and Text',
			value: 'detect',
			action: 'Detect logos and text in an image',
			description:
				'Find out which logos and texts are in an image, and where; no repair is billed, only the detection',
		},
		{
			name: 'Download Repaired Image',
			value: 'download',
			action: 'Download a repaired image',
			description:
				'Repair an image of the bucket, or a public one, and get it as binary data; nothing is stored',
		},
		{
			name: 'Get Many Images',
			value: 'getMany',
			action: 'Get many images',
			description: 'List images of the bucket, for another node to repair; no repair is billed',
		},
		{
			name: 'Repair Image in Bucket',
			value: 'cloud',
			action: 'Repair an image in the bucket',
			description:
				'Repair an image of the bucket and store the result in the bucket, without a download',
		},
		{
			name: 'Upload and Repair Image',
			value: 'upload',
			action: 'Upload and repair an image',
			description: 'Send an image and store both the original and the repaired one in the bucket',
		},
	],
});

/**
 * Modes that work as a tool: a model calls with text and is answered with text, so it can neither give nor
 * receive an image.
 */
const OF_TOOL: readonly Mode[] = ['cloud', 'detect', 'getMany'];

const toolModeProperty = choiceField<Mode>({
	...modeProperty,
	default: 'cloud',
	options: modeProperty.options.filter(({ value }) => OF_TOOL.includes(value)),
	displayOptions: { show: { '@tool': [true] } },
});

/** Mode, of the node and of the tool. n8n makes the list of actions from the first. */
export const modeProperties: INodeProperties[] = [modeProperty, toolModeProperty];

/** Modes that repair an image. */
export const REPAIRING: Mode[] = ['download', 'upload', 'cloud'];
/** Modes that store their results in the bucket. */
export const STORING: Mode[] = ['upload', 'cloud'];

const SUBTITLES: Readonly<Record<Mode, string>> = {
	download: 'download',
	upload: 'upload and repair',
	cloud: 'repair in bucket',
	detect: 'detect logos and text',
	getMany: 'get many images',
};

/** What stands below the node on the canvas. */
export const subtitle = `={{ (${JSON.stringify(SUBTITLES)})[$parameter["operation"]] }}`;

/** @throws InvalidParameter for a mode that does not exist */
export function readMode(get: Get): Mode {
	return oneOf(modeProperty, get);
}

/** @throws InvalidParameter for a mode that does not work as a tool: a tool of an older version may have it */
export function checkToolMode(mode: Mode): void {
	if (OF_TOOL.includes(mode)) return;
	const reason = mode === 'download' ? 'toolDownload' : 'toolUpload';
	throw new InvalidParameter(modeProperty.displayName, reason, {});
}
