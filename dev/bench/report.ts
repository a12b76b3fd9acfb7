/** What was to be reached, and whether it was. */
export interface Goal {
	text: string;
	/** As measured, for a person. */
	measured: string;
	reached: boolean;
}

/** Values for the chart: a group for each label, a bar for each series. */
export interface ChartData {
	title: string;
	/** What the values are. */
	unit: string;
	/** Labels of the groups. */
	groups: string[];
	series: Array<{ name: string; values: Array<number | undefined> }>;
	/** A line across each group: what is to be reached. */
	marks?: Array<number | undefined>;
}

/** One part of the bench, measured. */
export interface Part {
	/** Its letter in `--only`. */
	letter: string;
	title: string;
	/** How it was measured, and how to read it. */
	how: string;
	columns: string[];
	rows: string[][];
	goals: Goal[];
	chart?: ChartData;
	/** Everything measured, for programs. */
	data: unknown;
}

/** Where and when a run was made. */
export interface Circumstances {
	date: string;
	node: string;
	n8nCore: string;
	processor: string;
	cores: number;
	quick: boolean;
}

/** Four digits at most, so that noise does not look like knowledge. */
export function digits(value: number): string {
	if (value >= 1000) return value.toFixed(0);
	if (value >= 100) return value.toFixed(1);
	return value.toFixed(value >= 10 ? 1 : 2);
}

/** `0.985` → `98.5 %`. */
export function percent(ratio: number): string {
	return `${(ratio * 100).toFixed(1)} %`;
}

/** Columns as wide as they have to be; the first is text, the others are numbers. */
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

/** A part for the terminal. */
export function terminalText(part: Part): string {
	const goals = part.goals.map(
		(goal) => `  ${verdict(goal).padEnd(11)}  ${goal.text}: ${goal.measured}`,
	);
	return [
		`(${part.letter}) ${part.title}`,
		'',
		...aligned(part).map((line) => `  ${line}`.trimEnd()),
		'',
		...goals,
		'',
	].join('\n');
}

function markdownTable({ columns, rows }: Part): string {
	const rule = columns.map((_, column) => (column === 0 ? '---' : '--:'));
	return [columns, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The whole run as a page, its tables ready for docs/bench.md. */
export function markdown(parts: readonly Part[], circumstances: Circumstances): string {
	const { date, node, n8nCore, processor, cores, quick } = circumstances;
	const head = `Measured ${date} on Node.js ${node}, n8n-core ${n8nCore}, ${cores} cores (${processor})${quick ? ', with `--quick`: few items, for a look only' : ''}.`;
	const sections = parts.map((part) => {
		const goals = part.goals.map(
			(goal) => `- ${goal.text}: ${goal.measured}, **${verdict(goal).toLowerCase()}**`,
		);
		return [`### (${part.letter}) ${part.title}`, part.how, markdownTable(part), goals.join('\n')]
			.filter((paragraph) => paragraph !== '')
			.join('\n\n');
	});
	return `${[head, ...sections].join('\n\n')}\n`;
}
