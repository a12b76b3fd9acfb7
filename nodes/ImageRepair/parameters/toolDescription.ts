import type { INodeProperties } from 'n8n-workflow';

import type { Mode } from './mode';

/**
 * What a model is told. n8n adds a field of this name to every tool that has none, but fills it in from the
 * description of the whole node where there is no resource to choose.
 */
function toolDescription(mode: Mode, text: string): INodeProperties {
	return {
		displayName: 'Tool Description',
		name: 'toolDescription',
		type: 'string',
		typeOptions: { rows: 4 },
		default: text,
		required: true,
		description: 'What the model is told of this tool: when to use it, and what it gets',
		displayOptions: { show: { '@tool': [true], operation: [mode] } },
	};
}

/** One for each mode that works as a tool. */
export const toolDescriptions: INodeProperties[] = [
	toolDescription(
		'cloud',
		'Removes a logo or watermark from an image that is stored in the Tencent COS bucket, and stores the repaired image there. Returns the path (key) and the address (url) of the repaired image in "results", not the image itself. Every call is billed, so call it once for each image. If it returns "error", tell the user its message and description.',
	),
	toolDescription(
		'detect',
		'Finds logos and text in an image that is stored in the Tencent COS bucket. Returns "areas", each with what it is (label), how certain that is (confidence, 0 to 100) and where it is (polygon, in pixels). It repairs nothing. Every call is billed, so call it once for each image. If it returns "error", tell the user its message and description.',
	),
	toolDescription(
		'getMany',
		'Lists images in the Tencent COS bucket, each with its path (key), size and date. Use it to find the path of an image. It repairs nothing, and no repair is billed. If it returns "error", tell the user its message and description.',
	),
];
