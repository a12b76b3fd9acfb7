import type { INodeParameters } from 'n8n-workflow';

import { READINGS } from '../../dev/sandbox/permissions/neededPermissions';
import type { PolicyDocument } from '../../dev/sandbox/permissions/policy';
import { POLICIES } from '../unit/docs/policies';
import { byKey, image, LOGO_POLYGON, NODE, openScene, type Scene } from './bucketAndEngine';

const PNG = 'image/png';
const SOURCE = 'inbox/a.png';

let scene: Scene;
let original: Buffer;

beforeAll(async () => {
	scene = await openScene({}, { quick: true });
	original = await image();
});
afterAll(async () => {
	await scene.close();
});
beforeEach(async () => {
	await scene.sandbox.deleteObjects();
	await scene.sandbox.putObject(SOURCE, original, PNG);
	await scene.sandbox.resetCalls();
});

/** The parameters of each mode, by its section of docs/permissions.md. */
const MODES: ReadonlyArray<[mode: string, parameters: INodeParameters]> = [
	['Download Repaired Image', { operation: 'download', objectKey: byKey(SOURCE) }],
	['Upload and Repair Image', { operation: 'upload', storeAs: 'repaired/up.png' }],
	[
		'Repair Image in Bucket',
		{ operation: 'cloud', objectKey: byKey(SOURCE), resultKey: '/repaired/{name}{extension}' },
	],
];

/** The policy of a mode: 0 is the recommended one. */
function policyOf(mode: string, index: 0 | 1): PolicyDocument {
	const document = POLICIES.get(mode)?.[index];
	if (!document) throw new Error(`There is no such policy: ${mode}, ${index}`);
	return document;
}

const run = async (parameters: INodeParameters) =>
	await scene.run({ ...parameters, area: 'polygons', polygons: LOGO_POLYGON }, [
		{ json: {}, binary: { data: { content: original, mimeType: PNG, fileName: 'a.png' } } },
	]);

describe.each(MODES)('%s of the node', (mode, parameters) => {
	it.each(READINGS)(
		'needs no more than the recommended policy of docs/permissions.md, read as %s',
		async (reading) => {
			await scene.sandbox.setPolicy({ reading, document: policyOf(mode, 0) });
			const result = await run(parameters);
			expect(result.error).toBeUndefined();
			expect(result.output(NODE)).toHaveLength(1);
			expect(await scene.billedCalls()).toBe(1);
		},
	);
});

it.each(MODES.slice(1))(
	'%s with the other policy works if the service is lenient; else the node says that the account may not do this',
	async (mode, parameters) => {
		const document = policyOf(mode, 1);
		await scene.sandbox.setPolicy({ reading: 'strict', document });
		const { error } = await run(parameters);
		expect(error?.message).toContain('The account may not do this');
		expect(await scene.billedCalls()).toBe(0);
		await scene.sandbox.setPolicy({ reading: 'lenient', document });
		expect((await run(parameters)).error).toBeUndefined();
		expect(await scene.billedCalls()).toBe(1);
	},
);
