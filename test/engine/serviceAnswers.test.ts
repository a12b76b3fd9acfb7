import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { CallKind } from '../../dev/sandbox/ledger/calls';
import type { Fault } from '../../dev/sandbox/faults/faultRules';
import { shortenPauses } from '../quickSleep';
import { byKey, image, LOGO_POLYGON, NODE, openScene, type Scene } from './bucketAndEngine';
import { continueOnError, errorOf, PNG, REPAIRS } from './faultScene';

/** What a real bucket answers when something is not ideal, as Tencent's pages describe it. */

const OTHER = 'clean-1250000000';

let scene: Scene;
let original: Buffer;
beforeAll(async () => {
	scene = await openScene({}, { quick: true, buckets: [OTHER] });
	original = await image();
	await scene.sandbox.putObject('a.png', original, PNG);
});
afterAll(async () => {
	await scene.close();
});
beforeEach(async () => {
	shortenPauses(100);
	await scene.sandbox.clearFaults();
	await scene.sandbox.resetCalls();
});

const source = { objectKey: byKey('a.png'), area: 'polygons', polygons: LOGO_POLYGON };
/** A rectangle for which the size of the image has to be asked for. */
const PERCENT = { corner: 'bottomRight', unit: 'percent', left: 1, top: 1, width: 9, height: 9 };
const options = { retries: 1, checkAreaFirst: false };

async function run(parameters: INodeParameters, fault: Fault, kind = REPAIRS) {
	await scene.sandbox.setFaults([{ kind, fault }]);
	const result = await scene.run({ ...source, options, ...parameters }, undefined, continueOnError);
	expect(result.error).toBeUndefined();
	const calls = await scene.sandbox.calls();
	return { result, calls, error: errorOf(result, 0), json: result.output(NODE)[0]?.json };
}

describe('a source over 32 MB, for which the service redirects to the original', () => {
	const TOO_LARGE =
		'The image is larger than 32 MB, so the service does not process it (a.png) [item 0]';
	const redirects: Array<[what: string, fault: Fault]> = [
		['with X-ErrNo', { fault: 'redirect', to: 'original', errNo: -156 }],
		['without', { fault: 'redirect', to: 'original' }],
	];

	test.each(redirects)(
		'%s, is named as such in every mode, and nothing is output',
		async (_, fault) => {
			for (const operation of ['download', 'cloud'] as const) {
				await scene.sandbox.resetCalls();
				const { error, calls, result } = await run({ operation }, fault);
				expect(error).toMatchObject({ message: TOO_LARGE, billed: 'no', httpCode: '302' });
				expect(error?.description).toContain('Store a smaller copy and repair that');
				expect(calls).toHaveLength(1);
				expect(result.output(NODE)[0]?.binary).toBeUndefined();
			}
		},
	);

	test.each(redirects)('%s, is named as such when its size is asked for', async (_, fault) => {
		const { error, calls } = await run(
			{ operation: 'cloud', area: 'rectangles', rectangles: { rectangle: [PERCENT] } },
			fault,
			['image-info'],
		);
		expect(error).toMatchObject({ message: TOO_LARGE, billed: 'no' });
		expect(calls.map(({ kind }) => kind)).toEqual(['image-info']);
	});

	test('another region is still told by the code of a redirect', async () => {
		const { error } = await run(
			{ operation: 'download' },
			{ fault: 'redirect', location: 'http://127.0.0.1:9/', status: 301 },
		);
		expect(error?.message).toBe('The bucket is in another region (a.png) [item 0]');
	});
});

