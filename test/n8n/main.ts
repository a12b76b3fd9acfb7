import { parseArgs } from 'node:util';
import { installN8n } from '../../dev/playground/install';
import { SetupFailure } from '../../dev/playground/machine';
import { LAST_OF_1, NEWEST } from '../../dev/playground/releases';
import { checkChains } from './chainChecks';
import { checkDev } from './devChecks';
import { checkEditor } from './editorChecks';
import { lazily } from './lazily';
import { checkOptions } from './optionChecks';
import { checkPicker } from './pickerChecks';
import { checkPlayground } from './playgroundChecks';
import { checkQueue } from './queueChecks';
import { Report } from './report';
import { checkServer } from './serverChecks';
import { checkStorage } from './storageChecks';
import { checkTool } from './toolChecks';
import { checkTrigger } from './triggerChecks';
import { checkWorkers } from './workersChecks';

interface Part {
	readonly name: string;
	readonly run: (report: Report, keepImages: boolean) => Promise<void>;
	/** The part before, if both run at the same time. */
	readonly beside?: string;
}

const newest = lazily(() => installN8n(NEWEST));
const lastOf1 = lazily(() => installN8n(LAST_OF_1));

const PARTS: readonly Part[] = [
	{ name: 'newest', run: async (report) => await checkServer(await newest(), report) },
	{
		name: 'last-of-1',
		run: async (report) => {
			const command = 'npm install --omit=peer n8n-nodes-tencent-image-repair';
			await checkServer(await lastOf1(), report, command);
		},
	},
	{ name: 'chains-of-1', run: async (report) => await checkChains(await lastOf1(), report) },
	{ name: 'chains', run: async (report) => await checkChains(await newest(), report) },
	{
		name: 'editor',
		run: async (report, keepImages) => await checkEditor(await newest(), report, keepImages),
	},
	{ name: 'options', run: async (report) => await checkOptions(await newest(), report) },
	{
		name: 'tool',
		run: async (report, keepImages) => await checkTool(await newest(), report, { keepImages }),
	},
	{
		name: 'tool-of-1',
		// Of the newest n8n, part "editor" looks in the node panel.
		run: async (report) => await checkTool(await lastOf1(), report, { searches: true }),
	},
	{ name: 'trigger', run: async (report) => await checkTrigger(await newest(), report) },
	{
		name: 'trigger-of-1',
		run: async (report) => await checkTrigger(await lastOf1(), report),
		// Both wait for polls most of the time.
		beside: 'trigger',
	},
	{
		name: 'picker',
		run: async (report, keepImages) => await checkPicker(report, keepImages),
	},
	{ name: 'queue', run: async (report) => await checkQueue(await newest(), report) },
	{ name: 'storage', run: async (report) => await checkStorage(await newest(), report) },
	{ name: 'workers', run: async (report) => await checkWorkers(await newest(), report) },
	{ name: 'playground', run: async (report) => await checkPlayground(report) },
	{ name: 'dev', run: async (report) => await checkDev(report) },
];

const USAGE = `Usage: npm run test:n8n -- [options]

  --only <names>   run only these parts, separated by commas: ${PARTS.map(({ name }) => name).join(', ')}
  --keep-images    save the screenshots of the editor and the picker in docs/images/
  --help           show this text
`;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			only: { type: 'string' },
			'keep-images': { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) {
		process.stdout.write(USAGE);
		return;
	}
	const selected = values.only?.split(',') ?? PARTS.map(({ name }) => name);
	const unknown = selected.find((name) => !PARTS.some((part) => part.name === name));
	if (unknown !== undefined) throw new SetupFailure(`Unknown part "${unknown}".\n\n${USAGE}`);
	const report = new Report();
	const groups: Part[][] = [];
	for (const part of PARTS.filter(({ name }) => selected.includes(name))) {
		const group = groups.at(-1);
		if (group && group.at(-1)?.name === part.beside) group.push(part);
		else groups.push([part]);
	}
	const runPart = async ({ name, run }: Part, to: Report): Promise<void> => {
		try {
			await run(to, values['keep-images']);
		} catch (error) {
			await to.check(`part "${name}" runs to the end`, () => {
				throw error;
			});
		}
	};
	for (const group of groups) {
		const [first] = group;
		if (group.length === 1 && first) await runPart(first, report);
		else {
			const asides = group.map(async (part) => {
				await report.aside(async (aside) => await runPart(part, aside));
			});
			await Promise.all(asides);
		}
	}
	console.log(`\nTook ${Math.floor(report.seconds / 60)} min ${report.seconds % 60} s`);
	console.log(`${report.passed} passed, ${report.failed} failed`);
	if (report.failed > 0) process.exitCode = 1;
}

// Unlike the signal itself, process.exit() runs the exit handlers that stop the servers.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.once(signal, () => process.exit(130));
}

main().catch((error: unknown) => {
	console.error(error instanceof SetupFailure ? error.message : error);
	process.exitCode = 1;
});
