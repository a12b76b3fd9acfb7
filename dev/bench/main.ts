import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { format } from 'prettier';

import { chart } from './chart';
import { measureCpuTime } from './cpuTime';
import { measureFarAway } from './farAway';
import { measureFuzz } from './fuzz';
import { measureImages } from './images';
import { measureMarks } from './marks';
import { measureMemory } from './memory';
import { measureMillion } from './million/main';
import { measurePackage } from './package';
import { markdown, terminalText, type Environment, type Part } from './report';
import { measureRequests } from './requests';
import { measureScaling } from './scaling';
import { measureSigning } from './signing';
import { measureThroughput } from './throughput';
import { measureVerification } from './verification';
import { measureWorkers } from './workers';

const USAGE = `Usage: npm run bench -- [options]

  --only <letters>  run these parts only, such as a,b
                      a  items per second    e  the package
                      b  CPU time per item   f  from 10 to 10,000 items
                      c  memory              g  invalid input
                      d  signing                h  image files
                      i  marks found by text    j  over TLS, at a distance
                      k  requests an image      l  a million images
                      m  an archive and all workers (only if named: it starts n8n and Redis)
                      n  verdicts of Verify Result
  --docs            write the tables and the chart of a full run to docs/bench.md
  --quick           few items, one round: checks that all parts run and ignores the goals
  --help            show this text
`;

const PARTS: Readonly<Record<string, (quick: boolean) => Promise<Part>>> = {
	a: measureThroughput,
	b: measureCpuTime,
	c: measureMemory,
	d: measureSigning,
	e: measurePackage,
	f: measureScaling,
	g: measureFuzz,
	h: measureImages,
	i: measureMarks,
	j: measureFarAway,
	k: measureRequests,
	l: measureMillion,
	n: measureVerification,
};

/** The parts that need more than this package: they run if they are named. */
const ON_REQUEST: typeof PARTS = {
	m: measureWorkers,
};
const ALL_PARTS = { ...PARTS, ...ON_REQUEST };

const output = join(__dirname, 'results');

interface Arguments {
	letters: string[];
	quick: boolean;
	docs: boolean;
	help: boolean;
}

function readArguments(): Arguments {
	const { values } = parseArgs({
		options: {
			only: { type: 'string' },
			quick: { type: 'boolean', default: false },
			docs: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	const letters = values.only?.split(',').map((letter) => letter.trim()) ?? Object.keys(PARTS);
	const unknown = letters.find((letter) => !Object.hasOwn(ALL_PARTS, letter));
	if (unknown !== undefined) throw new Error(`There is no part "${unknown}".\n\n${USAGE}`);
	if (values.docs && (values.only !== undefined || values.quick)) {
		throw new Error('--docs cannot be used with --only or --quick: the page shows one full run.');
	}
	return { ...values, letters };
}

async function readEnvironment(quick: boolean): Promise<Environment> {
	const { default: core } = await import('n8n-core/package.json');
	const processors = cpus();
	return {
		date: new Date().toISOString().slice(0, 10),
		node: process.version,
		n8nCore: core.version,
		processor: processors[0]?.model.trim() ?? 'unknown',
		cores: processors.length,
		quick,
	};
}

const PAGE = join(__dirname, '../../docs/bench.md');
const IMAGE = 'images/bench.svg';
const HEADING = '## One run';

/** Replaces everything below the page's last heading. */
async function writeDocs(tables: string, bars: string): Promise<void> {
	const page = await readFile(PAGE, 'utf8');
	const kept = page.slice(0, page.indexOf(HEADING));
	await writeFile(
		PAGE,
		`${kept}${HEADING}\n\n![The tables below as bar charts](${IMAGE})\n\n${tables}`,
	);
	await writeFile(join(dirname(PAGE), IMAGE), bars);
}

async function main(): Promise<void> {
	const { letters, quick, docs, help } = readArguments();
	if (help) {
		process.stdout.write(USAGE);
		return;
	}
	const start = Date.now();
	const parts: Part[] = [];
	for (const letter of letters) {
		const part = await ALL_PARTS[letter]?.(quick);
		if (!part) continue;
		parts.push(part);
		console.log(terminalText(part));
	}
	const environment = await readEnvironment(quick);
	await mkdir(output, { recursive: true });
	const tables = await format(markdown(parts, environment), { parser: 'markdown' });
	const bars = chart(parts.flatMap((part) => part.chart ?? []));
	await writeFile(
		join(output, 'results.json'),
		`${JSON.stringify({ ...environment, parts }, null, '\t')}\n`,
	);
	await writeFile(join(output, 'results.md'), tables);
	await writeFile(join(output, 'results.svg'), bars);
	if (docs) await writeDocs(tables, bars);

	const goals = parts.flatMap((part) => part.goals);
	const reached = goals.filter((goal) => goal.reached).length;
	const seconds = Math.round((Date.now() - start) / 1000);
	console.log(`Results: ${relative(process.cwd(), output)}/ (${seconds} s)`);
	console.log(`Goals: ${reached} reached, ${goals.length - reached} not reached`);
	// A quick run only shows that every part still works: its numbers mean nothing.
	if (quick) console.log(`${parts.length} passed, 0 failed`);
	else if (reached < goals.length) process.exitCode = 1;
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : String(error));
	process.exitCode = 1;
});