describe('the results of a call, whatever the response leaves out', () => {
	const row = (resultKey: string, destinationBucket = ''): IDataObject => ({
		resultKey,
		destinationBucket,
		area: 'automatic',
	});
	/** Three results, two of them under one key in different buckets. */
	const several: INodeParameters = {
		operation: 'cloud',
		resultKey: 'x.png',
		options: {
			...options,
			additionalResults: { result: [row('x.png', OTHER), row('y.png')] } as INodeParameters,
		},
	};
	const own = () => scene.sandbox.bucket;
	const places = () => [
		{ key: 'x.png', bucket: own() },
		{ key: 'x.png', bucket: OTHER },
		{ key: 'y.png', bucket: own() },
	];

	/** ETags of the stored objects in the order of the places. */
	async function stored(): Promise<string[]> {
		const { versions } = await scene.sandbox.ledger();
		return places().map(({ key, bucket }) => {
			const found = versions.filter((one) => one.key === key && one.bucket === bucket);
			return found.at(-1)?.md5 ?? '';
		});
	}

	test.each<[what: string, fault: Fault]>([
		['in another order', { fault: 'rules', rules: [], order: 'reversed' }],
		['without the address of one', { fault: 'rules', rules: [3], report: 'withoutLocation' }],
		[
			'without the address of the original',
			{ fault: 'rules', rules: [], originalWithoutLocation: true },
		],
	])('are told with their own ETags: %s', async (_, fault) => {
		const { json, error, calls } = await run(several, fault);
		expect(error).toBeUndefined();
		const told = (json?.results ?? []) as IDataObject[];
		expect(told.map(({ key, bucket }) => ({ key, bucket }))).toEqual(places());
		expect(told.map(({ etag }) => etag)).toEqual(await stored());
		expect(calls.filter(({ billed }) => billed)).toHaveLength(1);
	});

	test.each(['missing', 'object'] as const)(
		'that were made are told, and one that was not (%s), and none is bought again',
		async (report) => {
			const { error, calls } = await run(several, {
				fault: 'rules',
				rules: [2],
				report,
				code: 'InvalidImageFormat',
				message: 'not this one',
			});
			expect(error).toMatchObject({
				message: 'The service left out 1 of 3 results (a.png) [item 0]',
				billed: 'yes',
			});
			const [first, second, third] = error?.results ?? [];
			expect([first, third]).toMatchObject([
				{ key: 'x.png', bucket: own(), status: 'stored' },
				{ key: 'y.png', bucket: own(), status: 'stored' },
			]);
			expect(second).toEqual({
				key: 'x.png',
				bucket: OTHER,
				status: 'missing',
				...(report === 'object' && { reason: 'InvalidImageFormat: not this one' }),
			});
			expect(calls).toHaveLength(1);
		},
	);

	test('a complete response is taken for one, whatever X-ErrNo is beside it', async () => {
		const { json, error, calls } = await run(several, {
			fault: 'headers',
			headers: { 'X-ErrNo': '-447' },
		});
		expect(error).toBeUndefined();
		expect(json?.results).toHaveLength(3);
		expect(calls).toHaveLength(1);
	});
});

describe('a list that never ends', () => {
	const all = {
		operation: 'getMany',
		folder: { __rl: true, mode: 'path', value: '/' },
		returnAll: true,
	};

	test.each(['sameMarker', 'pastMarker', 'emptyPages'] as const)(
		'ends with a message: %s',
		async (as) => {
			for (let index = 0; index < 3; index++) {
				await scene.sandbox.putObject(`listed/${String(index)}.png`, original, PNG);
			}
			const { error, calls } = await run(all, { fault: 'list', as }, ['list']);
			expect(error?.message).toBe('The list of the folder does not end [item 0]');
			expect(error?.description).toMatch(/^Check Endpoint and Custom Domain/);
			// Each page twice at most: the retry of what cannot be read.
			expect(calls.length).toBeLessThanOrEqual(25);
		},
	);

	test.each<[what: string, parameters: INodeParameters, kind: CallKind]>([
		['a list', all, 'list'],
		['the results', { operation: 'cloud' }, 'repair-cloud'],
	])(
		'a body that goes on behind %s is left, and what was complete counts',
		async (_, parameters, kind) => {
			const { error, calls } = await run(parameters, { fault: 'flood' }, [kind]);
			expect(error).toBeUndefined();
			expect(calls.filter((call) => call.kind === kind)).toHaveLength(1);
		},
	);

	test('an image that goes on without end is refused', async () => {
		const { error, calls, json } = await run({ operation: 'download' }, { fault: 'flood' });
		expect(error?.message).toMatch(/^The image is larger than 64 MB/);
		expect(json).not.toHaveProperty('size');
		expect(calls).toHaveLength(1);
	});
});

test('a bucket in strict signature mode takes every request that the node makes', async () => {
	await scene.sandbox.setStrictSignature(true);
	try {
		const binary = { data: { content: original, mimeType: PNG, fileName: 'b.png' } };
		const masked = { area: 'mask', maskSource: 'binary', maskBinaryPropertyName: 'data' };
		for (const parameters of [
			{ operation: 'download' },
			{ operation: 'download', ...masked },
			{ operation: 'upload', storeAs: 'b.png' },
			{ operation: 'cloud', downloadResult: true, options: { skipExisting: true } },
			{ operation: 'cloud', area: 'rectangles', rectangles: { rectangle: [PERCENT] } },
			{ operation: 'getMany', folder: { __rl: true, mode: 'path', value: '/' } },
		]) {
			const result = await scene.run({ ...source, options, ...parameters }, [{ json: {}, binary }]);
			expect(result.error).toBeUndefined();
		}
		const calls = await scene.sandbox.calls();
		const kinds = new Set(calls.filter(({ status }) => status < 300).map(({ kind }) => kind));
		expect([...kinds].sort()).toEqual([
			'delete',
			'get',
			'head',
			'image-info',
			'list',
			'put',
			'repair-cloud',
			'repair-download',
			'repair-upload',
		]);
	} finally {
		await scene.sandbox.setStrictSignature(false);
	}
});
