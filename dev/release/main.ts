/**
 * Prints the notes of the release that a tag stands for, once tag, package.json and changelog agree:
 * `npm run --silent release:notes -- v1.0.0`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { releaseNotes } from './changelog';

const ROOT = join(__dirname, '../..');
const read = (name: string) => readFileSync(join(ROOT, name), 'utf8');

try {
	const { version } = JSON.parse(read('package.json')) as { version: string };
	console.log(releaseNotes(process.argv[2] ?? '', version, read('CHANGELOG.md')));
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
}
