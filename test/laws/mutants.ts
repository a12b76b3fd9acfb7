import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';

import { runInEnvironment } from '../engine/ownProcess';
import type { LawsReport } from './lawsRun';

/**
 * Proves the judge: each fault that users have met is put back into the product, one by one, and random
 * histories have to find it: `npm run test:mutants -- [part of a name…]`.
 */

interface Mutant {
	readonly name: string;
	readonly file: string;
	/** Must occur in the file exactly once. */
	readonly find: string;
	readonly replace: string;
}

const MUTANTS: readonly Mutant[] = [
	{
		name: 'a paid call whose response was lost is made again',
		file: 'nodes/shared/callState.ts',
		find: "return evidence.retry !== 'never' && (!paid || retryLost);",
		replace: "return evidence.retry !== 'never';",
	},
	{
		name: '502 of a gateway counts as refused by the service',
		file: 'nodes/shared/transport.ts',
		find: 'if (!ofService || (status >= 500 && !hasCode)) return',
		replace: 'if (false) return',
	},
	{
		name: 'a response with fewer results than rules counts as lost',
		file: 'nodes/ImageRepair/results/repairCall.ts',
		find: 'if (result) return { result: showable(result, secrets), places, requestId };',
		replace:
			"if (result && result.results.length < places.length) throw new Error('too few'); if (result) return { result: showable(result, secrets), places, requestId };",
	},
	{
		name: 'the look for a lost result believes responses without Date, from caches and from in between',
		file: 'cos/responses/head.ts',
		find: '...(isOwn && isPossible && { storedAt, lookedAt }),',
		replace: 'storedAt, lookedAt: lookedAt ?? storedAt,',
	},
	{
		name: 'an older object counts as the lost result',
		file: 'nodes/ImageRepair/results/lostResults.ts',
		find: 'return second >= this.latest;',
		replace: 'return true;',
	},
	{
		name: 'two items of a run may store under one key',
		file: 'nodes/ImageRepair/run/register.ts',
		find: 'if (!writer) continue;',
		replace: 'if (true) continue;',
	},
	{
		name: 'items that ask for the same each pay',
		file: 'nodes/ImageRepair/run/register.ts',
		find: 'const compared = new Set<Entry<T>>();',
		replace: 'if (true) return { value: await work() }; const compared = new Set<Entry<T>>();',
	},
	{
		name: 'with Overwrite Original, the original counts as the lost result',
		file: 'nodes/ImageRepair/results/lostResults.ts',
		find: 'if (before.etag === undefined || etag === undefined) return false;',
		replace: 'if (true) return true;',
	},
	{
		name: 'Retry On Fail pays again',
		file: 'nodes/ImageRepair/run/memory.ts',
		find: 'const { whole, asked } = digestsOf(job);',
		replace: 'if (true) return undefined; const { whole, asked } = digestsOf(job);',
	},
	{
		name: 'the line above the output forgets earlier tries',
		file: 'nodes/ImageRepair/run/memory.ts',
		find: 'if (this.sameExecution) Object.assign(tally, this.run.counts);',
		replace: '',
	},
	{
		name: 'what was paid for vanishes when the download of the result fails',
		file: 'nodes/ImageRepair/results/resultsItem.ts',
		find: 'throw failed(error);',
		replace: 'throw error;',
	},
	{
		name: 'Skip Existing Results takes the same second for older',
		file: 'nodes/ImageRepair/results/existingResults.ts',
		find: 'storedAt > since',
		replace: 'storedAt >= since',
	},
	{
		name: 'Skip Existing Results takes another upload for the same',
		file: 'nodes/ImageRepair/results/existingResults.ts',
		find: "if (source.kind === 'object') return true;",
		replace: 'if (true) return true;',
	},
	{
		name: 'Skip Existing Results forgets an image that was replaced while it was repaired',
		file: 'nodes/ImageRepair/results/existingResults.ts',
		find: 'setOutdated(item, results, !isSame);',
		replace: '',
	},
	{
		name: 'executions at once do not wait for each other',
		file: 'nodes/ImageRepair/run/locks.ts',
		find: 'const result = before.then(work);',
		replace: 'const result = work();',
	},
	{
		name: 'Max Billed Calls is not kept under concurrency',
		file: 'nodes/ImageRepair/run/budget.ts',
		find: 'this.spent + this.reserved < this.most',
		replace: 'this.spent < this.most',
	},
	{
		name: 'a call that may have been billed is not counted',
		file: 'nodes/shared/transport.ts',
		find: "if (isUnknown) this.tally[call.bills === 'repair' ? 'perhapsBilled' : 'perhapsDetected']++;",
		replace: "if (isUnknown && call.bills === 'detection') this.tally.perhapsDetected++;",
	},
	{
		name: 'half an image is passed on',
		file: 'nodes/ImageRepair/results/receivedImage.ts',
		find: "if (end === 'missing') throw cutShort();",
		replace: "if (end === 'missing') return;",
	},
	{
		name: 'a placeholder with X-ErrNo is passed on',
		file: 'nodes/shared/transport.ts',
		find: 'const isRefusal = errNoOf(headers) !== undefined && !takesErrNo;',
		replace: 'const isRefusal = false;',
	},
	{
		name: 'a temporary mask that is left is not named',
		file: 'nodes/ImageRepair/area/masks.ts',
		find: 'const left = [...this.lost];',
		replace: 'const left: ObjectKey[] = [];',
	},
	{
		name: 'the original of a failed upload is not told',
		file: 'nodes/ImageRepair/results/repairCall.ts',
		find: "...(source.kind === 'upload' && { original: originalOf(item, source) }),",
		replace: '',
	},
	{
		name: 'a node behind a trigger does not look at what the trigger finds',
		file: 'nodes/ImageRepair/results/storeResults.ts',
		find: 'refuseFoundAgain(item, source, results, overwrites);',
		replace: '',
	},
	{
		name: 'the trigger does not remember what it gave out',
		file: 'nodes/ImageRepairTrigger/memory.ts',
		find: 'if (growth && (growth.alike >= GENERATIONS',
		replace: 'if (false) return undefined; if (false && growth && (growth.alike >= GENERATIONS',
	},
	{
		name: 'a picture with status 206 is passed on',
		file: 'nodes/ImageRepair/results/receivedImage.ts',
		find: 'if (status !== 200) throw',
		replace: 'if (false) throw',
	},
	{
		name: 'a whole picture whose length was not told is thrown away',
		file: 'nodes/ImageRepair/results/receivedImage.ts',
		find: 'if (status !== 200) throw',
		replace: 'if (status !== 200 || contentLength(headers) === undefined) throw',
	},
	{
		name: 'a detection is paid for again in each try',
		file: 'nodes/ImageRepair/run/memory.ts',
		find: 'return this.run.detections[index]?.[question];',
		replace: 'return undefined;',
	},
	{
		name: 'an image in which nothing is found is repaired automatically',
		file: 'nodes/ImageRepair/area/locate.ts',
		find: 'return { found, isLeftOut: true };',
		replace: 'return { found };',
	},
	{
		name: 'a mask that an earlier try has left is not told when the next one fails before it',
		file: 'nodes/ImageRepair/runItems.ts',
		find: 'if (temporaryMasks.length === 0) return error;',
		replace: 'if (temporaryMasks.length >= 0) return error;',
	},
	{
		name: 'a detection whose response was lost is not counted',
		file: 'nodes/shared/transport.ts',
		find: "if (isUnknown) this.tally[call.bills === 'repair' ? 'perhapsBilled' : 'perhapsDetected']++;",
		replace: "if (isUnknown && call.bills === 'repair') this.tally.perhapsBilled++;",
	},
	{
		name: 'a result for which nothing was found is asked for with the others',
		file: 'nodes/ImageRepair/results/storeResults.ts',
		find: 'placed: checkResults(all.filter(isKept)),',
		replace: 'placed: checkResults(all.some(isKept) ? all : []),',
	},
];

