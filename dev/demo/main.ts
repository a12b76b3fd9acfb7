import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { startEngine } from '../engine/engine';
import { serveNeighbours } from '../playground/neighbours';
import { spawnSandbox } from '../sandbox/spawn';
import { encodeMask } from './image';
import { repair, tasks, type Repair } from './repairs';
import { readmeImage, writeReport } from './report';
import { loadScenes } from './scenes';

const output = join(__dirname, 'output');
const readmeFile = join(__dirname, '../../docs/images/before-after.png');

/** Runs each task once, and closes everything it has started. */
async function runTasks(): Promise<Repair[]> {
	const endings: Array<() => Promise<void>> = [];
	try {
		// The engine first: it fails at once when the node has not been built.
		const engine = await startEngine({ binaryMode: 'filesystem' });
		endings.push(() => engine.close());
		const sandbox = await spawnSandbox();
		endings.push(() => sandbox.close());

		const scenes = await loadScenes();
		const masks = new Map<string, Buffer>();
		for (const { name, mask, unmarked } of Object.values(scenes)) {
			masks.set(`${name}.png`, await encodeMask(mask, unmarked.width, unmarked.height));
		}
		const neighbours = await serveNeighbours(masks);
		endings.push(() => neighbours.close());

		const repairs: Repair[] = [];
		for (const task of tasks) {
			const maskUrl = neighbours.fileUrl(`${task.scene}.png`);
			repairs.push(await repair(task, scenes[task.scene], { engine, sandbox, maskUrl }));
		}
		return repairs;
	} finally {
		for (const end of endings.reverse()) await end();
	}
}

/** The results as a table for the terminal. */
function tableOf(repairs: readonly Repair[]): string {
	const header = ['mode', 'key', 'bytes', 'ms', 'PSNR before → after'];
	const rows = repairs.map(({ task, bytes, milliseconds, psnrBefore, psnrAfter }) => [
		task.mode,
		task.resultKey ?? task.key,
		String(bytes),
		milliseconds.toFixed(0),
		`${psnrBefore.toFixed(1)} → ${psnrAfter.toFixed(1)} dB`,
	]);
	const lines = [header, ...rows];
	const widths = header.map((_, column) =>
		Math.max(...lines.map((line) => line[column]?.length ?? 0)),
	);
	const isNumber = (column: number) => column === 2 || column === 3;
	return lines
		.map((line) =>
			line
				.map((cell, column) => {
					const width = widths[column] ?? 0;
					return isNumber(column) ? cell.padStart(width) : cell.padEnd(width);
				})
				.join('  ')
				.trimEnd(),
		)
		.join('\n');
}

/** `npm run demo`; `npm run demo -- --readme` also updates the image in the README. */
async function main(): Promise<void> {
	const { values } = parseArgs({ options: { readme: { type: 'boolean', default: false } } });
	console.log('Repairing three images, each with its example workflow …\n');
	const repairs = await runTasks();

	await rm(output, { recursive: true, force: true });
	await mkdir(output, { recursive: true });
	const report = await writeReport(output, repairs);
	console.log(tableOf(repairs));

	if (values.readme) {
		await writeFile(readmeFile, await readmeImage(repairs.slice(0, 2)));
		console.log(`\nREADME image: ${relative(process.cwd(), readmeFile)}`);
	}

	for (const { task, passed } of repairs) {
		if (passed) continue;
		console.error(
			`\n${task.mode}: the repaired area is no closer to the clean image than the watermark was.`,
		);
	}
	const passed = repairs.filter((one) => one.passed).length;
	console.log(`\nReport: ${relative(process.cwd(), report)}`);
	console.log(`${passed} passed, ${repairs.length - passed} failed`);
	if (passed < repairs.length) process.exitCode = 1;
}

main().catch((error: unknown) => {
	console.error(`The demo stopped. ${error instanceof Error ? error.message : String(error)}`);
	process.exitCode = 1;
});
