import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { filled, writtenValues } from '../../../dev/release/dryRun/expressions';
import { runJob, type Run } from '../../../dev/release/dryRun/runner';
import type { Job, Step } from '../../../dev/release/workflows';
import { workflow } from './githubWorkflows';

const folders: string[] = [];
let printed: string[];

beforeEach(() => {
	printed = [];
	jest.spyOn(console, 'log').mockImplementation((line: unknown) => void printed.push(String(line)));
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => {
	for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newRun(): Run {
	const folder = mkdtempSync(join(tmpdir(), 'image-repair-dry-run-'));
	folders.push(folder);
	const checkout = join(folder, 'repository');
	mkdirSync(checkout);
	writeFileSync(join(checkout, 'README.md'), 'checked out');
	const env = {
		PATH: process.env.PATH ?? '',
		GITHUB_REF_NAME: 'v1.0.0',
		GITHUB_REPOSITORY: 'some-one/sample-node',
	};
	return { folder, checkout, env, verbose: true, passed: 0, failed: 0 };
}

const job = (...steps: Step[]): Job => ({ steps });
const NOTHING = new Map<string, string>();

test('an expression that names nothing is a mistake', () => {
	const values = new Map([['runner.temp', '/temp']]);
	expect(filled('${{ runner.temp }}/a ${{runner.temp}}', values)).toBe('/temp/a /temp');
	expect(() => filled('${{ runner.tmp }}', values)).toThrow(
		'Nothing gives ${{ runner.tmp }} a value.',
	);
});

test('values of one line and of several are read as GitHub reads them', () => {
	expect([...writtenValues('one=1=1\nsums<<END\na\n\nb\nEND\nlast=\n')]).toEqual([
		['one', '1=1'],
		['sums', 'a\n\nb'],
		['last', ''],
	]);
	expect(() => writtenValues('sums<<END\na\n')).toThrow('The value of sums has no end "END".');
	expect(() => writtenValues('no value')).toThrow('"no value" sets no value.');
});

test('a job starts in the repository if it checks out, and in an empty folder if not', () => {
	const run = newRun();
	const look: Step = { run: 'ls' };
	runJob(run, 'with', job({ uses: 'actions/checkout@x' }, look), NOTHING);
	expect(printed).toContain('README.md');
	printed = [];
	runJob(run, 'without', job(look), NOTHING);
	expect(printed).not.toContain('README.md');
	expect(run).toMatchObject({ passed: 3, failed: 0 });
});

test('a step has its own environment, and that of the steps before it of its job', () => {
	const outputs = runJob(
		newRun(),
		'one',
		{
			steps: [
				{ run: 'echo "FROM_FIRST=first" >> "$GITHUB_ENV"', env: { OWN: 'own' } },
				{
					id: 'second',
					env: { INPUT: '${{ needs.before.outputs.text }}' },
					run: 'echo "all=$FROM_FIRST-$OWN-$INPUT" >> "$GITHUB_OUTPUT"',
				},
			],
			outputs: { all: '${{ steps.second.outputs.all }}' },
		},
		new Map([['needs.before.outputs.text', 'given']]),
	);
	expect(outputs).toEqual(new Map([['needs.one.outputs.all', 'first--given']]));
});

test.each<[string, Step, string]>([
	['a command that fails', { run: 'false\ntrue' }, 'The command ended with 1.'],
	['an unknown program', { run: 'no-such-program' }, 'The command ended with 127.'],
	['an unknown action', { uses: 'some/action@x' }, 'does not know the action some/action'],
	[
		'an artifact that is not there',
		{ uses: 'actions/download-artifact@x', with: { name: 'a', path: 'b' } },
		'There is no artifact "a".',
	],
	['a condition on nothing', { if: 'inputs.tarbal', run: 'true' }, 'Nothing gives "inputs.tarbal"'],
	[
		'a value of nothing',
		{ run: 'true', env: { A: '${{ needs.x.outputs.y }}' } },
		'needs.x.outputs.y',
	],
	['an option that gh does not have', { run: 'gh release create v1 --note x' }, "'--note'"],
	[
		'another command of gh',
		{ run: 'gh release delete v1' },
		'only "gh release create <tag>" is known',
	],
	['a file that is not there', { run: 'gh release create v1 --notes-file a.md' }, 'no file "a.md"'],
])('%s stops a job', (_, step, message) => {
	const run = newRun();
	const after: Step = { run: 'echo never-reached' };
	expect(runJob(run, 'one', job(step, after), NOTHING)).toBeUndefined();
	expect(printed.join('\n')).toContain(message);
	expect(printed.join('\n')).not.toContain('never-reached');
	expect(run).toMatchObject({ passed: 0, failed: 1 });
});

test('an output that no step has set stops the run', () => {
	const run = newRun();
	const one: Job = { steps: [{ run: 'true' }], outputs: { a: '${{ steps.x.outputs.a }}' } };
	expect(runJob(run, 'one', one, NOTHING)).toBeUndefined();
	expect(run).toMatchObject({ passed: 1, failed: 1 });
});

describe('publish.yml', () => {
	const { jobs } = workflow('publish.yml');
	const files = { 'sample-node-1.0.0.tgz': 'tarball', 'sbom.cdx.json': '{}', 'notes.md': 'notes' };

	/** The steps that need no npm: those that pass the files on. */
	const isRun = ({ uses, run }: Step) =>
		uses?.includes('-artifact@') === true || /^(?:sha256sum|echo|gh) /.test(run ?? '');

	function packed(run: Run) {
		const write = Object.entries(files).map(
			([name, text]) => `printf '${text}' > "$RUNNER_TEMP/release/${name}"`,
		);
		const making: Step = { run: ['mkdir "$RUNNER_TEMP/release"', ...write].join('\n') };
		const steps = [making, ...(jobs.package?.steps ?? []).filter(isRun)];
		const outputs = runJob(run, 'package', { ...jobs.package, steps }, NOTHING);
		if (!outputs) throw new Error('Nothing was packed.');
		return outputs;
	}
	const use = (run: Run, name: string, given: Map<string, string>) =>
		runJob(run, name, jobs[name] ?? {}, given, isRun);

	test('the files of the job that packs reach the jobs that publish', () => {
		const run = newRun();
		const outputs = packed(run);
		expect(outputs.get('needs.package.outputs.tarball')).toBe('sample-node-1.0.0.tgz');
		expect(use(run, 'publish', outputs)).toBeDefined();
		expect(use(run, 'release', outputs)).toBeDefined();
		expect(printed).toContain(
			'  would release v1.0.0 in some-one/sample-node with sample-node-1.0.0.tgz, sbom.cdx.json, SHA256SUMS',
		);
	});

	test.each([...Object.keys(files), 'SHA256SUMS'])(
		'if %s is another one than was packed, nothing is published',
		(name) => {
			for (const user of ['publish', 'release']) {
				const run = newRun();
				const outputs = packed(run);
				appendFileSync(join(run.folder, 'artifacts/release', name), 'more');
				expect(use(run, user, outputs)).toBeUndefined();
				expect(printed.join('\n')).toContain(`${name}: FAILED`);
			}
		},
	);

	test('without checksums nothing is published', () => {
		const run = newRun();
		const outputs = packed(run).set('needs.package.outputs.sums', '');
		expect(use(run, 'publish', outputs)).toBeUndefined();
	});
});
