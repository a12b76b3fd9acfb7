import assert from 'node:assert/strict';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { PACKAGE_NAME } from '../../dev/packageNames';
import { Endings } from '../../dev/playground/childProcess';
import { DESCRIPTION } from '../../nodes/shared/messages';
import type { Installation } from '../../dev/playground/install';
import { exampleNames, idOf } from '../../dev/playground/localWorkflows';
import type { N8nClient } from '../../dev/playground/n8nClient';
import { openBrowser } from './browser';
import { Editor } from './editor';
import type { Report } from './report';
import { Film } from './film';
import { keepScreenshot } from './screenshots';
import { openStage, prepareStage } from './stage';
import { assertFound } from './words';

/** Steps whose screenshots are in the documentation. */
const DOCUMENTED = new Set([
	'install',
	'search',
	'credential',
	'list',
	'rectangles',
	'repaired',
	'found-text',
	'clean-new-uploads',
	'clean-folder-nightly',
	'trigger',
]);

/** Steps that the animation in the README shows, between the image and its repair. */
const FILMED = new Set(['search', 'credential', 'list', 'rectangles', 'repaired']);

const OWN = 'my-photos/mug.jpg';

/** Waits until a workflow has run so often, each time to a good end. */
async function untilSucceeded(client: N8nClient, id: string, runs: number): Promise<void> {
	const end = Date.now() + 20_000;
	for (;;) {
		const all = (await client.executions(id)).map(({ status }) => status);
		if (all.length === runs && all.every((status) => status === 'success')) return;
		assert.ok(Date.now() < end, `Instead of ${runs} successes: ${all.join(', ') || 'no run'}`);
		await sleep(200);
	}
}