const repository = resolve(__dirname, '../..');

/** Changes one file while it is bundled. */
function mutation({ file, find, replace }: Mutant): Plugin {
	const path = join(repository, file);
	return {
		name: 'mutation',
		setup(bundler) {
			bundler.onLoad({ filter: /\.ts$/ }, (loaded) => {
				if (loaded.path !== path) return undefined;
				const source = readFileSync(path, 'utf8');
				const parts = source.split(find);
				if (parts.length !== 2) {
					throw new Error(`"${find}" occurs ${parts.length - 1} times in ${file}.`);
				}
				return { contents: parts.join(replace), loader: 'ts' };
			});
		},
	};
}

/** A copy of the built package with the mutant instead of the nodes. */
async function buildMutant(mutant: Mutant, folder: string): Promise<void> {
	cpSync(join(repository, 'dist'), join(folder, 'dist'), { recursive: true });
	cpSync(join(repository, 'package.json'), join(folder, 'package.json'));
	const files = {
		ImageRepair: 'nodes/ImageRepair/ImageRepair.node',
		ImageRepairTrigger: 'nodes/ImageRepairTrigger/ImageRepairTrigger.node',
		TencentCloudInfiniteApi: 'credentials/TencentCloudInfiniteApi.credentials',
	};
	await build({
		stdin: {
			contents: Object.entries(files)
				.map(([name, file]) => `export { ${name} } from './${file}';`)
				.join('\n'),
			sourcefile: 'bundle.ts',
			resolveDir: repository,
		},
		bundle: true,
		platform: 'node',
		target: 'node20',
		format: 'cjs',
		external: ['n8n-workflow'],
		define: { globalThis: 'undefined', global: 'undefined' },
		plugins: [mutation(mutant)],
		outfile: join(folder, 'dist/nodes/nodes.js'),
		logLevel: 'error',
	});
}

