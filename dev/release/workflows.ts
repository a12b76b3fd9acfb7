/** The workflows of GitHub Actions, as far as this project writes them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const WORKFLOWS = '.github/workflows';

export interface Step {
	id?: string;
	name?: string;
	if?: string;
	uses?: string;
	run?: string;
	with?: Record<string, unknown>;
	env?: Record<string, string>;
	'working-directory'?: string;
}

export interface Job {
	strategy?: { matrix: { node?: number[]; script?: string[] } };
	environment?: string;
	permissions?: Record<string, string>;
	needs?: string[];
	outputs?: Record<string, string>;
	/** Another workflow in place of steps, and its inputs. */
	uses?: string;
	with?: Record<string, string>;
	steps?: Step[];
}

export interface Workflow {
	on: Record<string, unknown>;
	permissions: Record<string, string>;
	jobs: Record<string, Job>;
}

/** @param name of a file in .github/workflows */
export const readWorkflow = (root: string, name: string) =>
	parse(readFileSync(join(root, WORKFLOWS, name), 'utf8')) as Workflow;
