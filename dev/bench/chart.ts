import { create } from 'xmlbuilder2';

import { digits, type ChartData } from './report';

type Element = ReturnType<typeof create>;

const WIDTH = 820;
const PANEL = { left: 64, right: 24, plotHeight: 170, head: 58, foot: 42 };
const PANEL_HEIGHT = PANEL.head + PANEL.plotHeight + PANEL.foot;
const PLOT_WIDTH = WIDTH - PANEL.left - PANEL.right;

interface Palette {
	paper: string;
	ink: string;
	faint: string;
	mark: string;
	/** Distinguishable for most colour-blind people, and by lightness. */
	series: readonly string[];
}

const LIGHT: Palette = {
	paper: '#ffffff',
	ink: '#1f2328',
	faint: '#d0d7de',
	mark: '#cf222e',
	series: ['#8c959f', '#56a0d3', '#e3a008', '#1a7f64', '#7048b6'],
};
const DARK: Palette = {
	paper: '#0d1117',
	ink: '#e6edf3',
	faint: '#30363d',
	mark: '#ff7b72',
	series: ['#6e7681', '#58a6ff', '#d29922', '#3fb68b', '#a583e8'],
};

/** Literal colours: not every SVG viewer supports CSS variables. */
function colours({ paper, ink, faint, mark, series }: Palette): string {
	return [
		`text { fill: ${ink}; }`,
		`.paper { fill: ${paper}; }`,
		`.line { stroke: ${faint}; }`,
		`.mark { stroke: ${mark}; }`,
		...series.map((colour, index) => `.s${index} { fill: ${colour}; }`),
	].join('\n');
}

const STYLE = `
text { font: 12px system-ui, 'DejaVu Sans', sans-serif; }
.title { font-weight: 600; font-size: 14px; }
.small { font-size: 10.5px; }
.mark { stroke-width: 2; stroke-dasharray: 6 3; }
${colours(LIGHT)}
@media (prefers-color-scheme: dark) {
${colours(DARK)}
}
`;

/** The next larger round number, for the end of an axis. */
function roundUp(value: number): number {
	const magnitude = 10 ** Math.floor(Math.log10(value));
	const step = [1, 1.2, 1.5, 2, 3, 4, 5, 8, 10].find((one) => one * magnitude >= value) ?? 10;
	return step * magnitude;
}

function text(
	into: Element,
	words: string,
	at: { x: number; y: number; anchor?: string; class?: string },
): void {
	const { anchor = 'start', ...others } = at;
	into.ele('text', { ...others, 'text-anchor': anchor }).txt(words);
}

function drawAxis(into: Element, highest: number): void {
	for (const share of [0, 0.25, 0.5, 0.75, 1]) {
		const y = PANEL.head + PANEL.plotHeight * (1 - share);
		into.ele('line', { class: 'line', x1: PANEL.left, x2: WIDTH - PANEL.right, y1: y, y2: y });
		const label = Number((highest * share).toPrecision(3)).toString();
		text(into, label, { x: PANEL.left - 8, y: y + 4, anchor: 'end', class: 'small' });
	}
}

function drawLegend(into: Element, { series }: ChartData): void {
	let x = PANEL.left;
	for (const [index, { name }] of series.entries()) {
		into.ele('rect', { class: `s${index}`, x, y: 28, width: 10, height: 10, rx: 2 });
		text(into, name, { x: x + 15, y: 37, class: 'small' });
		x += 30 + name.length * 6;
	}
}

function drawGroup(into: Element, data: ChartData, group: number, highest: number): void {
	const width = PLOT_WIDTH / data.groups.length;
	const left = PANEL.left + group * width;
	const bar = Math.min(64, (width * 0.84) / data.series.length);
	const first = left + (width - bar * data.series.length) / 2;
	const yOf = (value: number) => PANEL.head + PANEL.plotHeight * (1 - value / highest);
	const bottom = PANEL.head + PANEL.plotHeight;
	for (const [index, { values }] of data.series.entries()) {
		const value = values[group];
		if (value === undefined) continue;
		const y = yOf(Math.max(0, value));
		const x = first + index * bar;
		into.ele('rect', {
			...{ class: `s${index}`, x: x + 2, y, width: bar - 4, rx: 2 },
			height: Math.max(1, bottom - y),
		});
		text(into, digits(value), { x: x + bar / 2, y: y - 4, anchor: 'middle', class: 'small' });
	}
	const mark = data.marks?.[group];
	if (mark !== undefined) {
		const y = yOf(mark);
		into.ele('line', { class: 'mark', x1: left + 8, x2: left + width - 8, y1: y, y2: y });
	}
	const label = data.groups[group] ?? '';
	text(into, label, { x: left + width / 2, y: bottom + 20, anchor: 'middle' });
}

function drawPanel(into: Element, data: ChartData): void {
	const values = [...data.series.flatMap((one) => one.values), ...(data.marks ?? [])];
	const known = values.filter((value) => value !== undefined);
	// Leave room for the label above the highest bar.
	const highest = roundUp(Math.max(...known, 0.01) * 1.08);
	text(into, `${data.title}, ${data.unit}`, { x: PANEL.left, y: 16, class: 'title' });
	drawLegend(into, data);
	drawAxis(into, highest);
	for (const group of data.groups.keys()) drawGroup(into, data, group, highest);
}

/** An SVG with a bar chart for each entry; red lines are the goals. */
export function chart(charts: readonly ChartData[]): string {
	const height = charts.length * PANEL_HEIGHT + 16;
	const svg = create().ele('http://www.w3.org/2000/svg', 'svg', {
		viewBox: `0 0 ${WIDTH} ${height}`,
		width: WIDTH,
		height,
	});
	svg.ele('style').txt(STYLE);
	svg.ele('rect', { class: 'paper', width: WIDTH, height });
	for (const [index, data] of charts.entries()) {
		drawPanel(svg.ele('g', { transform: `translate(0 ${index * PANEL_HEIGHT + 12})` }), data);
	}
	return `${svg.end({ headless: true, prettyPrint: true })}\n`;
}
