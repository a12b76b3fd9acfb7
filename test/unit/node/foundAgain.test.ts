import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { readAccount } from '../../../credentials/account';
import { bucketName } from '../../../cos/location/bucket';
import { objectKey } from '../../../cos/location/objectKey';
import { checkResults, resultKey, sourceAsResult } from '../../../cos/location/resultKey';
import type { StoredSource } from '../../../nodes/ImageRepair/area/source';
import type { Item } from '../../../nodes/ImageRepair/item';
import { refuseFoundAgain } from '../../../nodes/ImageRepair/loops';
import { thrownBy } from '../cos/thrown';
import { refusal } from './refusal';

const OWN = 'own-1250000000';
const OTHER = 'other-1250000000';
const account = readAccount({
	secretId: 'id',
	secretKey: 'key',
	bucket: OWN,
	region: 'ap-guangzhou',
});
const source = objectKey('in/a.jpg');
const inBucket: StoredSource = { kind: 'object', key: source };
const upload = { kind: 'upload', key: source } as StoredSource;

interface Scene {
	trigger?: INodeParameters;
	/** The type and state of the node above. */
	above?: { type?: string; disabled?: boolean };
	/** What the trigger gave out; by default it has not run. */
	given?: IDataObject[];
	/** What came into the node. */
	json?: IDataObject;
}

function itemIn({ trigger, above, given, json = {} }: Scene = {}) {
	const getParentNodes = jest.fn(() => [
		{
			name: 'New Images',
			type: 'package.imageRepairTrigger',
			typeVersion: 1,
			disabled: false,
			parameters: { folder: 'in', ...trigger },
			...above,
		},
	]);
	const functions = {
		getNode: () => ({ name: 'Repair' }),
		getParentNodes,
		getInputData: () => [{ json }],
		getWorkflowDataProxy: () => ({
			$items: () => {
				if (!given) throw new Error('It has not run');
				return given.map((one) => ({ json: one }));
			},
		}),
	};
	return { item: { functions, index: 0, account } as unknown as Item, getParentNodes };
}

const clean = (bucket?: string) =>
	checkResults([
		{
			target: resultKey(
				'clean/a.jpg',
				source,
				bucket === undefined ? undefined : bucketName(bucket, 'destinationBucket'),
			),
		},
	]);

const isRefused = (scene: Scene, results = clean()) =>
	thrownBy(() => refuseFoundAgain(itemIn(scene).item, inBucket, results, false)) !== undefined;

test('a result is refused with the trigger that would find it, and what to do', () => {
	expect(refusal(() => refuseFoundAgain(itemIn().item, inBucket, clean(), false))).toEqual({
		message:
			'Result Key "in/clean/a.jpg" is a key that the trigger "New Images" would find as a new image',
		advice: expect.stringContaining('Nothing was sent.') as string,
	});
});

test('an original that is overwritten is refused, and so is one that is uploaded', () => {
	const original = checkResults([{ target: sourceAsResult(source) }]);
	const { item } = itemIn();
	expect(refusal(() => refuseFoundAgain(item, inBucket, original, true)).message).toBe(
		'Overwrite Original is on, so the trigger "New Images" would find "in/a.jpg" again as a changed image',
	);
	for (const results of [original, clean(OTHER)]) {
		expect(refusal(() => refuseFoundAgain(item, upload, results, true)).message).toBe(
			'Store As "in/a.jpg" is a key that the trigger "New Images" would find as a new image',
		);
	}
});

test.each<[what: string, scene: Scene]>([
	['recognizes the result', { trigger: { resultKeys: ['clean/{name}{extension}'] } }],
	['watches another folder', { trigger: { folder: 'other' } }],
	['leaves subfolders out', { trigger: { includeSubfolders: false } }],
	['takes other file types', { trigger: { fileTypes: ['image/png'] } }],
	['is disabled', { above: { disabled: true } }],
	['is another node', { above: { type: 'package.imageRepair' } }],
	['has a folder by expression', { trigger: { folder: { mode: 'path', value: '={{ "in" }}' } } }],
	['has a result key by expression', { trigger: { resultKeys: ['={{ $vars.key }}'] } }],
	['has a switch by expression', { trigger: { ignoreRepaired: '={{ false }}' } }],
	['has no folder, so that it refuses itself', { trigger: { folder: '' } }],
	['gave out images of another bucket', { given: [{ bucket: OTHER }] }],
	['has not run, and the item is of another bucket', { json: { bucket: OTHER } }],
])('nothing is refused when the trigger %s', (_, scene) => {
	expect(isRefused(scene)).toBe(false);
});

test('an expression in a field that is no filter does not keep a result from being refused', () => {
	expect(isRefused({ trigger: { limit: '={{ 5 }}', minimumAge: '={{ 5 }}' } })).toBe(true);
});

test('the bucket that counts is the one that the trigger gave images of', () => {
	expect(isRefused({ given: [{ bucket: OWN }], json: { bucket: OTHER } })).toBe(true);
	expect(isRefused({ given: [], json: { bucket: OWN } })).toBe(true);
	expect(isRefused({}, clean(OTHER))).toBe(false);
	expect(isRefused({ given: [{ bucket: OTHER }] }, clean(OTHER))).toBe(true);
});

test('triggers are looked for once in a run, however many items it has', () => {
	const { item, getParentNodes } = itemIn({ trigger: { folder: 'other' } });
	for (let index = 0; index < 3; index++) {
		refuseFoundAgain({ ...item, index }, inBucket, clean(), false);
	}
	expect(getParentNodes).toHaveBeenCalledTimes(1);
});