/** What a user does in the editor, from the search for the node to the repaired image. */
export async function checkEditor(
	installation: Installation,
	report: Report,
	keepImages: boolean,
): Promise<void> {
	const { version } = installation.release;
	report.heading(`The editor of n8n ${version} in headless Chromium`);
	const endings = new Endings();
	const shots = await mkdtemp(join(tmpdir(), 'image-repair-editor-'));
	let number = 0;
	try {
		const stage = await prepareStage(installation, endings);
		const { server, client } = await openStage(stage, endings);
		const { browser, page } = await openBrowser();
		endings.add(async () => await browser.close());
		const editor = new Editor(page, server.url);
		const { sandbox } = stage;

		const film = keepImages ? new Film() : undefined;
		const shoot = async (name: string): Promise<void> => {
			await editor.settle();
			const bytes = await page.screenshot();
			await sharp(bytes).toFile(join(shots, `${String(++number).padStart(2, '0')}-${name}.png`));
			if (keepImages && DOCUMENTED.has(name)) await keepScreenshot(editor, name);
			if (FILMED.has(name)) await film?.show(bytes);
		};
		let stopped = false;
		/** Runs a step. Steps build on each other, so a failed one skips the rest and leaves a screenshot. */
		const step = async (what: string, name: string, body: () => Promise<void>): Promise<void> => {
			if (stopped) return;
			if (await report.check(what, body)) return;
			stopped = true;
			await page.screenshot({ path: join(shots, `failed-${name}.png`) });
		};

		const image = await sandbox.getObject('inbox/kitchen table.jpg');
		await film?.show(image);
		await step('the owner logs in', 'log-in', async () => {
			await editor.logIn();
			await shoot('overview');
		});
		await step('community nodes are installed by the name of the package', 'install', async () => {
			await page.goto(`${server.url}/settings/community-nodes`);
			await page
				.getByRole('button', { name: /^Install/ })
				.first()
				.click();
			await page.getByRole('dialog').getByRole('textbox').fill(PACKAGE_NAME);
			await shoot('install');
			await page.keyboard.press('Escape');
		});
		await step(
			'searching for what the node does finds the node and its actions',
			'search',
			async () => {
				await editor.newWorkflow();
				await assertFound(editor);
				await page.getByText(DESCRIPTION).waitFor();
				await shoot('search');
				await editor.addNode('Tencent Image Repair', 'Download a repaired image');
				await shoot('node');
			},
		);
		await step('the credential test reports a wrong secret key', 'wrong-secret', async () => {
			await editor.newCredential();
			await editor.fill('secretId', sandbox.secretId);
			await editor.fill('secretKey', 'not-the-secret-key');
			await editor.fill('bucket', sandbox.bucket);
			await editor.choose('endpoint', 'Custom Domain');
			await editor.fill('customDomain', sandbox.url);
			const message = await editor.saveCredential();
			await shoot('wrong-secret');
			assert.match(message, /The Secret Key does not belong to the Secret ID/);
		});
		await step('the credential test reports a wrong bucket', 'wrong-bucket', async () => {
			await editor.fill('secretKey', sandbox.secretKey);
			await editor.fill('bucket', 'otherbucket-1250000000');
			const message = await editor.saveCredential();
			await shoot('wrong-bucket');
			assert.match(message, /belongs to the bucket "examplebucket-1250000000"/);
		});
		await step('the credential test succeeds with valid values', 'credential', async () => {
			await editor.fill('bucket', sandbox.bucket);
			assert.equal(await editor.saveCredential(), 'success');
			if (!(await editor.part('credential-edit-dialog').isVisible())) {
				await editor.part('credential-edit-button').click();
				await editor.part('credential-edit-dialog').waitFor();
			}
			await page.getByText('Connection tested successfully').first().waitFor();
			await shoot('credential');
			await editor.closeCredential();
		});
		// An image of the user's own, uploaded just now.
		await sandbox.putObject(OWN, image, 'image/jpeg');
		await step('the list shows images of all folders, and folders below them', 'list', async () => {
			const top = await editor.list('objectKey');
			const line = top.findIndex((name) => name.startsWith('Folder: '));
			const images = top.slice(0, line);
			assert.deepEqual(
				images.map((name) => name.replace(/ \(\d+ kB, \d{4}-\d\d-\d\d\)$/, '')).sort(),
				[...(await sandbox.keys())].sort(),
			);
			assert.match(images[0] ?? '', /^my-photos\/mug\.jpg /);
			assert.equal(top[line], 'Folder: archive/ (to open it, type it in the search)');
			await shoot('list');
		});
		await step('a chosen folder does not pass for an image', 'folder', async () => {
			await editor.pick('Folder: inbox/');
			const field = editor.part('resource-locator-objectKey');
			const chosen = await field.locator('input').last().inputValue();
			assert.equal(chosen, 'Folder: inbox/ (to open it, type it in the search)');
			// A node that was just added shows what is wrong once it is executed.
			await editor.part('node-execute-button').click();
			await field.getByTestId('parameter-issues').waitFor();
			const said = 'This is a folder. Open the list and type its path';
			await page.locator('.el-notification').filter({ hasText: said }).waitFor();
			await shoot('folder');
		});
		await step(
			'the search finds any part of a key, and what is in a folder',
			'search-list',
			async () => {
				const inbox = await editor.list('objectKey', 'inbox/');
				assert.equal(inbox.filter((name) => name.startsWith('inbox/')).length, 3);
				const tables = await editor.list('objectKey', 'TABLE');
				assert.match(tables.join('\n'), /shop\/table\.jpg \(/);
				assert.match(tables.join('\n'), /inbox\/kitchen table\.jpg \(/);
				await editor.list('objectKey', 'mug');
				await editor.pick(OWN);
				await page.waitForTimeout(500);
				assert.equal(await editor.part('parameter-issues').count(), 0);
			},
		);
		await step('rectangles can be entered in percent from a corner', 'rectangles', async () => {
			await editor.choose('area', 'Rectangles');
			const link = editor.part('node-parameters').getByRole('link', { name: 'area picker' });
			assert.match((await link.getAttribute('href')) ?? '', /^https:\/\/.+\/picker\/$/);
			await editor.part('fixed-collection-add').click();
			await editor.choose('corner', 'Bottom Right Corner');
			await editor.choose('unit', 'Percent of the Image');
			await editor.fill('left', '2');
			await editor.fill('top', '2.5');
			await editor.fill('width', '20.5');
			await editor.fill('height', '7');
			await shoot('rectangles');
		});
		await step('the output panel shows the repaired image', 'repaired', async () => {
			await editor.executeNode();
			const { source, bytes } = await editor.viewOutput();
			const { width, height } = await sharp(bytes).metadata();
			await shoot('repaired');
			await film?.show(bytes);
			await film?.save();
			assert.deepEqual([width, height], [640, 427]);
			assert.equal(new URL(source).searchParams.get('fileName'), 'mug.jpg');
		});
		await step('the canvas shows the node without a warning', 'canvas', async () => {
			await editor.closeNode();
			await editor.part('zoom-to-fit').click();
			await shoot('canvas');
			assert.equal(await editor.part('node-issues').count(), 0);
		});
		await step('a text is entered, found and repaired', 'found-text', async () => {
			await editor.openNode('Tencent Image Repair');
			await editor.choose('area', 'Found Text');
			await page.getByRole('button', { name: 'Add Text' }).click();
			await editor.fill('texts', 'SAMPLE');
			await editor.executeNode();
			const output = editor.part('output-panel');
			await output.getByTestId('radio-button-json').click();
			await output.getByText('"SAMPLE"').first().waitFor();
			await shoot('found-text');
			const text = await output.innerText();
			assert.match(text, /"repaired":\s*true/);
			assert.match(text, /"areas":/);
			const { calls } = await sandbox.ledger();
			assert.equal(calls.at(-1)?.kind, 'repair-download');
			assert.equal(calls.filter(({ detected }) => detected).length, 1);
			await editor.closeNode();
			await editor.save();
		});
		stopped = false;
		await step('the trigger fetches the newest image as its test event', 'trigger', async () => {
			await editor.openWorkflow(idOf('clean-new-uploads'));
			await editor.openNode('Tencent COS Image Trigger');
			await editor.executeNode();
			await shoot('trigger');
			const output = await editor.part('output-panel').innerText();
			assert.match(output, /inbox\/(harbour|kitchen table|forest walk)\.jpg/);
			await editor.closeNode();
		});
		await step('Get Many Images lists a folder', 'get-many', async () => {
			await editor.openWorkflow(idOf('clean-folder-nightly'));
			await editor.openNode('List the folder');
			await editor.executeNode();
			await shoot('get-many');
		});
		await step('Get Many Images says why a list is empty', 'get-many-empty', async () => {
			const folder = editor.part('resource-locator-folder').locator('input').last();
			await folder.fill('Inbox');
			await page.keyboard.press('Tab');
			await editor.part('node-execute-button').click();
			await page.getByText('Nothing in the bucket begins with "Inbox/"').waitFor();
			await shoot('get-many-empty');
			await editor.closeNode();
		});
		stopped = false;
		for (const name of await exampleNames()) {
			await step(`the example ${name} opens without a warning`, name, async () => {
				await editor.openWorkflow(idOf(name));
				await page.waitForTimeout(800);
				await shoot(name);
				assert.equal(await editor.part('node-issues').count(), 0);
				assert.equal(await page.locator('.el-notification').count(), 0);
			});
			if (name !== 'repair-on-download') continue;
			await step('its node runs alone after the whole workflow', 'step', async () => {
				await editor.executeWorkflow();
				await untilSucceeded(client, idOf(name), 1);
				await editor.openNode('Tencent Image Repair');
				await editor.part('node-execute-button').click();
				await untilSucceeded(client, idOf(name), 2);
			});
		}
		report.note(`screenshots: ${shots}`);
	} finally {
		await endings.run();
	}
}
