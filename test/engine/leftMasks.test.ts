import { image, logoMask, NODE, openScene, type Scene } from './bucketAndEngine';

let scene: Scene;

beforeAll(async () => {
	scene = await openScene();
});
afterAll(async () => {
	await scene.close();
});

test('a mask that one try could not delete is named, also when the next try fails before it needs one', async () => {
	const refusal = { fault: 'status', status: 403, code: 'AccessDenied' } as const;
	await scene.sandbox.setFaults([
		{ kind: ['delete', 'image-mogr'], fault: refusal },
		{ kind: 'head', nth: 2, fault: refusal },
	]);
	const file = (content: Buffer) => ({ content, mimeType: 'image/png', fileName: 'a.png' });
	const result = await scene.run(
		{
			operation: 'upload',
			storeAs: 'a.png',
			area: 'mask',
			maskSource: 'binary',
			options: { ifKeyExists: 'number' },
		},
		[{ json: {}, binary: { data: file(await image()), mask: file(await logoMask()) } }],
		{
			node: {
				retryOnFail: true,
				maxTries: 2,
				waitBetweenTries: 0,
				onError: 'continueRegularOutput',
			},
		},
	);
	const [mask] = await scene.sandbox.keys();
	expect(mask).toMatch(/^image-repair-masks\//);
	const heads = (await scene.sandbox.calls()).filter(({ kind }) => kind === 'head');
	expect(heads.length).toBeGreaterThan(1);
	expect(result.output(NODE)[0]?.json.error).toMatchObject({
		billed: 'no',
		temporaryMasks: [mask],
	});
});
