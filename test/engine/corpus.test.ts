import { isPlainBmp } from '../../dev/sandbox/repair/bmp';
import { specimens } from '../corpus/corpus';
import type { Specimen } from '../corpus/specimen';
import { NODE, openScene, type Scene } from './bucketAndEngine';

let scene: Scene;
let all: readonly Specimen[];

beforeAll(async () => {
	scene = await openScene({ binaryMode: 'filesystem' });
	all = await specimens();
});
afterAll(async () => {
	await scene.close();
});
beforeEach(async () => {
	await scene.sandbox.resetCalls();
});

/** Names as people have them, of which neither extension nor MIME type tell anything. */
const itemOf = (specimen: Specimen, index: number) => ({
	json: { name: specimen.name },
	binary: {
		data: {
			content: Buffer.from(specimen.bytes),
			fileName: `photo ${index}`,
			mimeType: 'application/octet-stream',
		},
	},
});

const parameters = {
	operation: 'upload',
	storeAs: 'corpus/',
	resultKey: 'repaired/{name}{extension}',
	area: 'rectangles',
	rectangles: {
		rectangle: [{ corner: 'topLeft', unit: 'percent', left: 20, top: 20, width: 40, height: 40 }],
	},
};

test('60 files of the corpus come back with the format, size and type that are told', async () => {
	// What the sandbox can decode.
	const wanted = ['JPG', 'PNG', 'WebP', 'GIF', 'BMP'];
	const usable = all.filter(
		({ family, kind, expected, bytes }) =>
			wanted.includes(family) &&
			kind === 'ordinary' &&
			expected.format === family &&
			Math.min(expected.size?.width ?? 0, expected.size?.height ?? 0) >= 5 &&
			(expected.frames ?? 1) === 1 &&
			(family !== 'BMP' || isPlainBmp(Buffer.from(bytes))),
	);
	const chosen = wanted.flatMap((family) =>
		usable.filter((one) => one.family === family).slice(0, 16),
	);
	expect(chosen.length).toBeGreaterThanOrEqual(60);
	const result = await scene.run(parameters, chosen.map(itemOf), {
		node: { onError: 'continueRegularOutput' },
	});
	const items = result.output(NODE);
	expect(items).toHaveLength(chosen.length);
	for (const [index, { name, bytes, expected }] of chosen.entries()) {
		const json = items[index]?.json ?? {};
		expect([name, json]).toEqual([name, expect.objectContaining({ size: bytes.length })]);
		expect([name, (json.results as Array<Record<string, unknown>>)[0]]).toEqual([
			name,
			expect.objectContaining({ ...expected.size }),
		]);
		expect(Buffer.compare(await scene.sandbox.getObject(String(json.key)), bytes)).toBe(0);
	}
	expect(await scene.billedCalls()).toBe(chosen.length);
});

test('whatever is no image is refused by what it is, and costs nothing', async () => {
	const others = all.filter(({ expected }) => expected.format === null);
	expect(others.length).toBeGreaterThan(50);
	const result = await scene.run(parameters, others.map(itemOf), {
		node: { onError: 'continueRegularOutput' },
	});
	const told = result.output(NODE).map(({ json }) => JSON.stringify(json.error));
	for (const [index, { name, bytes }] of others.entries()) {
		const what =
			bytes.length === 0 ? /holds an empty file/ : /holds a file.* that cannot be repaired: it is /;
		expect([name, told[index]]).toEqual([name, expect.stringMatching(what)]);
	}
	expect(await scene.sandbox.calls()).toEqual([]);
});
