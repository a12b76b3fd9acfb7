/**
 * Prints the bill of materials of a tarball that `npm run build` and `npm pack` have made here:
 * `npm run --silent sbom -- package.tgz`.
 */
import type { Metafile } from 'esbuild';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { bundledLibraries } from './bundled';
import { billOfMaterials, type Lock, type Package } from './sbom';

const ROOT = join(__dirname, '../..');
const readJson = (name: string): unknown => JSON.parse(readFileSync(join(ROOT, name), 'utf8'));

const [tarball] = process.argv.slice(2);
if (tarball === undefined) {
	console.error('Usage: npm run --silent sbom -- <tarball>');
	process.exitCode = 1;
} else {
	const bill = billOfMaterials(
		readJson('package.json') as Package,
		readFileSync(resolve(tarball)),
		bundledLibraries(readJson('build/metafile.json') as Metafile, ROOT),
		readJson('package-lock.json') as Lock,
	);
	process.stdout.write(bill);
}
