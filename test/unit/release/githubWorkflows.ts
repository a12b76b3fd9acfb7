import { parse } from 'yaml';

import { readPage } from '../docs/markdown';

export const WORKFLOWS = '.github/workflows';

interface Step {
	uses?: string;
	run?: string;
	with?: Record<string, unknown>;
}
export interface Job {
	strategy?: { matrix: { node?: number[]; script?: string[] } };
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

export const workflow = (name: string) => parse(readPage(`${WORKFLOWS}/${name}`)) as Workflow;

const SCRIPT_OF_MATRIX = '${{ matrix.script }}';

/** The commands of a job, with one for each script of its matrix. */
export const commandsOf = (job: Job | undefined) =>
	(job?.steps ?? []).flatMap(({ run }) => {
		if (run?.includes(SCRIPT_OF_MATRIX) !== true) return run ?? [];
		const matrix = job?.strategy?.matrix.script ?? [];
		return matrix.map((script) => run.replace(SCRIPT_OF_MATRIX, script));
	});
export const npmCommandsOf = (job: Job | undefined) =>
	commandsOf(job).filter((command) => command.startsWith('npm '));
