/**
 * n8n's gate for community packages, run as n8n runs it: on the sources, and on what `npm pack` puts
 * into the tarball. With PACKAGE_TARBALL, on that one.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScanResult } from '@n8n/scan-community-package/scanner/scanner.mjs';

const ROOT = join(__dirname, '..', '..');
const TARBALL_PATTERNS = ['**/*.js', 'package.json'];

function pack(folder: string): string {
	const packed: unknown = JSON.parse(
		execFileSync('npm', ['pack', '--json', '--silent', '--pack-destination', folder], {
			cwd: ROOT,
			encoding: 'utf8',
		}),
	);
	const [first] = Array.isArray(packed) ? (packed as Array<{ filename: string }>) : [];
	if (!first) throw new Error('npm pack gave no tarball');
	return join(folder, first.filename);
}

function unpackTarball(folder: string): string {
	const tarball = process.env.PACKAGE_TARBALL ?? pack(folder);
	execFileSync('tar', ['-xzf', tarball, '-C', folder]);
	return join(folder, 'package');
}

function report(name: string, { passed, message, details }: ScanResult): boolean {
	console.log(`${passed ? 'passed' : 'failed'}: ${name}`);
	if (!passed) console.log(`${message ?? ''}\n${details ?? ''}`);
	return passed;
}

async function main(): Promise<void> {
	const scanner = await import('@n8n/scan-community-package/scanner/scanner.mjs');
	const folder = mkdtempSync(join(tmpdir(), 'image-repair-scan-'));
	try {
		const results = [
			report('sources', await scanner.analyzePackage(ROOT, scanner.SOURCE_FILE_PATTERNS)),
			report('tarball', await scanner.analyzePackage(unpackTarball(folder), TARBALL_PATTERNS)),
		];
		const passed = results.filter(Boolean).length;
		console.log(`${passed} passed, ${results.length - passed} failed`);
		process.exitCode = passed === results.length ? 0 : 1;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

void main();
