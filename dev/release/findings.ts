/** What keeps a version from being published: places that disagree about who publishes. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { isRecord } from '../../cos/values';
import { isPlaceholder, readIdentity } from './identity';

type Identity = ReturnType<typeof readIdentity>;

const fieldOf = (value: unknown, name: string) => (isRecord(value) ? value[name] : undefined);

interface Person {
	email?: unknown;
	url?: unknown;
}

/** A person as package.json names one: an object, or `Name <mail> (url)`. */
function person(written: unknown): Person {
	if (typeof written !== 'string') {
		return { email: fieldOf(written, 'email'), url: fieldOf(written, 'url') };
	}
	return { email: /<([^>]*)>/.exec(written)?.[1], url: /\(([^)]*)\)/.exec(written)?.[1] };
}

/** Domains that nobody can own (RFC 2606, RFC 6761 and RFC 6762). */
const RESERVED = /(?:^|\.)(?:example(?:\.(?:com|net|org))?|invalid|test|localhost|local)$/;

/**
 * Whether mail to an address cannot reach the publisher. Anyone could buy a domain that is only the
 * package's name with an ending, so a publisher needs a better reason than that to name one.
 */
function isInvented(email: string, packageName: string): boolean {
	const [, account = '', written = ''] = /^([^@\s]+)@([^@\s]+)$/.exec(email) ?? [];
	const domain = written.toLowerCase();
	return (
		!domain.includes('.') ||
		RESERVED.test(domain) ||
		domain.startsWith(`${packageName}.`) ||
		(domain === 'users.noreply.github.com' && isPlaceholder(account))
	);
}

const sameName = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

const show = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value));

function* manifestFindings(manifest: unknown, identity: Identity): Generator<string> {
	const { owner, homepage } = identity;
	const expected = (field: string, value: unknown, right: string) =>
		`package.json: "${field}" is ${show(value)} and "repository" names ${homepage}: write ${show(right)}.`;

	const given = fieldOf(manifest, 'homepage');
	if (given !== homepage && given !== `${homepage}#readme`) {
		yield expected('homepage', given, homepage);
	}
	const bugs = fieldOf(manifest, 'bugs');
	const bugsUrl = typeof bugs === 'string' ? bugs : fieldOf(bugs, 'url');
	if (bugsUrl !== undefined && bugsUrl !== `${homepage}/issues`) {
		yield expected('bugs.url', bugsUrl, `${homepage}/issues`);
	}

	const listed = (field: string) => {
		const people = fieldOf(manifest, field);
		return Array.isArray(people)
			? people.map((one: unknown, index) => ({ name: `${field}[${index}]`, written: one }))
			: [];
	};
	const packageName = String(fieldOf(manifest, 'name'));
	for (const { name, written } of [
		{ name: 'author', written: fieldOf(manifest, 'author') },
		{ name: 'bugs', written: isRecord(bugs) ? { email: bugs.email } : undefined },
		...listed('contributors'),
		...listed('maintainers'),
	]) {
		const { email, url } = person(written);
		if (email !== undefined && (typeof email !== 'string' || isInvented(email, packageName))) {
			yield `package.json: "${name}.email" is ${show(email)}, which reaches nobody: write a mail address of yours, such as ${owner}@users.noreply.github.com.`;
		}
		if (name !== 'author' || url === undefined) continue;
		const address = typeof url === 'string' ? url : '';
		const account = /^https:\/\/github\.com\/([\w-]+)/.exec(address)?.[1];
		const elsewhere = /^https:\/\/(?!github\.com\/)[^/]+\.[^/]+/.test(address);
		if (!elsewhere && !(account !== undefined && sameName(account, owner))) {
			yield expected('author.url', url, `https://github.com/${owner}`);
		}
	}
}

const git = (root: string, ...args: string[]) =>
	execFileSync('git', ['-C', root, ...args], {
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'pipe'],
		maxBuffer: 64 * 1024 * 1024,
	});

