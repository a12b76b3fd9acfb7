import { image, NODE, openScene, type Scene } from './bucketAndEngine';
import { serve } from './localServer';

let scene: Scene;
let server: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
	scene = await openScene();
	const original = await image();
	server = await serve((_, response) => {
		response.setHeader('content-type', 'image/png').end(original);
	});
	const kind = ['detect-text', 'detect-logo'] as const;
	await scene.sandbox.setFaults([{ kind, fault: { fault: 'detection', find: 'one' } }]);
});
afterAll(async () => {
	server.close();
	await scene.close();
});

test.each([
	['texts', 'text'],
	['logos', 'logo'],
])('%s of a public image are told, and nothing is stored', async (_, lookFor) => {
	const url = `${server.url}bag.png`;
	const objectKey = { __rl: true, mode: 'public', value: url };
	const result = await scene.run({ operation: 'detect', objectKey, lookFor });
	expect(result.error).toBeUndefined();
	expect(result.output(NODE)[0]?.json).toMatchObject({
		sourceUrl: url,
		areas: [{ kind: lookFor, label: 'sandbox' }],
	});
	expect(await scene.sandbox.keys()).toEqual([]);
	expect(await scene.billedCalls()).toBe(0);
});
