import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { releaseFindings } from '../../../dev/release/findings';

const folders: string[] = [];
afterAll(() => {
	for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Not written in links: `npm run release:check` reads this file, too. */
const PLACEHOLDER = '-owner-';
const HOMEPAGE = 'https://github.com/some-one/sample-node';
const GOOD = {
	name: 'sample-node',
	version: '1.0.0',
	homepage: HOMEPAGE,
	author: { name: 'some-one' },
	repository: { type: 'git', url: `git+${HOMEPAGE}.git` },
};

interface Project {
	manifest?: object;
	files?: Record<string, string | Uint8Array>;
	/** Files that git does not know. */
	untracked?: Record<string, string>;
	origin?: string;
}

/** A git repository, ready to be released but for what is given. */
function project({
	manifest,
	files = {},
	untracked = {},
	origin = HOMEPAGE,
}: Project = {}): string {
	const root = mkdtempSync(join(tmpdir(), 'image-repair-release-'));
	folders.push(root);
	const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { stdio: 'pipe' });
	const write = (name: string, content: string | Uint8Array) => {
		mkdirSync(dirname(join(root, name)), { recursive: true });
		writeFileSync(join(root, name), content);
	};
	git('init', '--quiet');
	if (origin !== '') git('remote', 'add', 'origin', origin);
	write('package.json', JSON.stringify({ ...GOOD, ...manifest }));
	for (const [name, content] of Object.entries(files)) write(name, content);
	git('add', '--all');
	for (const [name, content] of Object.entries(untracked)) write(name, content);
	return root;
}

test.each([
	['https://github.com/some-one/sample-node.git'],
	['https://token@github.com/Some-One/sample-node'],
	['git@github.com:some-one/sample-node.git'],
	['ssh://git@github.com/some-one/sample-node.git'],
])('a release from the repository of package.json is not refused: %s', (origin) => {
	const root = project({
		origin,
		manifest: {
			homepage: `${HOMEPAGE}#readme`,
			bugs: `${HOMEPAGE}/issues`,
			author: 'Some One <some-one@users.noreply.github.com> (https://github.com/Some-One)',
			contributors: [{ name: 'Other', email: 'other@some-one.dev', url: 'https://other.dev' }],
		},
		files: {
			'README.md': [
				`See ${HOMEPAGE}. Draw at https://some-one.github.io/sample-node/picker/, or see`,
				'https://github.com/n8n-io/n8n and https://github.com/Some-One/sample-node/issues.',
			].join('\n'),
			'image.bin': new Uint8Array([0, ...Buffer.from('https://github.com/else/sample-node')]),
		},
		untracked: { 'notes.txt': 'https://github.com/else/sample-node' },
	});
	expect(releaseFindings(root)).toEqual([]);
	expect(releaseFindings(root, 'some-one/sample-node')).toEqual([]);
});

test('as long as the owner is a placeholder, nothing is published', () => {
	const homepage = `https://github.com/${PLACEHOLDER}/sample-node`;
	const root = project({
		manifest: { homepage, repository: `git+${homepage}.git` },
		files: { 'README.md': `${homepage}/issues` },
		origin: `${homepage}.git`,
	});
	expect(releaseFindings(root)).toEqual([
		'package.json: "repository" has the placeholder -owner-: write the account or organization on GitHub that publishes, there and in "homepage", then run npm run docs.',
	]);
});

const address =
	'which reaches nobody: write a mail address of yours, such as some-one@users.noreply.github.com.';

test.each<[string, object, string]>([
	['no repository', { repository: undefined }, '"repository" must have a URL'],
	[
		'no homepage',
		{ homepage: undefined },
		`"homepage" is nothing and "repository" names ${HOMEPAGE}`,
	],
	[
		'the homepage of somebody else',
		{ homepage: 'https://github.com/else/sample-node' },
		`: write "${HOMEPAGE}".`,
	],
	[
		'issues elsewhere',
		{ bugs: 'https://github.com/else/sample-node/issues' },
		`"${HOMEPAGE}/issues"`,
	],
	[
		'issues elsewhere',
		{ bugs: { url: 'https://github.com/else/sample-node/issues' } },
		'"bugs.url" is "https://github.com/else/sample-node/issues"',
	],
	[
		'an author elsewhere',
		{ author: { name: 'x', url: 'https://github.com/else' } },
		'"author.url" is "https://github.com/else"',
	],
	[
		'an author elsewhere',
		{ author: 'x (https://github.com/else)' },
		'write "https://github.com/some-one"',
	],
	[
		'an author with no address',
		{ author: { name: 'x', url: 'nowhere' } },
		'"author.url" is "nowhere"',
	],
	[
		'a reserved domain',
		{ author: { email: 'me@example.com' } },
		`"author.email" is "me@example.com", ${address}`,
	],
	['a reserved domain', { author: 'x <me@mail.example.org>' }, `"me@mail.example.org", ${address}`],
	['a reserved domain', { author: 'x <me@some-one.invalid>' }, address],
	['no domain', { author: 'x <me>' }, `"me", ${address}`],
	['no domain', { author: { email: 'me@localhost' } }, address],
	['an invented domain', { author: { email: 'me@sample-node.dev' } }, address],
	[
		"a placeholder's address",
		{ author: { email: `${PLACEHOLDER}@users.noreply.github.com` } },
		address,
	],
	['a mail that is no text', { author: { email: 7 } }, address],
	['a reserved domain', { bugs: { email: 'me@some.test' } }, `"bugs.email" is "me@some.test"`],
	['a reserved domain', { contributors: [{}, 'x <me@example.net>'] }, '"contributors[1].email"'],
	['a reserved domain', { maintainers: [{ email: 'me@example.net' }] }, '"maintainers[0].email"'],
])('package.json with %s is refused: %j', (_, manifest, finding) => {
	const findings = releaseFindings(project({ manifest }));
	expect(findings).toEqual([expect.stringContaining(finding)]);
	expect(findings).toEqual([expect.stringMatching(/^package\.json: /)]);
});

test('a release from another repository is refused, in a workflow and by hand', () => {
	const root = project({ origin: 'git@github.com:else/sample-node.git' });
	expect(releaseFindings(root)).toEqual([
		'package.json: "repository" names some-one/sample-node, and the git remote "origin" is else/sample-node: publish from the repository that package.json names, or correct "repository".',
	]);
	expect(releaseFindings(root, 'some-one/sample-node')).toEqual([]);
	expect(releaseFindings(project(), 'some-one/a-fork')).toEqual([
		expect.stringContaining('and GITHUB_REPOSITORY is some-one/a-fork'),
	]);
});

test('npm compares the repository letter by letter, so its case counts in a workflow', () => {
	expect(releaseFindings(project(), 'Some-One/sample-node')).toHaveLength(1);
});

test('an origin that is not on GitHub is another repository', () => {
	const [finding] = releaseFindings(project({ origin: 'https://gitlab.com/some-one/sample-node' }));
	expect(finding).toContain('the git remote "origin" is https://gitlab.com/some-one/sample-node');
});

test('without an origin there is nothing to compare with', () => {
	expect(releaseFindings(project({ origin: '' }))).toEqual([
		'git: there is no remote "origin" to compare "repository" of package.json with: git remote add origin https://github.com/some-one/sample-node.git',
	]);
});

test.each([
	['https://github.com/else/sample-node', 'else/sample-node'],
	['git clone git@github.com:else/sample-node.git', 'else/sample-node'],
	['https://raw.githubusercontent.com/else/sample-node/main/icon.svg', 'else/sample-node'],
	['https://api.github.com/repos/else/sample-node/releases', 'else/sample-node'],
	['[picker](https://else.github.io/sample-node/picker/)', 'else/sample-node'],
	['https://github.com/else/Sample-Node.', 'else/Sample-Node'],
	// The name of the repository before it was named differently.
	[`https://github.com/${PLACEHOLDER}/other-name/issues`, `${PLACEHOLDER}/other-name`],
])('a tracked file that links to the package of another owner is refused: %s', (link, linked) => {
	const root = project({ files: { 'docs/page.md': `One line.\nA link: ${link}\n` } });
	expect(releaseFindings(root)).toEqual([
		`docs/page.md:2 links to ${linked}, and package.json names some-one/sample-node: run npm run docs, or correct the link.`,
	]);
});

test('a package whose repository has another name is found under both names', () => {
	const homepage = 'https://github.com/some-one/renamed';
	const root = project({
		origin: homepage,
		manifest: { homepage, repository: `${homepage}.git` },
		files: { 'README.md': `${homepage}\nhttps://github.com/else/renamed\n${HOMEPAGE}` },
	});
	expect(releaseFindings(root)).toEqual([
		expect.stringContaining('README.md:2 links to else/renamed'),
		expect.stringContaining('README.md:3 links to some-one/sample-node'),
	]);
});
