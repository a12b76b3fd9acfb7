import Ajv from 'ajv';
import { resolveOutputSchemaPath } from 'n8n-core';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { named, LOGO_POLYGON, NODE, openScene, image, type Scene } from './bucketAndEngine';

let scene: Scene;
let original: Buffer;

beforeAll(async () => {
	scene = await openScene();
	original = await image();
	await scene.sandbox.putObject('a.png', original, 'image/png');
});
afterAll(async () => {
	await scene.close();
});

/** The schema from which the editor shows output fields before the node has run, found like in n8n. */
function schemaOf(operation: string): { properties: Record<string, object> } {
	const path = resolveOutputSchemaPath({
		nodeDir: join(__dirname, '../../dist/nodes/ImageRepair'),
		version: 1,
		operation,
	});
	if (path === undefined) throw new Error(`n8n finds no schema for ${operation}`);
	return JSON.parse(readFileSync(path, 'utf8')) as { properties: Record<string, object> };
}

test.each(['download', 'upload', 'cloud', 'getMany'])(
	'the output of %s has the fields that the editor shows before the node has run',
	async (operation) => {
		const result = await scene.run(
			{
				operation,
				...named('a.png'),
				area: 'polygons',
				polygons: LOGO_POLYGON,
				folder: { __rl: true, mode: 'path', value: '/' },
			},
			[
				{
					json: {},
					binary: { data: { content: original, fileName: 'a.png', mimeType: 'image/png' } },
				},
			],
		);
		expect(result.error).toBeUndefined();
		const json = result.output(NODE)[0]?.json ?? {};
		const { version, ...schema } = schemaOf(operation) as { version: number } & ReturnType<
			typeof schemaOf
		>;
		expect(version).toBe(1);
		expect(Object.keys(json).sort()).toEqual(Object.keys(schema.properties).sort());
		const ajv = new Ajv();
		expect(ajv.validate(schema, json)).toBe(true);
		expect(ajv.errors).toBeNull();
	},
);
