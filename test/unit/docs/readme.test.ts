import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

import { LAST_OF_1, NEWEST } from '../../../dev/playground/releases';
import { npmCommandsOf, workflow } from '../release/githubWorkflows';
import { fencedBlocks, PAGES, readPage, ROOT } from './markdown';

const readme = readPage('README.md');
const ciCommands = [
	...readPage('.ci/run').split('\n'),
	...npmCommandsOf(workflow('nightly.yml').jobs.long),
].map((command) => command.replace(/ -- .*$/, ''));
const { scripts, name } = JSON.parse(readPage('package.json')) as {
	scripts: Record<string, string>;
	name: string;
};

/** Commands that CI cannot run as they are, by the file that tests them. */
const STARTED_BY: Readonly<Record<string, string>> = {
	'npm start': 'test/n8n/playgroundChecks.ts',
	'npm run dev': 'test/n8n/devChecks.ts',
	'npm run sandbox': 'test/n8n/playgroundChecks.ts',
	[`npm install --omit=peer ${name}`]: 'test/n8n/main.ts',
};

const commands = [
	...new Set(
		[
			...fencedBlocks('README.md', 'sh'),
			...[...readme.matchAll(/`((?:npm|npx) [^`]+)`/g)].map(([, code]) => code ?? ''),
		].flatMap((text) => text.trim().split(/\n| && /)),
	),
];

test('the README names commands', () => {
	expect(commands.length).toBeGreaterThan(8);
});

test.each(commands)('CI runs the command of the README: %s', (command) => {
	const startedBy = STARTED_BY[command];
	if (startedBy === undefined) {
		expect(ciCommands).toContain(command);
	} else {
		expect(readFileSync(join(ROOT, startedBy), 'utf8')).toContain(`'${command}'`);
	}
});

test('every script that the documentation names exists', () => {
	for (const page of PAGES) {
		for (const [, script = ''] of readPage(page).matchAll(/npm run ([a-z0-9:]+(?:-[a-z]+)*)/g)) {
			expect([page, script, script in scripts]).toEqual([page, script, true]);
		}
	}
});

test('the compatibility table names the n8n versions that are tested', () => {
	const row = ({ version, nodeMajor }: typeof NEWEST) =>
		new RegExp(`^\\| ${version.replaceAll('.', '\\.')} +\\| ${String(nodeMajor)} +\\|`, 'm');
	expect(readme).toMatch(row(NEWEST));
	expect(readme).toMatch(row(LAST_OF_1));
});

test('the animation of the README moves, and is smaller than 1 MB', async () => {
	const file = join(ROOT, 'docs/images/repair.webp');
	expect(readme).toContain('(docs/images/repair.webp)');
	expect(statSync(file).size).toBeLessThan(1_000_000);
	expect((await sharp(file).metadata()).pages).toBeGreaterThan(3);
});

test('the README lists every example', () => {
	for (const file of readdirSync(join(ROOT, 'examples'))) {
		expect(readme).toContain(`(examples/${file})`);
	}
});

test('every example says what is pinned, or that nothing is: its import by command would store null', () => {
	for (const file of readdirSync(join(ROOT, 'examples'))) {
		const { pinData } = JSON.parse(readPage(`examples/${file}`)) as { pinData?: object };
		const pinned = file === 'vision-model-finds-logo.json' ? ['Ask the model'] : [];
		expect([file, Object.keys(pinData ?? { missing: true })]).toEqual([file, pinned]);
	}
});

test('a copy of the example for new uploads does not pay again for what is repaired', () => {
	const file = readFileSync(join(ROOT, 'examples/clean-new-uploads.json'), 'utf8');
	const { nodes } = JSON.parse(file) as { nodes: Array<{ type: string; parameters: object }> };
	const repairs = nodes.filter(({ type }) => type.endsWith('.imageRepair'));
	expect(repairs.map(({ parameters }) => parameters)).toMatchObject([
		{ options: { skipExisting: true } },
	]);
});
