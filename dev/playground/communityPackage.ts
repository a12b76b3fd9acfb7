import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PACKAGE_NAME } from '../packageNames';
import { runProgram } from './childProcess';
import { npm } from './npm';

const repository = join(__dirname, '../..');

/** The tarball, as npm would publish it. */
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

/** n8n provides the peer dependency and does not need the others. */
const DROPPED = new Set(['devDependencies', 'peerDependencies', 'optionalDependencies']);

/**
 * Installs the tarball the way n8n installs a community package: unpacked into `.n8n/nodes`, without
 * the dependencies that n8n provides, and listed in the package.json there. n8n loads it on its next
 * start.
 *
 * @param userFolder n8n's N8N_USER_FOLDER
 * @returns the folder of the installed package
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
			`${PACKAGE_NAME} has dependencies that n8n would have to install: bundle them.`,
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
 * Installs the tarball with npm in `.n8n/nodes`, as the README describes for installing by hand.
 * n8n-workflow is left out: it comes with n8n, and npm would compile parts of it.
 *
 * @param userFolder n8n's N8N_USER_FOLDER
 */
export async function installByHand(tarball: string, userFolder: string): Promise<void> {
	await npm(join(userFolder, '.n8n', 'nodes'), ['install', '--omit=peer', tarball]);
}
