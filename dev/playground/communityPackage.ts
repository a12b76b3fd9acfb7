import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PACKAGE_NAME } from '../packageNames';
import { runProgram } from './childProcess';
import { npm } from './npm';

const repository = join(__dirname, '../..');

/** The tarball as npm would publish it. */
export interface PackedNode {
	readonly tarball: string;
	/** Removes it. */
	remove(): Promise<void>;
}

/** Packs the built node. */
export async function packNode(): Promise<PackedNode> {
	const folder = await mkdtemp(join(tmpdir(), 'image-repair-pack-'));
	await npm(folder, ['pack', repository, '--silent', '--ignore-scripts']);
	const name = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
	if (name === undefined) throw new Error(`npm pack left no tarball in ${folder}.`);
	return {
		tarball: join(folder, name),
		remove: async () => await rm(folder, { recursive: true, force: true }),
	};
}

interface Manifest {
	version: string;
	dependencies?: Record<string, string>;
}

/** n8n brings the one, and has no use for the others. */
const DROPPED = new Set(['devDependencies', 'peerDependencies', 'optionalDependencies']);

/**
 * Installs the tarball the way n8n installs a community package: unpacked into its own folder under
 * `.n8n/nodes`, without the dependencies that n8n brings itself, and noted in the list there. n8n
 * loads what it finds in that folder when it starts.
 *
 * @param userFolder n8n's N8N_USER_FOLDER
 */
export async function installPackage(tarball: string, userFolder: string): Promise<string> {
	const nodes = join(userFolder, '.n8n', 'nodes');
	const target = join(nodes, 'node_modules', PACKAGE_NAME);
	await rm(target, { recursive: true, force: true });
	await mkdir(target, { recursive: true });
	await runProgram({
		command: 'tar',
		args: ['-xzf', tarball, '-C', target, '--strip-components=1'],
		env: process.env,
		logFile: join(nodes, 'unpack.log'),
	});
	const file = join(target, 'package.json');
	const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest;
	const kept = Object.entries(manifest).filter(([name]) => !DROPPED.has(name));
	await writeFile(file, JSON.stringify(Object.fromEntries(kept), null, 2));
	if (Object.keys(manifest.dependencies ?? {}).length > 0) {
		throw new Error(
			`${PACKAGE_NAME} has dependencies, which n8n would have to install: bundle them.`,
		);
	}
	const list = { private: true, dependencies: { [PACKAGE_NAME]: manifest.version } };
	await writeFile(
		join(nodes, 'package.json'),
		JSON.stringify({ name: 'installed-nodes', ...list }, null, 2),
	);
	return target;
}

/**
 * Installs the tarball by hand, as the README says for an n8n without its panel: with npm, in the
 * `.n8n/nodes` folder. n8n-workflow, which comes with n8n, is left out: npm would build parts of it.
 *
 * @param userFolder n8n's N8N_USER_FOLDER
 */
export async function installByHand(tarball: string, userFolder: string): Promise<void> {
	await npm(join(userFolder, '.n8n', 'nodes'), ['install', '--omit=peer', tarball]);
}
