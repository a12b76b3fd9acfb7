import { readWorkflow, type Job } from '../../../dev/release/workflows';
import { ROOT } from '../docs/markdown';

export const workflow = (name: string) => readWorkflow(ROOT, name);

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
