import type { INodeParameters } from 'n8n-workflow';

import { byKey, image, LOGO_POLYGON, NODE, openScene, type Scene } from './bucketAndEngine';

let scene: Scene;

beforeAll(async () => {
	scene = await openScene({ binaryMode: 'filesystem' });
	await scene.sandbox.putObject('a.png', await image(), 'image/png');
});
afterAll(async () => {
	await scene.close();
});
beforeEach(async () => {
	await scene.sandbox.resetCalls();
});

const cloud: INodeParameters = {
	operation: 'cloud',
	objectKey: byKey('a.png'),
	area: 'polygons',
	polygons: LOGO_POLYGON,
};
const list: INodeParameters = { operation: 'getMany', folder: '/' };

/** Parameters with a second result that has these fields. */
const second = (row: INodeParameters): INodeParameters => ({
	...cloud,
	options: { additionalResults: { result: [{ resultKey: 'second.png', ...row }] } },
});

describe('a value that is not on the list is rejected with its label and the allowed values', () => {
	test.each<[label: string, parameters: INodeParameters, allowed: string]>([
		['Mode', { ...cloud, operation: 'repair' }, 'detect, download, getMany, cloud, upload'],
		['Area', { ...cloud, area: '={{ "boxes" }}' }, 'automatic, logo, text, mask'],
		['Area', second({ area: '={{ "everywhere" }}' }), 'automatic, logo, text, mask'],
		['Mask Source', { ...cloud, area: 'mask', maskSource: '={{ "disk" }}' }, 'binary, object, url'],
		[
			'Rectangle 1, Measured From',
			{ ...cloud, area: 'rectangles', rectangles: { rectangle: [{ corner: 'middle' }] } },
			'bottomLeft, bottomRight, topLeft, topRight',
		],
		[
			'Image',
			{ ...cloud, objectKey: { __rl: true, mode: 'name', value: 'a.png' } },
			'list, key, url, public',
		],
		['Sort By', { ...list, sortBy: '={{ "date" }}' }, 'key, newest, oldest, largest, smallest'],
		['File Types', { ...list, fileTypes: '={{ ["image/png", "pdf"] }}' }, 'image/bmp'],
		['Folder', { ...list, folder: { __rl: true, mode: 'name', value: '/' } }, 'list, path, prefix'],
	])('%s', async (label, parameters, allowed) => {
		const result = await scene.run(parameters);
		expect(result.error?.message).toMatch(
			/is "\w+", which is not on the list (\(a\.png\) )?\[item 0\]$/,
		);
		expect(result.error?.message.startsWith(`${label} is `)).toBe(true);
		expect(result.error?.description).toContain(allowed);
		expect(await scene.sandbox.calls()).toEqual([]);
	});

	test.each(['Rectangles', 'RECTANGLES', ' rectangles '])(
		'but %j, as an agent may write it, is understood, and never repaired as Automatic',
		async (area) => {
			const rectangle = { left: 40, top: 30, width: 30, height: 16 };
			const result = await scene.run({
				...cloud,
				area: `={{ ${JSON.stringify(area)} }}`,
				rectangles: { rectangle: [rectangle] },
			});
			expect(result.error).toBeUndefined();
			const asked = (await scene.sandbox.ledger()).calls.flatMap(({ asked }) => asked);
			expect(asked.at(-1)?.area).toBe(`polygons ${LOGO_POLYGON}`);
		},
	);

	test('Endpoint in the credential', async () => {
		const result = await scene.run(cloud, undefined, { credential: { endpoint: 'fastest' } });
		expect(result.error?.message).toBe(
			'Endpoint in the credential is "fastest", which is not on the list [item 0]',
		);
		expect(await scene.sandbox.calls()).toEqual([]);
	});
});

describe('a switch from an expression', () => {
	test.each(['={{ "true" }}', '={{ 1 }}', '={{ " TRUE " }}', '={{ true }}'])(
		'%s turns Dry Run on, so no call is billed',
		async (dryRun) => {
			const result = await scene.run({ ...cloud, options: { dryRun } });
			expect(result.output(NODE)[0]?.json.dryRun).toBe(true);
			expect(await scene.billedCalls()).toBe(0);
		},
	);

	test.each(['={{ "false" }}', '={{ 0 }}', '={{ false }}', '={{ null }}'])(
		'%s leaves Dry Run off',
		async (dryRun) => {
			const result = await scene.run({ ...cloud, options: { dryRun } });
			expect(result.output(NODE)[0]?.json.dryRun).toBeUndefined();
			expect(await scene.billedCalls()).toBe(1);
		},
	);

	test.each<[label: string, parameters: INodeParameters]>([
		['Dry Run', { ...cloud, options: { dryRun: '={{ "yes" }}' } }],
		[
			'Retry Lost Calls',
			{ ...cloud, operation: 'download', options: { retryLostCalls: '={{ "maybe" }}' } },
		],
		['Check Area First', { ...cloud, options: { checkAreaFirst: '={{ "" }}' } }],
		['Skip Existing Results', { ...cloud, options: { skipExisting: '={{ 2 }}' } }],
		['Return Image Information', { ...cloud, options: { returnImageInformation: '={{ [] }}' } }],
		['Overwrite Original', { ...cloud, overwriteOriginal: '={{ "no" }}' }],
		['Also Download the Result', { ...cloud, downloadResult: '={{ {} }}' }],
		['Simplify', { ...cloud, options: { simplify: '={{ "simple" }}' } }],
		['Include Subfolders', { ...list, includeSubfolders: '={{ "deep" }}' }],
		['Ignore Repaired Images', { ...list, ignoreRepaired: '={{ "off" }}' }],
		['Return All', { ...list, returnAll: '={{ "all" }}' }],
	])(
		'%s that is neither on nor off is rejected, and no request is sent',
		async (label, parameters) => {
			const result = await scene.run(parameters);
			expect(result.error?.message).toMatch(
				new RegExp(`^${label} is .*, which is neither on nor off (\\(a\\.png\\) )?\\[item 0\\]$`),
			);
			expect(await scene.sandbox.calls()).toEqual([]);
		},
	);
});

test('the area of an additional result is checked before the first request of the item', async () => {
	const invalid = [
		{ area: 'polygons', polygons: '[[1,2]]' },
		{ area: 'rectangles', rectangles: { rectangle: [{ width: 0 }] } },
		{ area: 'mask', maskUrl: 'ftp://example.com/mask.png' },
		{ area: 'mask', maskSource: 'object', maskObjectKey: byKey('masks/') },
		{ area: 'mask', maskSource: 'binary', maskBinaryPropertyName: 'nowhere' },
	];
	for (const row of invalid) {
		const percent = {
			...second(row),
			area: 'rectangles',
			rectangles: { rectangle: [{ unit: 'percent', width: 10, height: 10 }] },
			options: { ...(second(row).options as INodeParameters), skipExisting: true },
		};
		const result = await scene.run(percent);
		expect(result.status).toBe('error');
		expect(await scene.sandbox.calls()).toEqual([]);
	}
});
