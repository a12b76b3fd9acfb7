import type { INodeParameters } from 'n8n-workflow';

import { image, LOGO_POLYGON, named, NODE, openScene, type Scene } from './bucketAndEngine';

let scene: Scene;
let original: Buffer;

beforeAll(async () => {
	scene = await openScene();
	original = await image();
});
afterAll(async () => {
	await scene.close();
});
beforeEach(async () => {
	await scene.sandbox.setFaults([]);
	await scene.sandbox.setClock(0);
	for (const key of await scene.sandbox.keys()) await scene.sandbox.deleteObject(key);
	await scene.sandbox.putObject('a b.png', original, 'image/png');
	await scene.sandbox.resetCalls();
});

const AREA = { area: 'polygons', polygons: LOGO_POLYGON };

async function run(operation: string, options: INodeParameters, more: INodeParameters = {}) {
	const file = { content: original, mimeType: 'image/png', fileName: 'a b.png' };
	const parameters = { operation, ...named('a b.png'), ...AREA, ...more, options };
	return await scene.run(parameters, [{ json: {}, binary: { data: file } }]);
}

type Run = Awaited<ReturnType<typeof run>>;

function linksOf(result: Run): { before?: string; after?: string } {
	return (result.output(NODE)[0]?.json.links ?? {}) as { before?: string; after?: string };
}

async function opened(link: string | undefined): Promise<Buffer> {
	const response = await fetch(link ?? '');
	if (response.status !== 200) throw new Error(await response.text());
	return Buffer.from(await response.arrayBuffer());
}

describe.each(['upload', 'cloud'])('Temporary Links of %s', (operation) => {
	test('open the original and the result without a key', async () => {
		const { before, after } = linksOf(await run(operation, { temporaryLinks: 5 }));
		expect(await opened(before)).toEqual(original);
		expect(await opened(after)).toEqual(await scene.sandbox.getObject('a b-repaired.png'));
	});

	test('are in "links" alone, and nowhere at all unless they are asked for', async () => {
		const withLinks = await run(operation, { temporaryLinks: 5, simplify: false });
		const { links, ...rest } = withLinks.output(NODE)[0]?.json ?? {};
		expect(JSON.stringify(links)).toContain('q-signature=');
		expect(JSON.stringify([rest, withLinks.hints(NODE)])).not.toContain('q-signature');
		const without = await run(operation, {}, { resultKey: 'other.png' });
		expect(without.output(NODE)).toHaveLength(1);
		expect(JSON.stringify(without.output(NODE))).not.toContain('q-signature');
	});

	test('lead to the result alone where it has replaced the original', async () => {
		const { before, after } = linksOf(
			await run(operation, { temporaryLinks: 5 }, { overwriteOriginal: true }),
		);
		expect(before).toBeUndefined();
		expect(await opened(after)).toEqual(await scene.sandbox.getObject('a b.png'));
	});

	test('lead to the original alone where nothing was found to repair', async () => {
		const fault = { fault: 'detection', find: 'nothing' } as const;
		await scene.sandbox.setFaults([{ kind: 'detect-text', fault }]);
		const { before, after } = linksOf(
			await run(operation, { temporaryLinks: 5 }, { area: 'text', textFilter: 'any' }),
		);
		expect(await opened(before)).toEqual(original);
		expect(after).toBeUndefined();
	});

	test('are refused, before anything is sent, for a result in another bucket', async () => {
		const result = await run(operation, {
			temporaryLinks: 5,
			destinationBucket: 'other-1250000000',
		});
		expect(result.error?.message).toContain('Temporary Links cannot lead');
		expect(await scene.sandbox.calls()).toEqual([]);
	});

	test('come for results that are there already, too', async () => {
		const options = { temporaryLinks: 5, skipExisting: true };
		await run(operation, options);
		await scene.sandbox.setClock(60);
		const again = await run(operation, options);
		expect(await opened(linksOf(again).after)).toEqual(
			await scene.sandbox.getObject('a b-repaired.png'),
		);
	});
});

test('a link opens nothing but its object, only to read it, and only until it expires', async () => {
	const { before = '' } = linksOf(await run('cloud', { temporaryLinks: 5 }));
	const other = before.replace('a%20b.png', 'a%20b-repaired.png');
	expect(other).not.toBe(before);
	expect((await fetch(other)).status).toBe(403);
	expect((await fetch(before, { method: 'DELETE' })).status).toBe(403);
	expect((await fetch(before, { method: 'PUT', body: 'x' })).status).toBe(403);
	await scene.sandbox.setClock(4 * 60 + 50);
	expect((await fetch(before)).status).toBe(200);
	await scene.sandbox.setClock(5 * 60 + 1);
	expect((await fetch(before)).status).toBe(403);
});

test.each([-1, 10081, 'soon'])(
	'%s minutes are refused by the name of the option',
	async (minutes) => {
		const result = await run('cloud', { temporaryLinks: minutes });
		expect(result.error?.message).toContain('Temporary Links (Minutes)');
		expect(await scene.sandbox.calls()).toEqual([]);
	},
);
