import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import type { IBinaryData, INodeExecutionData, INodeTypeDescription } from 'n8n-workflow';
import { decodeImage, psnr } from '../../dev/demo/image';
import { loadScenes, type Scene } from '../../dev/demo/scenes';
import { Endings } from '../../dev/playground/childProcess';
import type { Installation } from '../../dev/playground/install';
import { CREDENTIAL_TYPE, NODE_TYPE } from '../../dev/packageNames';
import { idOf } from '../../dev/playground/localWorkflows';
import type { Execution, N8nClient } from '../../dev/playground/n8nClient';
import type { Report } from './report';
import { openStage, prepareStage, type Stage } from './stage';

const TRIGGER = 'When clicking ‘Execute workflow’';
const NODE = 'Tencent Image Repair';

type ServedNode = INodeTypeDescription & { iconUrl?: string | { light: string; dark: string } };

function single<Entry>(list: readonly Entry[]): Entry {
	assert.equal(list.length, 1);
	const [entry] = list;
	assert.ok(entry !== undefined);
	return entry;
}

/** The file in a binary field, which n8n must have stored outside the item. */
export function storedFile(item: INodeExecutionData, field: string): IBinaryData & { id: string } {
	const file = item.binary?.[field];
	assert.ok(file?.id, `The item has no stored file "${field}".`);
	return { ...file, id: file.id };
}

/** Asserts that an execution succeeded; otherwise the error shows the message of n8n. */
export function assertSucceeded({ status, error }: Execution): void {
	assert.equal(status, 'success', [error?.message, error?.description].filter(Boolean).join('\n'));
}

async function assertCloser(scene: Scene, repaired: Buffer): Promise<void> {
	const before = psnr(scene.marked, scene.unmarked, scene.mask);
	const after = psnr(await decodeImage(repaired), scene.unmarked, scene.mask);
	assert.ok(after > before + 3, `The watermark is still there: ${before} → ${after} dB.`);
}

async function runExample(client: N8nClient, example: string): Promise<Execution> {
	const execution = await client.untilOver(await client.start(idOf(example), TRIGGER));
	assertSucceeded(execution);
	return execution;
}

async function checkServed(client: N8nClient): Promise<void> {
	const { bytes } = await client.file('/types/nodes.json');
	const nodes = JSON.parse(bytes.toString('utf8')) as ServedNode[];
	const node = nodes.find(({ name }) => name === NODE_TYPE);
	assert.ok(node, 'The editor does not load the node.');
	assert.equal(node.displayName, NODE);
	assert.match(node.description, /logos and watermarks/);
	assert.ok(node.codex?.alias?.includes('watermark'));
	assert.ok(typeof node.iconUrl === 'object');
	for (const path of [node.iconUrl.light, node.iconUrl.dark]) {
		const icon = await client.file(`/${path}`);
		assert.match(icon.contentType, /svg/);
		assert.match(icon.bytes.toString('utf8'), /<svg/);
	}
	const credentials = await client.file('/types/credentials.json');
	assert.match(credentials.bytes.toString('utf8'), new RegExp(`"${CREDENTIAL_TYPE}"`));
}

async function checkAsTool(client: N8nClient): Promise<void> {
	const { bytes } = await client.file('/types/nodes.json');
	const nodes = JSON.parse(bytes.toString('utf8')) as ServedNode[];
	assert.ok(nodes.some(({ name }) => name === `${NODE_TYPE}Tool`));
}

async function checkDownload(client: N8nClient, scene: Scene): Promise<void> {
	const item = single((await runExample(client, 'repair-on-download')).output(NODE));
	const file = storedFile(item, 'data');
	assert.match(file.id, /^(filesystem-v2|filesystem):/);
	assert.equal(file.fileName, 'coast.png');
	assert.equal(file.mimeType, 'image/png');
	const bytes = await client.binary(file.id);
	assert.equal(item.json.key, 'holiday/coast.png');
	assert.equal(item.json.size, bytes.length);
	assert.deepEqual(item.pairedItem, { item: 0 });
	await assertCloser(scene, bytes);
}