async function run(folder: string, first: number, count: number): Promise<LawsReport> {
	const file = join(folder, 'report.json');
	const environment = { LAWS_PACKAGE: folder };
	const script = join('..', 'laws', 'lawsRun.ts');
	const { exitCode, printed } = await runInEnvironment(
		environment,
		script,
		...[file, String(first), String(count), '0'],
	);
	if (exitCode !== 0) throw new Error(printed);
	return JSON.parse(readFileSync(file, 'utf8')) as LawsReport;
}

/** Histories in the first round; three times as many in each further one. */
const FIRST_ROUND = 100;
const MOST = 10_000;

async function hunt(mutant: Mutant): Promise<boolean> {
	// In the project, so that the copy finds what it requires.
	const parent = join(repository, 'build');
	mkdirSync(parent, { recursive: true });
	const folder = mkdtempSync(join(parent, 'mutant-'));
	try {
		await buildMutant(mutant, folder);
		for (let first = 1, count = FIRST_ROUND; first <= MOST; first += count, count *= 3) {
			const { failures } = await run(folder, first, count);
			const [found] = [...failures].sort((a, b) => a.seed - b.seed);
			if (!found) continue;
			const laws = [...new Set(found.violations.map(({ law }) => law))].join(', ');
			console.log(`found    ${mutant.name}: history ${found.seed}, law ${laws}`);
			return true;
		}
		console.log(`SURVIVED ${mutant.name}: ${MOST} histories`);
		return false;
	} finally {
		rmSync(folder, { recursive: true });
	}
}

async function main(names: readonly string[]): Promise<void> {
	const selected = MUTANTS.filter(
		({ name }) => names.length === 0 || names.some((one) => name.includes(one)),
	);
	let found = 0;
	for (const mutant of selected) if (await hunt(mutant)) found++;
	console.log(`${found} passed, ${selected.length - found} failed`);
	if (found < selected.length) process.exitCode = 1;
}

void main(process.argv.slice(2));
