import { choiceField, oneOf, type Get } from '../../shared/parameters';

/** Values of the parameter `operation`. */
export type Mode = 'download' | 'upload' | 'cloud' | 'getMany';

export const modeProperty = choiceField<Mode>({
	displayName: 'Mode',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	default: 'download',
	options: [
		{
			name: 'Download Repaired Image',
			value: 'download',
			action: 'Download a repaired image',
			description: 'Repair an image of the bucket and get it as binary data; nothing is stored',
		},
		{
			name: 'Upload and Repair Image',
			value: 'upload',
			action: 'Upload and repair an image',
			description: 'Send an image and store both the original and the repaired one in the bucket',
		},
		{
			name: 'Repair Image in Bucket',
			value: 'cloud',
			action: 'Repair an image in the bucket',
			description: 'Repair an image of the bucket into another one; no image passes through n8n',
		},
		{
			name: 'Get Many Images',
			value: 'getMany',
			action: 'Get many images',
			description: 'List images of the bucket, for another node to repair; costs no repair',
		},
	],
});

/** Modes that repair an image. */
export const REPAIRING: Mode[] = ['download', 'upload', 'cloud'];
/** Modes that store their results in the bucket. */
export const STORING: Mode[] = ['upload', 'cloud'];

const SUBTITLES: Readonly<Record<Mode, string>> = {
	download: 'download',
	upload: 'upload and repair',
	cloud: 'repair in bucket',
	getMany: 'get many images',
};

/** What stands below the node on the canvas. */
export const subtitle = `={{ (${JSON.stringify(SUBTITLES)})[$parameter["operation"]] }}`;

/** @throws InvalidParameter for a mode that does not exist */
export function readMode(get: Get): Mode {
	return oneOf(modeProperty, get);
}
