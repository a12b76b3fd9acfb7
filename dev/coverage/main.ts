/**
 * Branch coverage of what ships, over the levels unit, conformance and engine together. V8 counts in
 * every process: in the sources that Jest loads, and in the built node that n8n's engine loads, in Jest
 * and in processes that tests start. Source maps lead from there to the branches of the sources.
 * Further arguments go to Jest (a test file, say).
 */
import MCR, {
	type CoverageFile,
	type CoverageReport,
	type V8CoverageEntry,
} from 'monocart-coverage-reports';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { process as compile } from '../../test/compile';

const ROOT = join(__dirname, '..', '..');
const FOLDER = join(ROOT, 'coverage');
const LEVELS = ['unit', 'conformance', 'engine'];
/** These look at the tarball and at the text of the bundle, which is another one in this run. */
const LEFT_OUT = '/test/engine/(?:package|bundle)\\.test\\.ts$';

/** What ships, each folder held to the threshold by itself. */
const SHIPPED = ['cos', 'credentials', 'nodes'];
const LEAST_BRANCHES_PERCENT = 95;

/** What Node writes for a process. */
interface CountsOfProcess {
	result: Array<{ url: string; functions: unknown[] }>;
	/** The scripts that Node loaded by itself and that have a source map. */
	'source-map-cache'?: Record<string, unknown>;
}

function run(tool: string, given: readonly string[], env: NodeJS.ProcessEnv = {}): boolean {
	const { status } = spawnSync('npx', [tool, ...given], {
		cwd: ROOT,
		stdio: 'inherit',
		env: { ...process.env, ...env },
	});
	return status === 0;
}

function runTests(given: readonly string[], countsFolder: string): boolean {
	const options = [
		['--selectProjects', ...LEVELS],
		['--setupFilesAfterEnv', join(__dirname, 'keepCounts.js')],
		['--testPathIgnorePatterns', '/node_modules/', LEFT_OUT],
	];
	return run('jest', [...given, ...options.flat()], { NODE_V8_COVERAGE: countsFolder });
}

const folderOf = (file: string) => relative(ROOT, file).split(sep)[0] ?? '';
const isShipped = (file: string) => SHIPPED.includes(folderOf(file)) && file.endsWith('.ts');
const MAP_COMMENT = '//# sourceMappingURL=';
const compiled = (file: string) => compile(readFileSync(file, 'utf8'), file).code;

/** The text that V8 has counted in. */
function textOf(file: string): string | undefined {
	if (isShipped(file)) return compiled(file);
	if (folderOf(file) !== 'dist') return undefined;
	const text = readFileSync(file, 'utf8');
	// Without a map it is a line that leads into the bundle.
	return text.includes(MAP_COMMENT) ? text : undefined;
}

async function addCounts(report: CoverageReport, folder: string): Promise<void> {
	const texts = new Map<string, string | undefined>();
	for (const name of readdirSync(folder)) {
		const counts = readCounts(join(folder, name));
		const entries = [];
		for (const entry of counts.result) {
			if (!entry.url.startsWith('file:')) continue;
			const file = fileURLToPath(entry.url);
			// Of the processes that tests start, only the bundle counts: tsx compiles in another way.
			if (file.endsWith('.ts') && entry.url in (counts['source-map-cache'] ?? {})) continue;
			if (!texts.has(file)) texts.set(file, textOf(file));
			const source = texts.get(file);
			if (source !== undefined) entries.push({ ...entry, source });
		}
		if (entries.length > 0) await report.add(entries);
	}
}

/** No counts where a process was stopped while it wrote: its test files have left theirs before. */
function readCounts(file: string): CountsOfProcess {
	try {
		return JSON.parse(readFileSync(file, 'utf8')) as CountsOfProcess;
	} catch (error) {
		if (error instanceof SyntaxError) return { result: [] };
		throw error;
	}
}

function sourceMapIn(text: string): unknown {
	const [, base64 = ''] = text.split(`${MAP_COMMENT}data:application/json;base64,`);
	return JSON.parse(Buffer.from(base64, 'base64').toString());
}

/** Writes the reports, and gives the sources with their counts. */
async function reportOn(countsFolder: string): Promise<CoverageFile[]> {
	const report = MCR({
		logging: 'error',
		outputDir: FOLDER,
		baseDir: ROOT,
		reports: ['text', 'html', 'lcovonly'],
		// The first lines of the bundle come from no file, only from gulp.
		sourceFilter: (path) => isShipped(join(ROOT, path)) && existsSync(join(ROOT, path)),
		// What no test loads has branches too.
		all: {
			dir: SHIPPED.map((folder) => join(ROOT, folder)),
			filter: (file) => (file.endsWith('.ts') ? 'js' : false),
			transformer: (entry: V8CoverageEntry) => {
				const source = compiled(fileURLToPath(entry.url));
				Object.assign(entry, { source, sourceMap: sourceMapIn(source) });
				return Promise.resolve();
			},
		},
	});
	await addCounts(report, countsFolder);
	return (await report.generate())?.files ?? [];
}

/** Whether a folder of what ships has enough of its branches taken by tests. */
function holds(files: readonly CoverageFile[], folder: string): boolean {
	const branches = files
		.filter(({ sourcePath }) => sourcePath.startsWith(`${folder}/`))
		.map(({ summary }) => summary.branches);
	const covered = branches.reduce((sum, file) => sum + file.covered, 0);
	const total = branches.reduce((sum, file) => sum + file.total, 0);
	const percent = total === 0 ? 0 : Math.floor((covered / total) * 10_000) / 100;
	const enough = percent >= LEAST_BRANCHES_PERCENT;
	console.log(
		`${enough ? 'passed' : 'failed'}: ${folder}/ ${percent} % of branches (${covered} of ${total}, at least ${LEAST_BRANCHES_PERCENT} %)`,
	);
	return enough;
}

async function main(): Promise<void> {
	rmSync(FOLDER, { recursive: true, force: true });
	const countsFolder = mkdtempSync(join(tmpdir(), 'image-repair-coverage-'));
	// An interruption ends the tests, not this: the bundle with a source map must not stay in dist/.
	process.on('SIGINT', () => undefined);
	let testsPassed = false;
	let files: CoverageFile[] = [];
	try {
		testsPassed = run('gulp', ['buildMapped']) && runTests(process.argv.slice(2), countsFolder);
		files = await reportOn(countsFolder);
	} finally {
		rmSync(countsFolder, { recursive: true, force: true });
		run('gulp', ['build']);
	}
	const results = [testsPassed, ...SHIPPED.map((folder) => holds(files, folder))];
	if (!testsPassed) console.log('failed: the tests');
	const failed = results.filter((passed) => !passed).length;
	console.log(`${results.length - failed} passed, ${failed} failed`);
	process.exitCode = failed === 0 ? 0 : 1;
}

void main();
