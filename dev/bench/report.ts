/** A goal, and whether it was reached. */
export interface Goal {
	text: string;
	/** The measurement, as text. */
	measured: string;
	reached: boolean;
}

/** A bar chart: a group for each label, a bar in it for each series. */
export interface ChartData {
	title: string;
	/** Unit of the values. */
	unit: string;
	groups: string[];
	series: Array<{ name: string; values: Array<number | undefined> }>;
	/** The goal of each group, drawn as a line. */
	marks?: Array<number | undefined>;
}

/** The results of one part of the bench. */
export interface Part {
	/** Its letter in `--only`. */
	letter: string;
	title: string;
	/** How it was measured and how to read it. */
	how: string;
	columns: string[];
	rows: string[][];
	/** What explains the rows, below them. */
	notes?: string[];
	goals: Goal[];
	chart?: ChartData;
	/** The raw measurements, for results.json. */
	data: unknown;
}

/** Where and when a run took place. */
export interface Environment {
	date: string;
	node: string;
	n8nCore: string;
	processor: string;
	cores: number;
	quick: boolean;
}

/** At most four digits: more would only be noise. */
export function digits(value: number): string {
	if (value >= 1000) return value.toFixed(0);
	if (value >= 100) return value.toFixed(1);
	return value.toFixed(value >= 10 ? 1 : 2);
}

/** `0.985` → `98.5 %`. */
export function percent(ratio: number): string {
	return `${(ratio * 100).toFixed(1)} %`;
}

/** Aligned columns: the first is text, the others are numbers. */
function aligned(part: Part): string[] {
	const lines = [part.columns, ...part.rows];
	const widths = part.columns.map((_, column) =>
		Math.max(...lines.map((line) => line[column]?.length ?? 0)),
	);
	return lines.map((line) =>
		widths
			.map((width, column) => {
				const cell = line[column] ?? '';
				return column === 0 ? cell.padEnd(width) : cell.padStart(width);
			})
			.join('   '),
	);
}

const verdict = ({ reached }: Goal) => (reached ? 'reached' : 'NOT REACHED');

/** A part as text for the terminal. */
export function terminalText(part: Part): string {
	const goals = part.goals.map(
		(goal) => `  ${verdict(goal).padEnd(11)}  ${goal.text}: ${goal.measured}`,
	);
	return [
		`(${part.letter}) ${part.title}`,
		'',
		...aligned(part).map((line) => `  ${line}`.trimEnd()),
		'',
		...(part.notes ?? []).flatMap((note) => [`  ${note}`, '']),
		...goals,
		'',
	].join('\n');
}

function markdownTable({ columns, rows }: Part): string {
	const rule = columns.map((_, column) => (column === 0 ? '---' : '--:'));
	return [columns, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The full run as Markdown, for docs/bench.md. */
export function markdown(parts: readonly Part[], environment: Environment): string {
	const { date, node, n8nCore, processor, cores, quick } = environment;
	const head = `Measured ${date} on Node.js ${node}, n8n-core ${n8nCore}, ${cores} cores (${processor})${quick ? ', with `--quick`: the numbers mean nothing' : ''}.`;
	const sections = parts.map((part) => {
		const goals = part.goals.map(
			(goal) => `- ${goal.text}: ${goal.measured}, **${verdict(goal).toLowerCase()}**`,
		);
		return [
			...[`### (${part.letter}) ${part.title}`, part.how, markdownTable(part)],
			...[...(part.notes ?? []), goals.join('\n')],
		]
			.filter((paragraph) => paragraph !== '')
			.join('\n\n');
	});
	return `${[head, ...sections].join('\n\n')}\n`;
}
