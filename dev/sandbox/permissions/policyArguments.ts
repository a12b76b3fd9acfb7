import * as fs from 'node:fs';

import { READINGS } from './neededPermissions';
import type { PolicyOptions } from './permissions';
import { parsePolicy, type Policy } from './policy';

/**
 * Reads the values of `--policy`: a reading, the name of a file with a policy, or one of each.
 * @throws Error that says which value is wrong, and what is wrong with the file
 */
export function readPolicyArguments(values: readonly string[]): PolicyOptions {
	const readings = READINGS.filter((reading) => values.includes(reading));
	const files = values.filter((value) => !READINGS.some((reading) => reading === value));
	if (readings.length > 1) throw new Error('--policy takes one reading: strict or lenient.');
	const [file, second] = files;
	if (second !== undefined)
		throw new Error(`--policy takes one file, not "${files.join('", "')}".`);
	const [reading] = readings;
	return {
		...(reading !== undefined && { reading }),
		...(file !== undefined && { document: readPolicyFile(file) }),
	};
}

function readPolicyFile(file: string): Policy {
	try {
		return parsePolicy(fs.readFileSync(file, 'utf8'));
	} catch (error) {
		throw new Error(`--policy ${file}: ${error instanceof Error ? error.message : String(error)}`);
	}
}
