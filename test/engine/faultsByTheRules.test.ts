import type { Fault } from '../../dev/sandbox/faults/faultRules';
import type { EngineItem } from '../../dev/engine/engine';
import { NODE_TYPE } from '../../dev/packageNames';
import { shortenPauses } from '../quickSleep';
import { NODE, type Scene } from './bucketAndEngine';
import {
	binaryMask,
	continueOnError,
	countBilled,
	errorOf,
	parameters,
	PNG,
	REPAIRS,
	repairsOf,
	useFaultScene,
	type Mode,
} from './faultScene';

let scene: Scene;
let items: (...numbers: readonly number[]) => EngineItem[];
beforeAll(() => shortenPauses(100));
useFaultScene((opened) => {
	({ scene, items } = opened);
});

describe('an error response whose body breaks off', () => {
	test.each<Mode>(['download', 'upload', 'cloud'])(
		'503 in %s mode: whose it is, nobody can tell, so it is not made again',
		async (mode) => {
			const fault: Fault = { fault: 'status', status: 503, body: 'cut' };
			await scene.sandbox.setFaults([{ kind: REPAIRS, times: 1, keyPrefix: '1', fault }]);
			const more = mode === 'download' ? {} : { resultKey: `=cutbody/${mode}-{{ $json.n }}.png` };
			const result = await scene.run(parameters(mode, {}, more), items(0, 1, 2), continueOnError);
			expect(errorOf(result, 1)).toMatchObject({ billed: 'perhaps', httpCode: '503' });
			const calls = await scene.sandbox.calls();
			expect(repairsOf(calls, '1.png').map(({ status }) => status)).toEqual([503]);
			expect(countBilled(calls)).toBe(2);
		},
	);

	test('403 is not retried', async () => {
		const fault: Fault = { fault: 'status', status: 403, body: 'cut' };
		await scene.sandbox.setFaults([{ kind: REPAIRS, keyPrefix: '1', fault }]);
		const result = await scene.run(parameters('download'), items(0, 1, 2), continueOnError);
		expect(errorOf(result, 1)).toMatchObject({ httpCode: '403' });
		expect(repairsOf(await scene.sandbox.calls(), '1.png')).toHaveLength(1);
	});
});

describe('a body that is not an image despite its content type is never output', () => {
	test.each<[what: string, fault: Fault]>([
		[
			'an HTML page sent as image/png',
			{ fault: 'status', status: 200, body: 'html', contentType: PNG },
		],
		[
			'an error document sent as image/png',
			{ fault: 'status', status: 200, body: 'xml', contentType: PNG },
		],
	])('%s', async (_, fault) => {
		await scene.sandbox.setFaults([{ kind: REPAIRS, keyPrefix: '1', fault }]);
		const result = await scene.run(
			parameters('download', { retries: 0 }),
			items(0, 1, 2),
			continueOnError,
		);
		expect(errorOf(result, 1)).toMatchObject({
			message: expect.stringMatching(/\[item 1\]$/) as string,
			description: expect.stringMatching(/^[A-Z].{20,}/) as string,
		});
		expect(result.output(NODE)[1]?.binary).toBeUndefined();
		expect(result.output(NODE).map(({ json }) => json.key)).toEqual(['0.png', '1.png', '2.png']);
	});
});

describe('a clock that is a day off', () => {
	afterEach(async () => {
		await scene.sandbox.setClock(0);
	});

	test.each([-86_400, 86_400])(
		'%i s: all items succeed, even if they run concurrently',
		async (offset) => {
			await scene.sandbox.setClock(offset);
			const result = await scene.run(
				parameters('cloud', { maxConcurrency: 5 }, { resultKey: '=clock/{{ $itemIndex }}.png' }),
				items(0, 1, 2, 0, 1, 2, 0, 1, 2, 0),
				continueOnError,
			);
			expect(result.output(NODE).map(({ json }) => json.error)).toEqual(Array(10).fill(undefined));
			expect(countBilled(await scene.sandbox.calls())).toBe(10);
		},
	);

	test.each([-86_400, 86_400])(
		'%i s: the service can fetch a temporary mask, and the mask is deleted',
		async (offset) => {
			const before = await scene.sandbox.keys();
			await scene.sandbox.setClock(offset);
			const result = await scene.run(parameters('download', {}, binaryMask), items(0));
			expect(result.error).toBeUndefined();
			expect(await scene.sandbox.keys()).toEqual(before);
		},
	);
});

test('the list of images in the editor is requested again after malformed XML', async () => {
	await scene.sandbox.setFaults([
		{ kind: 'list', times: 1, fault: { fault: 'xml', shape: 'malformed' } },
	]);
	const { results } = await scene.engine.listSearch({
		nodeType: NODE_TYPE,
		method: 'searchImages',
		nodeParameters: {},
		credentials: { bucket: scene.credential },
	});
	expect(results.map(({ value }) => value)).toContain('0.png');
});