async function checkUpload(client: N8nClient, { sandbox }: Stage, scene: Scene): Promise<void> {
	const execution = await runExample(client, 'repair-on-upload');
	const input = storedFile(single(execution.output('Get an image')), 'data');
	const item = single(execution.output(NODE));
	assert.equal(input.fileName, 'still-life.jpg');
	const { key, bucket, results } = item.json;
	assert.equal(key, 'shop/still-life.jpg');
	assert.equal(bucket, sandbox.bucket);
	assert.ok(Array.isArray(results));
	const stored = await sandbox.getObject('shop/repaired/still-life.jpg');
	const [result] = results as Array<{ key: string; size?: number; url: string }>;
	assert.equal(result?.key, 'shop/repaired/still-life.jpg');
	assert.equal(result.size, stored.length);
	assert.equal(result.url, `${sandbox.url}/shop/repaired/still-life.jpg`);
	assert.deepEqual(item.pairedItem, { item: 0 });
	assert.deepEqual(
		await sandbox.getObject('shop/still-life.jpg'),
		await client.binary(input.id),
		'The original in the bucket differs from the uploaded file.',
	);
	await assertCloser(scene, stored);
}

async function checkCloud(client: N8nClient, { sandbox }: Stage, scene: Scene): Promise<void> {
	const item = single((await runExample(client, 'repair-in-bucket')).output(NODE));
	assert.equal(item.json.key, 'archive/forest.webp');
	const [result] = item.json.results as Array<{ key: string; size?: number }>;
	const stored = await sandbox.getObject('repaired/forest.webp');
	assert.equal(result?.key, 'repaired/forest.webp');
	assert.equal(result.size, stored.length);
	assert.ok(typeof item.json.imageInfo === 'object');
	assert.equal(item.binary, undefined);
	await assertCloser(scene, stored);
}

/** Prints whether n8n would install packages at its start that its database lists and that are missing. */
const READ_REINSTALL = `
	const require = process.getBuiltinModule('module').createRequire(process.argv[1]);
	const { CommunityPackagesConfig } = require(
		'../dist/modules/community-packages/community-packages.config.js',
	);
	console.log(require('@n8n/di').Container.get(CommunityPackagesConfig).reinstallMissing);
`;

/** What it installs comes from the npm registry, so only n8n's setting itself is looked at. */
function checkReinstall({ node, script }: Installation): void {
	const read = (value: string) => {
		const env = { ...process.env, N8N_REINSTALL_MISSING_PACKAGES: value };
		return execFileSync(node, ['-e', READ_REINSTALL, script], { env, encoding: 'utf8' }).trim();
	};
	assert.deepEqual([read('true'), read('false')], ['true', 'false']);
}

/** The package in a real n8n server, which runs an example for each mode. */
export async function checkServer(
	installation: Installation,
	report: Report,
	install:
		'in the panel' | 'npm install --omit=peer n8n-nodes-tencent-image-repair' = 'in the panel',
): Promise<void> {
	const { version } = installation.release;
	report.heading(`n8n ${version} on Node ${installation.nodeVersion}, installed: ${install}`);
	const endings = new Endings();
	try {
		const scenes = await loadScenes();
		const preparing = Date.now();
		const stage = await prepareStage(installation, endings, { byHand: install !== 'in the panel' });
		report.note(`tarball, credentials and workflows imported: ${seconds(preparing)}`);
		const starting = Date.now();
		const { client } = await openStage(stage, endings);
		report.note(`server started: ${seconds(starting)}`);
		await report.check(
			'the server sends the node, both icons and the credential to the editor',
			() => checkServed(client),
		);
		await report.check('the node is offered as a tool for AI agents', () => checkAsTool(client));
		await report.check('n8n knows N8N_REINSTALL_MISSING_PACKAGES', () =>
			checkReinstall(installation),
		);
		await report.check(
			'download: n8n has stored the repaired image, and the JSON describes it',
			() => checkDownload(client, scenes.coast),
		);
		await report.check('upload: the original and the repaired image are in the bucket', () =>
			checkUpload(client, stage, scenes['still-life']),
		);
		await report.check(
			'cloud: the repaired image is in the bucket, and n8n has received no image',
			() => checkCloud(client, stage, scenes.forest),
		);
	} finally {
		await endings.run();
	}
}

/** Seconds since a time, as text. */
export function seconds(since: number): string {
	return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
