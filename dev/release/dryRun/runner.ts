/** Runs the steps of a workflow's job as a runner of GitHub would, with stand-ins for what reaches out. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import type { Job, Step } from '../workflows';
import { filled, writtenValues, type Values } from './expressions';

/** What all jobs of a run have in common. */
export interface Run {
	/** Holds everything that the run leaves. */
	folder: string;
	/** The repository, as actions/checkout leaves it. */
	checkout: string;
	/** Of every command, with what GitHub sets. */
	env: Record<string, string>;
	/** Whether to show what commands print that do not fail. */
	verbose: boolean;
	passed: number;
	failed: number;
}

/**
 * Bash functions in place of the programs that would install what is there already, publish, or
 * create a release. Everything else of npm is the real one.
 */
const STAND_INS = `
npm() {
	case "$1" in
		ci) echo 'Left out: node_modules is a link to the one of this folder.' ;;
		publish) command npm "$@" --dry-run ;;
		*) command npm "$@" ;;
	esac
}
gh() { printf '%s\\0' "$@" > "$DRY_RUN_GH"; }
`;

/** Where a job that does not check out starts: an empty folder, as on GitHub. */
const emptyFolder = (run: Run, name: string) => mkdtempSync(join(run.folder, `${name}-`));

/** Refuses a call of gh that GitHub's program would not understand, and prints it. */
function checkReleaseCommand(args: readonly string[], folder: string): void {
	const { values, positionals } = parseArgs({
		args: [...args],
		allowPositionals: true,
		options: {
			repo: { type: 'string' },
			title: { type: 'string' },
			'notes-file': { type: 'string' },
			'verify-tag': { type: 'boolean' },
		},
	});
	const [noun, verb, tag, ...files] = positionals;
	if (noun !== 'release' || verb !== 'create' || tag === undefined) {
		throw new Error(`gh ${args.join(' ')}: only "gh release create <tag>" is known.`);
	}
	for (const file of [...files, values['notes-file'] ?? '']) {
		if (!existsSync(join(folder, file))) throw new Error(`gh: there is no file "${file}".`);
	}
	console.log(
		`  would release ${tag} in ${values.repo ?? 'no repository'} with ${files.join(', ')}`,
	);
}

interface Place {
	run: Run;
	workspace: string;
	temp: string;
	/** Of this job: its GITHUB_ENV. */
	env: Record<string, string>;
	values: Map<string, string>;
}

/** The actions that publish.yml uses, with a folder for each artifact. */
function runAction(step: Step, { run, values }: Place): void {
	const action = (step.uses ?? '').replace(/@.*/, '');
	if (action === 'actions/checkout' || action === 'actions/setup-node') return;
	const options = Object.entries(step.with ?? {}).map(
		([name, value]) => [name, filled(String(value), values)] as const,
	);
	const { name = '', path = '' } = Object.fromEntries(options);
	const artifact = join(run.folder, 'artifacts', name);
	if (action === 'actions/upload-artifact') {
		if (existsSync(artifact)) throw new Error(`There is an artifact "${name}" already.`);
		cpSync(path, artifact, { recursive: true });
	} else if (action === 'actions/download-artifact') {
		if (!existsSync(artifact)) throw new Error(`There is no artifact "${name}".`);
		cpSync(artifact, path, { recursive: true });
	} else {
		throw new Error(`The dry run does not know the action ${action}.`);
	}
}

function runCommand(step: Step, command: string, place: Place): void {
	const { run, workspace, temp, values } = place;
	const folder = filled(step['working-directory'] ?? workspace, values);
	const file = (name: string) => join(temp, name);
	for (const name of ['output', 'env']) writeFileSync(file(name), '');
	const own = Object.entries(step.env ?? {}).map(([name, value]) => [name, filled(value, values)]);
	const script = `exec 2>&1\n${STAND_INS}${command}`;
	const { status, error, stdout } = spawnSync('bash', ['-e', '-c', script], {
		cwd: folder,
		encoding: 'utf8',
		maxBuffer: 64 * 1024 * 1024,
		stdio: ['ignore', 'pipe', 'inherit'],
		env: {
			...run.env,
			...place.env,
			...(Object.fromEntries(own) as Record<string, string>),
			GITHUB_WORKSPACE: workspace,
			RUNNER_TEMP: temp,
			GITHUB_OUTPUT: file('output'),
			GITHUB_ENV: file('env'),
			DRY_RUN_GH: file('gh'),
		},
	});
	if (error) throw error;
	if (run.verbose || status !== 0) console.log(stdout.trimEnd());
	if (status !== 0) throw new Error(`The command ended with ${status ?? 'a signal'}.`);
	if (existsSync(file('gh'))) {
		checkReleaseCommand(readFileSync(file('gh'), 'utf8').split('\0').slice(0, -1), folder);
		rmSync(file('gh'));
	}
	for (const [name, value] of writtenValues(readFileSync(file('output'), 'utf8'))) {
		values.set(`steps.${step.id ?? ''}.outputs.${name}`, value);
	}
	Object.assign(place.env, Object.fromEntries(writtenValues(readFileSync(file('env'), 'utf8'))));
}

const titleOf = ({ name, uses, run = '' }: Step) =>
	name ?? uses?.replace(/@.*/, '') ?? run.trim().replace(/\n[^]*/, ' …');

/** Runs one check, tells what came of it and counts it. */
export function check(run: Run, title: string, what: () => void): boolean {
	console.log(title);
	try {
		what();
		run.passed += 1;
		return true;
	} catch (error) {
		run.failed += 1;
		console.log(`  failed: ${error instanceof Error ? error.message : String(error)}`);
		return false;
	}
}

/**
 * Runs the steps of a job until one fails.
 *
 * @param given values of `needs` and `inputs`
 * @param isRun whether a step is to be run; the others are left out
 * @returns the outputs of the job; undefined when a step has failed
 */
export function runJob(
	run: Run,
	name: string,
	job: Job,
	given: Values,
	isRun: (step: Step) => boolean = () => true,
): Map<string, string> | undefined {
	const steps = job.steps ?? [];
	const checksOut = steps.some(({ uses }) => uses?.startsWith('actions/checkout@'));
	const temp = emptyFolder(run, `${name}-temp`);
	const place: Place = {
		run,
		temp,
		workspace: checksOut ? run.checkout : emptyFolder(run, name),
		env: {},
		values: new Map([...given, ['runner.temp', temp], ['github.token', 'no-token']]),
	};
	for (const step of steps) {
		const title = `${name}: ${titleOf(step)}`;
		if (!isRun(step)) {
			console.log(`${title} (left out)`);
			continue;
		}
		const passed = check(run, title, () => {
			if (step.if !== undefined && !place.values.get(step.if)) {
				throw new Error(`Nothing gives "${step.if}" a value.`);
			}
			if (step.run === undefined) runAction(step, place);
			else runCommand(step, filled(step.run, place.values), place);
		});
		if (!passed) return undefined;
	}
	const outputs = new Map<string, string>();
	const told = Object.entries(job.outputs ?? {});
	const complete = () => {
		for (const [output, text] of told) {
			outputs.set(`needs.${name}.outputs.${output}`, filled(text, place.values));
		}
	};
	return told.length === 0 || check(run, `${name}: outputs`, complete) ? outputs : undefined;
}
