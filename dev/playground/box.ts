/** Lines of text in a frame. */
export function box(lines: readonly string[]): string {
	const width = Math.max(...lines.map((line) => line.length));
	const rule = '─'.repeat(width + 2);
	const rows = lines.map((line) => `│ ${line.padEnd(width)} │`);
	return [`┌${rule}┐`, ...rows, `└${rule}┘`].join('\n');
}