const REMOTE =
	/^(?:(?:https|ssh|git):\/\/)?(?:[^@/]+@)?github\.com[/:]([^/]+\/[^/]+?)(?:\.git)?\/?$/;

/** The `owner/name` of the repository in which this runs. */
function surroundings(root: string, repositoryOfRun: string | undefined) {
	if (repositoryOfRun) return { where: 'GITHUB_REPOSITORY', repository: repositoryOfRun };
	const where = 'the git remote "origin"';
	try {
		const url = git(root, 'remote', 'get-url', 'origin').trim();
		return { where, repository: REMOTE.exec(url)?.[1] ?? url };
	} catch {
		return { where, repository: undefined };
	}
}

function* surroundingsFindings(
	root: string,
	{ owner, repository }: Identity,
	repositoryOfRun: string | undefined,
): Generator<string> {
	const { where, repository: found } = surroundings(root, repositoryOfRun);
	if (found === undefined) {
		yield `git: there is no remote "origin" to compare "repository" of package.json with: git remote add origin https://github.com/${owner}/${repository}.git`;
	} else if (
		// npm compares the provenance letter by letter. A person may have typed the remote.
		repositoryOfRun
			? found !== `${owner}/${repository}`
			: !sameName(found, `${owner}/${repository}`)
	) {
		yield `package.json: "repository" names ${owner}/${repository}, and ${where} is ${found}: publish from the repository that package.json names, or correct "repository".`;
	}
}

const LINK =
	/(?:github\.com|githubusercontent\.com)(?:\/repos)?[/:](?<owner>[\w-]+)\/(?<name>[\w.-]+)|(?<host>[\w-]+)\.github\.io\/(?<path>[\w.-]+)/gi;

/** The repositories that a text links to, with the line of each link. */
function* linkedRepositories(text: string) {
	for (const link of text.matchAll(LINK)) {
		const { owner, name, host, path } = link.groups ?? {};
		yield {
			line: text.slice(0, link.index).split('\n').length,
			owner: owner ?? host ?? '',
			// The end of a sentence is no part of a name.
			name: (name ?? path ?? '').replace(/\.+$/, '').replace(/\.git$/, ''),
		};
	}
}

function* linkFindings(root: string, packageName: string, identity: Identity): Generator<string> {
	const { owner, repository } = identity;
	const ours = new Set([packageName.toLowerCase(), repository.toLowerCase()]);
	for (const file of git(root, 'ls-files', '-z').split('\0')) {
		// The fields of package.json have findings of their own.
		if (file === '' || file === 'package.json') continue;
		let text: string;
		try {
			text = readFileSync(join(root, file), 'utf8');
		} catch {
			// Deleted and not committed, or a link to a folder.
			continue;
		}
		if (text.includes('\0')) continue;
		for (const link of linkedRepositories(text)) {
			const linked = `${link.owner}/${link.name}`;
			if (sameName(linked, `${owner}/${repository}`)) continue;
			if (!ours.has(link.name.toLowerCase()) && !isPlaceholder(link.owner)) continue;
			yield `${file}:${link.line} links to ${linked}, and package.json names ${owner}/${repository}: run npm run docs, or correct the link.`;
		}
	}
}

/**
 * What a publisher has to correct; empty when everything names the same repository.
 *
 * @param root of the repository
 * @param repositoryOfRun GITHUB_REPOSITORY of a GitHub Actions run; the remote "origin" without it
 */
export function releaseFindings(root: string, repositoryOfRun?: string): string[] {
	const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
	let identity: Identity;
	try {
		identity = readIdentity(manifest);
	} catch (error) {
		return [error instanceof Error ? error.message : String(error)];
	}
	const placeholder = isPlaceholder(identity.owner)
		? [
				`package.json: "repository" has the placeholder ${identity.owner}: write the account or organization on GitHub that publishes, there and in "homepage", then run npm run docs.`,
			]
		: [];
	return [
		...placeholder,
		...manifestFindings(manifest, identity),
		...surroundingsFindings(root, identity, repositoryOfRun),
		...linkFindings(root, String(fieldOf(manifest, 'name')), identity),
	];
}
