import type { INodeParameters } from 'n8n-workflow';

/** A way in which the node is set up, and what is there before it runs. */
export interface CommonSetting {
	name: string;
	parameters: INodeParameters;
	/** What ran before: the same for the same images, or an upload of other images under the same keys. */
	after?: 'sameRun' | 'otherImages';
	/** Whether all items are about one image, each with a result of its own. */
	ofOneImage?: true;
}

/** The key of an image: `=` makes n8n take the number of the item from it. */
const KEY = '={{ $json.n }}.png';
/** The mask that `objectsOf` stores. */
export const MASK_KEY = 'masks/logo.png';

const rectangle = (unit: 'pixels' | 'percent', corner: 'topLeft' | 'bottomRight') => ({
	area: 'rectangles',
	rectangles: { rectangle: [{ corner, unit, left: 10, top: 10, width: 20, height: 20 }] },
});
const AREAS = {
	automatic: { area: 'automatic' },
	pixels: rectangle('pixels', 'topLeft'),
	percent: rectangle('percent', 'bottomRight'),
	text: { area: 'text', textFilter: 'any' },
	storedMask: {
		area: 'mask',
		maskSource: 'object',
		maskObjectKey: { __rl: true, mode: 'key', value: MASK_KEY },
	},
	binaryMask: { area: 'mask', maskSource: 'binary', maskBinaryPropertyName: 'mask' },
} satisfies Record<string, INodeParameters>;

const from = (key: string) => ({ objectKey: { __rl: true, mode: 'key', value: key } });
const download = (area: INodeParameters, options: INodeParameters = {}) => ({
	...{ operation: 'download', ...from(KEY) },
	...{ ...area, options },
});
const inBucket = (area: INodeParameters, options: INodeParameters = {}) => ({
	...{ operation: 'cloud', ...from(KEY), resultKey: '/results/{name}{extension}' },
	...{ ...area, options },
});
const upload = (area: INodeParameters, options: INodeParameters = {}) => ({
	...{ operation: 'upload', storeAs: KEY, resultKey: '/results/{name}{extension}' },
	...{ ...area, options },
});

const additional = (name: string) => ({ resultKey: `/${name}/{name}{extension}`, ...AREAS.pixels });
const threeResults = {
	additionalResults: { result: [additional('second'), additional('third')] },
};
const skip = { skipExisting: true };
const number = { ifKeyExists: 'number' };
const dryRun = { dryRun: true };
const downloadResult = { downloadResult: true, outputBinaryPropertyName: 'data' };
const { automatic, pixels, percent, text, storedMask, binaryMask } = AREAS;

/** What most users set up, by mode. Check Area First is on wherever it is not said to be off. */
export const COMMON_SETTINGS: readonly CommonSetting[] = [
	{ name: 'Download: Automatic', parameters: download(automatic) },
	{ name: 'Download: Rectangles in pixels', parameters: download(pixels) },
	{
		name: 'Download: Rectangles in pixels, Check Area First off',
		parameters: download(pixels, { checkAreaFirst: false }),
	},
	{ name: 'Download: Rectangles in percent', parameters: download(percent) },
	{ name: 'Download: Found Text', parameters: download(text) },
	{ name: 'Download: Mask in the Bucket', parameters: download(storedMask) },
	{ name: 'Download: Mask from a Binary Field', parameters: download(binaryMask) },
	{ name: 'Download: Dry Run', parameters: download(percent, dryRun) },
	{ name: 'In Bucket: Automatic', parameters: inBucket(automatic) },
	{ name: 'In Bucket: Rectangles in percent', parameters: inBucket(percent) },
	{
		name: 'In Bucket: Rectangles in percent, items of one image',
		parameters: {
			...inBucket(percent),
			...from('0.png'),
			resultKey: '=/results/{{ $json.n }}.png',
		},
		ofOneImage: true,
	},
	{
		name: 'In Bucket: Also Download the Result',
		parameters: { ...inBucket(automatic), ...downloadResult },
	},
	{ name: 'In Bucket: three results', parameters: inBucket(percent, threeResults) },
	{ name: 'In Bucket: Skip Existing Results, first run', parameters: inBucket(percent, skip) },
	{
		name: 'In Bucket: Skip Existing Results, next run',
		parameters: inBucket(percent, skip),
		after: 'sameRun',
	},
	{ name: 'In Bucket: Found Text', parameters: inBucket(text) },
	{ name: 'In Bucket: Dry Run', parameters: inBucket(percent, dryRun) },
	{ name: 'Upload: Automatic', parameters: upload(automatic) },
	{ name: 'Upload: Rectangles in percent', parameters: upload(percent) },
	{
		name: 'Upload: Also Download the Result',
		parameters: { ...upload(automatic), ...downloadResult },
	},
	{ name: 'Upload: Add a Number, key free', parameters: upload(automatic, number) },
	{
		name: 'Upload: Add a Number, key of another image',
		parameters: upload(automatic, number),
		after: 'otherImages',
	},
	{ name: 'Upload: Skip Existing Results, first run', parameters: upload(automatic, skip) },
	{
		name: 'Upload: Skip Existing Results, next run',
		parameters: upload(automatic, skip),
		after: 'sameRun',
	},
	{ name: 'Upload: Mask from a Binary Field', parameters: upload(binaryMask) },
	{ name: 'Upload: Found Text', parameters: upload(text) },
	{ name: 'Upload: Dry Run', parameters: upload(percent, dryRun) },
];
