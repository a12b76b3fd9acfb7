import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Endings, runProgram } from '../../dev/playground/childProcess';
import { idOf } from '../../dev/playground/localWorkflows';
import { freePort, isFree } from '../../dev/playground/machine';
import { interrupt, signedIn, startCommand, TRIGGER } from './playgroundChecks';
import type { Report } from './report';
import { assertSucceeded } from './serverChecks';

const CHECKOUT = join(__dirname, '../..');
const NOT_COPIED = new Set(['.git', 'build', 'coverage', 'dist', 'node_modules']);
const DEADLINE_MS = 120_000;

/** A copy of the checkout, so that its files can be edited. */
async function copyCheckout(copy: string): Promise<void> {
	await mkdir(copy);
	for (const name of await readdir(CHECKOUT)) {
		if (!NOT_COPIED.has(name))
			await cp(join(CHECKOUT, name), join(copy, name), { recursive: true });
	}
	await symlink(join(CHECKOUT, 'node_modules'), join(copy, 'node_modules'), 'junction');
}

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
	const end = Date.now() + DEADLINE_MS;
	while (!(await condition())) {
		if (Date.now() > end) throw new Error(`Not within ${DEADLINE_MS / 1000} s: ${what}`);
		await sleep(250);
	}
}

/** `npm run dev`: edits arrive in a running n8n. */
export async function checkDev(report: Report): Promise<void> {
	report.heading('The development loop (npm run dev)');
	const endings = new Endings();
	const folder = await mkdtemp(join(tmpdir(), 'image-repair-dev-'));
	endings.add(async () => await rm(folder, { recursive: true, force: true }));
	const copy = join(folder, 'checkout');
	const port = await freePort();
	try {
		await copyCheckout(copy);
		await runProgram({
			command: process.execPath,
			args: [join(copy, 'node_modules/gulp/bin/gulp.js'), 'buildUnchecked'],
			env: process.env,
			cwd: copy,
			logFile: join(folder, 'gulp.log'),
		});
		const args = [`--port=${port}`, `--folder=${join(folder, 'state')}`];
		const start = startCommand('npm run dev', folder, args, { root: copy });
		endings.add(async () => await start.program.stop());
		// Once only: what follows works with the cookie of this session.
		const client = await signedIn(start);
		const workflow = await client.workflow(idOf('repair-on-download'));

		const edit = async (file: string, from: string, to: string) => {
			const text = await readFile(join(copy, file), 'utf8');
			assert.ok(text.includes(from), `${file} does not contain ${from}`);
			await writeFile(join(copy, file), text.replace(from, to));
		};
		const shown = async (types: 'nodes' | 'credentials', label: string) => {
			try {
				return (await client.file(`/types/${types}.json`)).bytes.includes(label);
			} catch (error) {
				// n8n rewrites the list in place, which breaks off a response.
				if (error instanceof TypeError) return false;
				throw error;
			}
		};
		const node = 'nodes/ImageRepair/ImageRepair.node.ts';

		await report.check(
			'a label edited in nodes/ is in the same session of the editor',
			async () => {
				await edit(node, "'Tencent Image Repair'", "'Edited Node'");
				await until('the label', () => shown('nodes', 'Edited Node'));
				assert.deepEqual(await client.workflow(workflow.id), workflow);
			},
		);
		await report.check(
			'so are edits in credentials/ and cos/, and the node still runs',
			async () => {
				const credential = 'credentials/TencentCloudInfiniteApi.credentials.ts';
				await edit(credential, "'Tencent Cloud Infinite API'", "'Edited Credential'");
				await until('the name', () => shown('credentials', 'Edited Credential'));
				await edit('cos/location/regions.ts', 'Beijing', 'Edited Region');
				await until('the region', () => shown('credentials', 'Edited Region'));
				assertSucceeded(await client.untilOver(await client.start(workflow.id, TRIGGER)));
			},
		);
		await report.check('a type error is printed, and the edit arrives all the same', async () => {
			await edit(node, "'Edited Node'", "'Edited Again', oops: 1");
			await until('the label', () => shown('nodes', 'Edited Again'));
			await until('the error is printed', async () => (await start.output()).includes('error TS'));
		});
		await report.check('a syntax error is printed, and its correction arrives', async () => {
			await edit(node, "'Edited Again', oops: 1", "'Edited Last', (");
			await until('the error is printed', async () => (await start.output()).includes('[ERROR]'));
			await until('the label from before', () => shown('nodes', 'Edited Again'));
			await edit(node, "'Edited Last', (", "'Edited Last'");
			await until('the label', () => shown('nodes', 'Edited Last'));
		});
		await report.check('Ctrl+C ends it', async () => {
			assert.equal(await interrupt(start), 0);
			assert.ok(await isFree(port), 'n8n is still there after Ctrl+C.');
		});
	} finally {
		await endings.run();
	}
}
