/** A copy of the repository in which everything is done that a publisher does before a release. */
import { execFileSync } from 'node:child_process';
import { readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { readChangelog } from '../changelog';
import { isPlaceholder, readIdentity } from '../identity';

/** What the dry run has to know of the copy. */
export interface Clone {
	folder: string;
	/** `owner/name` of the repository that the copy stands for. */
	repository: string;
	tag: string;
	commit: string;
}

interface Manifest {
	version: string;
	homepage: string;
	repository: { type: string; url: string };
	author: { name: string; email?: string };
}

const git = (folder: string, ...args: string[]) =>
	execFileSync('git', ['-C', folder, '-c', 'user.name=Dry run', '-c', 'user.email=', ...args], {
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'inherit'],
	}).trim();

function editJson<T>(file: string, edit: (json: T) => void): T {
	const json = JSON.parse(readFileSync(file, 'utf8')) as T;
	edit(json);
	writeFileSync(file, `${JSON.stringify(json, null, '\t')}\n`);
	return json;
}

/** Copies what is committed; the installed packages are linked to. */
export function cloneOf(root: string, folder: string): void {
	execFileSync('git', ['clone', '--quiet', '--no-tags', root, folder], { stdio: 'inherit' });
	symlinkSync(realpathSync(join(root, 'node_modules')), join(folder, 'node_modules'));
	if (git(root, 'status', '--porcelain') !== '') {
		console.log('What is not committed takes no part.');
	}
}

/** Lets an account publish: package.json names it, and everything else follows. */
function publishAs(owner: string, folder: string, env: NodeJS.ProcessEnv): void {
	editJson<Manifest>(join(folder, 'package.json'), (manifest) => {
		const { repository } = readIdentity(manifest);
		manifest.homepage = `https://github.com/${owner}/${repository}`;
		manifest.repository.url = `git+${manifest.homepage}.git`;
		// n8n's gate wants a mail address of the author. This is the one that GitHub gives to an account.
		manifest.author.email = `${owner}@users.noreply.github.com`;
	});
	execFileSync('npm', ['run', '--silent', 'docs'], { cwd: folder, env, stdio: 'inherit' });
	console.log(`Published as ${owner}: package.json edited, npm run docs.`);
}

/** The version after one: its last number and one. */
const next = (version: string) => version.replace(/\d+$/, (last) => String(Number(last) + 1));

/** Moves what is under Unreleased to a version, as docs/contributing.md describes. */
function prepareVersion(folder: string): void {
	const file = join(folder, 'CHANGELOG.md');
	const changelog = readFileSync(file, 'utf8');
	const sections = readChangelog(changelog);
	if (!sections.get('Unreleased')?.notes) return;
	const { version } = editJson<Manifest>(join(folder, 'package.json'), (manifest) => {
		if (sections.has(manifest.version)) manifest.version = next(manifest.version);
	});
	editJson<Manifest & { packages: { '': Manifest } }>(join(folder, 'package-lock.json'), (lock) => {
		lock.version = version;
		lock.packages[''].version = version;
	});
	const heading = '## [Unreleased]\n';
	const today = new Date().toISOString().slice(0, 10);
	writeFileSync(file, changelog.replace(heading, `${heading}\n## [${version}] - ${today}\n`));
	console.log(`Unreleased lines of the changelog moved to ${version}.`);
}

/**
 * Makes a copy ready to be published, with a tag on a branch main.
 *
 * @param owner account that publishes; undefined for that of package.json
 */
export function prepare(folder: string, owner: string | undefined, env: NodeJS.ProcessEnv): Clone {
	if (owner !== undefined) publishAs(owner, folder, env);
	prepareVersion(folder);
	const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
	const identity = readIdentity(manifest);
	const tag = `v${manifest.version}`;
	git(folder, 'commit', '--quiet', '--allow-empty', '--all', '--message', `Release ${tag}`);
	git(folder, 'tag', tag);
	git(folder, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
	git(folder, 'remote', 'set-url', 'origin', `${identity.homepage}.git`);
	return {
		folder,
		repository: `${identity.owner}/${identity.repository}`,
		tag,
		commit: git(folder, 'rev-parse', 'HEAD'),
	};
}

/** Whether package.json names nobody yet. */
export function hasPlaceholder(folder: string): boolean {
	const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
	return isPlaceholder(readIdentity(manifest).owner);
}
