import sharp from 'sharp';

import { shortenPauses } from '../quickSleep';
import { byKey, NODE, openScene, type Scene } from './bucketAndEngine';

const PNG = 'image/png';

describe.each(['default', 'filesystem'] as const)('with binary data in %s mode', (binaryMode) => {
	let scene: Scene;
	let large: Buffer;
	beforeAll(async () => {
		scene = await openScene({ binaryMode }, { delay: 1 });
		const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
		large = await sharp({
			create: { width: 1200, height: 900, channels: 3, background: '#888', noise },
		})
			.png()
			.toBuffer();
		for (const n of [0, 1]) await scene.sandbox.putObject(`${String(n)}.png`, large, PNG);
	});
	afterAll(async () => {
		await scene.close();
	});

	test('with Retry Lost Calls, a large upload that breaks off is made again with the whole file', async () => {
		shortenPauses(100);
		expect(large.length).toBeGreaterThan(2_000_000);
		await scene.sandbox.setFaults([
			{
				kind: 'repair-upload',
				keyPrefix: 'large/1',
				times: 3,
				fault: [
					{ fault: 'reset', at: 'request' },
					{ fault: 'status', status: 503 },
					{ fault: 'reset' },
				],
			},
		]);
		const result = await scene.run(
			{
				operation: 'upload',
				storeAs: '=large/{{ $json.n }}.png',
				area: 'automatic',
				options: { retries: 3, retryLostCalls: true },
			},
			[0, 1].map((n) => ({
				json: { n },
				binary: { data: { content: large, mimeType: PNG, fileName: 'l.png' } },
			})),
		);
		expect(result.error).toBeUndefined();
		for (const key of ['large/0.png', 'large/1.png', 'large/1-repaired.png']) {
			expect((await scene.sandbox.getObject(key)).equals(large)).toBe(true);
		}
		expect(await scene.billedCalls()).toBe(2);
	});

	test('a large image that breaks off is discarded', async () => {
		await scene.sandbox.resetCalls();
		for (const by of ['reset', 'end'] as const) {
			await scene.sandbox.setFaults([
				{ kind: 'repair-download', keyPrefix: '1', fault: { fault: 'cut', by } },
			]);
			const result = await scene.run(
				{ operation: 'download', objectKey: byKey('={{ $json.n }}.png'), area: 'automatic' },
				[0, 1].map((n) => ({ json: { n } })),
				{ node: { onError: 'continueRegularOutput' } },
			);
			expect(result.output(NODE)[1]?.json.error).toMatchObject({
				message: 'The image arrived incomplete and was discarded (1.png) [item 1]',
			});
			expect(result.output(NODE)[1]?.binary).toBeUndefined();
			expect((await scene.readOutput(result)).equals(large)).toBe(true);
		}
	});
});
