/**
 * Branch coverage of what ships, over the levels unit, conformance and engine together: in the
 * sources that Jest loads, in the built node that n8n's engine loads, and in the processes that tests
 * start. Further arguments go to Jest (a test file, say).
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { createCoverageMap, type CoverageMap, type CoverageMapData } from 'istanbul-lib-coverage';
import { createContext } from 'istanbul-lib-report';
import { create } from 'istanbul-reports';

const ROOT = join(__dirname, '..', '..');
const FOLDER = join(ROOT, 'coverage');
const OF_LEVELS = join(FOLDER, 'levels');
const OF_PROCESSES = join(FOLDER, 'processes');

/** What ships, each folder held to the threshold by itself. */
const SHIPPED = ['cos', 'credentials', 'nodes'];
const LEAST_BRANCHES_PERCENT = 95;

function run(tool: string, given: readonly string[], env: NodeJS.ProcessEnv = {}): boolean {
	const { status } = spawnSync('npx', [tool, ...given], {
		cwd: ROOT,
		stdio: 'inherit',
		env: { ...process.env, ...env },
	});
	return status === 0;
}

function runTests(given: readonly string[]): boolean {
	const keepCounts = JSON.stringify(join(__dirname, 'keepCounts.js'));
	return run('jest', ['--config', join(__dirname, 'jest.config.js'), ...given], {
		COVERAGE_OF_PROCESSES: OF_PROCESSES,
		NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --require ${keepCounts}`,
	});
}

function merged(): CoverageMap {
	const map = createCoverageMap();
	for (const folder of [OF_LEVELS, OF_PROCESSES]) {
		for (const name of readdirSync(folder)) {
			map.merge(JSON.parse(readFileSync(join(folder, name), 'utf8')) as CoverageMapData);
		}
	}
	return map;
}

function report(map: CoverageMap): void {
	const context = createContext({ dir: FOLDER, coverageMap: map, defaultSummarizer: 'nested' });
	create('text').execute(context);
	create('html').execute(context);
	create('lcovonly').execute(context);
}

/** Whether a folder of what ships has enough of its branches taken by tests. */
function holds(map: CoverageMap, folder: string): boolean {
	const files = map.files().filter((file) => relative(ROOT, file).split(sep)[0] === folder);
	const part = createCoverageMap();
	for (const file of files) part.addFileCoverage(map.fileCoverageFor(file));
	const { covered, total, pct } = part.getCoverageSummary().branches;
	const enough = total > 0 && pct >= LEAST_BRANCHES_PERCENT;
	console.log(
		`${enough ? 'passed' : 'failed'}: ${folder}/ ${pct} % of branches (${covered} of ${total}, at least ${LEAST_BRANCHES_PERCENT} %)`,
	);
	return enough;
}

function main(): void {
	rmSync(FOLDER, { recursive: true, force: true });
	mkdirSync(OF_PROCESSES, { recursive: true });
	// An interruption ends the tests, not this: a node with counters in it must not stay in dist/.
	process.on('SIGINT', () => undefined);
	let testsPassed = false;
	try {
		testsPassed = run('gulp', ['buildInstrumented']) && runTests(process.argv.slice(2));
	} finally {
		run('gulp', ['build']);
	}
	const map = merged();
	report(map);
	const results = [testsPassed, ...SHIPPED.map((folder) => holds(map, folder))];
	if (!testsPassed) console.log('failed: the tests');
	const failed = results.filter((passed) => !passed).length;
	console.log(`${results.length - failed} passed, ${failed} failed`);
	process.exitCode = failed === 0 ? 0 : 1;
}

main();
