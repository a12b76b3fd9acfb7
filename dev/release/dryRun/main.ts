/**
 * Runs publish.yml on this machine, in a copy of the repository, so that a mistake in it is found
 * before a tag is pushed: `npm run release:dry-run`. Nothing is published.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';

import { plainEnvironment } from '../../playground/machine';
import { readWorkflow, type Job, type Step } from '../workflows';
import { cloneOf, hasPlaceholder, prepare } from './clone';
import { filled, type Values } from './expressions';
import { check, runJob, type Run } from './runner';

const ROOT = join(__dirname, '../../..');

const USAGE = `Usage: npm run release:dry-run -- [options]

  --owner <name>   publish as this account (default: that of package.json; "dry-run" for a placeholder)
  --verbose        show what all commands print, not only those that fail
  --keep           keep the folder with the copy, the tarball and the bill of materials
  --help           show this text
`;

/** This process's environment without what npm adds for a script. */
function plainPath(): Record<string, string> {
	const env = plainEnvironment() as Record<string, string>;
	const path = (env.PATH ?? '').split(delimiter).filter((entry) => !entry.includes('node_modules'));
	// `npm run --silent` would silence every npm of the dry run.
	return { ...env, PATH: path.join(delimiter), npm_config_loglevel: 'notice' };
}

/** A job with steps can run when those that it needs have. */
function inOrder(jobs: Record<string, Job>): Array<[string, Job]> {
	const order: Array<[string, Job]> = [];
	const waiting = new Map(Object.entries(jobs));
	while (waiting.size > 0) {
		const ready = [...waiting].filter(
			([, { needs = [] }]) => !needs.some((name) => waiting.has(name)),
		);
		if (ready.length === 0)
			throw new Error(`${[...waiting.keys()].join(', ')} wait for each other.`);
		for (const [name, job] of ready) {
			waiting.delete(name);
			order.push([name, job]);
		}
	}
	return order;
}

/** Of the other workflows, only what handles the tarball: the checks themselves are those of .ci/run. */
const handlesTarball = ({ uses, run, if: condition }: Step) =>
	condition !== undefined ||
	uses?.startsWith('actions/checkout@') === true ||
	run === 'npm run scan';

/** @returns whether it passed */
function runCalled(run: Run, name: string, job: Job, outputs: Values): boolean {
	const called = readWorkflow(run.checkout, basename(job.uses ?? ''));
	const trigger = called.on.workflow_call as { inputs?: Record<string, unknown> } | null;
	const given = new Map<string, string>();
	const handedOver = check(run, `${name}: inputs`, () => {
		const declared = Object.keys(trigger?.inputs ?? {}).sort();
		const written = Object.keys(job.with ?? {}).sort();
		if (declared.join() !== written.join()) {
			throw new Error(`${job.uses ?? ''} takes ${declared.join()} and gets ${written.join()}.`);
		}
		for (const [input, text] of Object.entries(job.with ?? {})) {
			given.set(`inputs.${input}`, filled(text, outputs));
		}
	});
	if (!handedOver) return false;
	if (given.size === 0) {
		console.log(`${name}: ${job.uses ?? ''} (left out)`);
		return true;
	}
	return Object.entries(called.jobs).every(
		([part, steps]) =>
			runJob(run, `${name} ${part}`.replace(' ', '-'), steps, given, handlesTarball) !== undefined,
	);
}

function runWorkflow(run: Run): void {
	const outputs = new Map<string, string>();
	const failed = new Set<string>();
	for (const [name, job] of inOrder(readWorkflow(run.checkout, 'publish.yml').jobs)) {
		const missing = (job.needs ?? []).filter((needed) => failed.has(needed));
		if (missing.length > 0) {
			failed.add(name);
			console.log(`${name}: not run, because it needs ${missing.join(' and ')}`);
			continue;
		}
		// A job sees the outputs of those that it needs, and of no other.
		const visible = new Map(
			[...outputs].filter(([key]) =>
				job.needs?.some((needed) => key.startsWith(`needs.${needed}.`)),
			),
		);
		if (job.uses !== undefined) {
			if (!runCalled(run, name, job, visible)) failed.add(name);
			continue;
		}
		const results = runJob(run, name, job, visible);
		if (!results) failed.add(name);
		for (const [key, value] of results ?? []) outputs.set(key, value);
	}
}

function main(): void {
	const { values } = parseArgs({
		options: {
			owner: { type: 'string' },
			verbose: { type: 'boolean', default: false },
			keep: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) {
		process.stdout.write(USAGE);
		return;
	}
	const folder = mkdtempSync(join(tmpdir(), 'image-repair-dry-run-'));
	process.once('exit', () => {
		if (values.keep) console.log(`Kept: ${folder}`);
		else rmSync(folder, { recursive: true, force: true });
	});
	const plain = plainPath();
	const programs = join(folder, 'programs');
	const run: Run = {
		folder,
		checkout: join(folder, 'repository'),
		env: {
			...plain,
			CI: 'true',
			// Where `npm install --global` puts the npm that publishes.
			npm_config_prefix: programs,
			PATH: [join(programs, 'bin'), plain.PATH].join(delimiter),
		},
		verbose: values.verbose,
		passed: 0,
		failed: 0,
	};
	cloneOf(ROOT, run.checkout);
	const placeholder = hasPlaceholder(run.checkout);
	if (placeholder) {
		check(run, 'npm run release:check refuses the placeholder in package.json', () => {
			const { status } = spawnSync('npm', ['run', '--silent', 'release:check'], {
				cwd: run.checkout,
				env: run.env,
				stdio: values.verbose ? 'inherit' : 'ignore',
			});
			if (status !== 1) throw new Error(`It ended with ${status ?? 'a signal'}.`);
		});
	}
	const owner = values.owner ?? (placeholder ? 'dry-run' : undefined);
	const clone = prepare(run.checkout, owner, run.env);
	Object.assign(run.env, {
		GITHUB_REF_NAME: clone.tag,
		GITHUB_REPOSITORY: clone.repository,
		GITHUB_SHA: clone.commit,
	});
	runWorkflow(run);
	console.log(
		'Left out: npm ci (the installed packages are linked to, so paths in the bundle differ), the tests (.ci/run), and whatever leaves this machine.',
	);
	console.log(`${run.passed} passed, ${run.failed} failed`);
	if (run.failed > 0) process.exitCode = 1;
}

main();
