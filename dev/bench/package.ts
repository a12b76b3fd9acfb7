import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, symlink, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { digits, type Part } from './report';
import { median } from './statistics';

const run = promisify(execFile);
const ROOT = join(__dirname, '../..');

/** Total size of all files in a folder, in bytes. */
async function sizeOf(folder: string): Promise<number> {
	let bytes = 0;
	for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
		if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
	}
	return bytes;
}

/** Milliseconds to require n8n-workflow, which n8n itself has loaded earlier, and then the package. */
async function loadingTimes(packageFolder: string): Promise<{ n8nWorkflow: number; own: number }> {
	const script = `
		const time = (load) => { const start = performance.now(); load(); return performance.now() - start; };
		const folder = ${JSON.stringify(packageFolder)};
		const n8nWorkflow = time(() => require('n8n-workflow'));
		const own = time(() => {
			const { n8n } = require(folder + '/package.json');
			for (const file of [...n8n.nodes, ...n8n.credentials]) {
				for (const One of Object.values(require(folder + '/' + file))) new One();
			}
		});
		console.log(JSON.stringify({ n8nWorkflow, own }));
	`;
	const { stdout } = await run(process.execPath, ['-e', script], { cwd: packageFolder });
	return JSON.parse(stdout) as { n8nWorkflow: number; own: number };
}

/** (e) The size of the package, and the time to load its node and credential. */
export async function measurePackage(quick: boolean): Promise<Part> {
	const folder = await mkdtemp(join(tmpdir(), 'image-repair-bench-'));
	try {
		await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: ROOT });
		const name = (await readdir(folder)).find((one) => one.endsWith('.tgz')) ?? '';
		const tarball = (await stat(join(folder, name))).size;
		await run('tar', ['-xzf', join(folder, name), '-C', folder]);
		const unpacked = await sizeOf(join(folder, 'package'));
		await mkdir(join(folder, 'node_modules'));
		await symlink(
			dirname(require.resolve('n8n-workflow/package.json')),
			join(folder, 'node_modules', 'n8n-workflow'),
		);
		const times: Array<{ n8nWorkflow: number; own: number }> = [];
		for (let n = 0; n < (quick ? 5 : 21); n++) {
			times.push(await loadingTimes(join(folder, 'package')));
		}
		const own = median(times.map((one) => one.own));
		const n8nWorkflow = median(times.map((one) => one.n8nWorkflow));
		const kilobytes = (bytes: number) => `${digits(bytes / 1000)} kB`;
		return {
			letter: 'e',
			title: 'The package',
			how: `Loading: require and construct the node and the credential from the unpacked tarball, in a fresh process, after \`n8n-workflow\`, which n8n itself has loaded by then; the median of ${times.length}.`,
			columns: ['', 'measured', 'for comparison'],
			rows: [
				[
					'node and credential loaded',
					`${digits(own)} ms`,
					`n8n-workflow ${digits(n8nWorkflow)} ms`,
				],
				['tarball', kilobytes(tarball), ''],
				['unpacked', kilobytes(unpacked), ''],
			],
			goals: [
				{ text: 'Loaded in under 40 ms', measured: `${digits(own)} ms`, reached: own < 40 },
				{
					text: 'Tarball under 240 kB',
					measured: kilobytes(tarball),
					reached: tarball < 240_000,
				},
			],
			data: { own, n8nWorkflow, tarball, unpacked },
		};
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
