const FENCED_CODE = /^```[\s\S]*?^```$/gm;
const IMAGE = /!\[[^\]]*\]\([^)]*\)/g;
const LINK = /\[([^\]]*)\]\([^)]*\)/g;
/** The line below the head of a table. */
const RULE = /^\|(?: *:?-+:? *\|)+$/;

/** What a page says: each paragraph, entry of a list and row of a table, as plain text in one line. */
export function statements(markdown: string): string[] {
	const lines = markdown.replace(FENCED_CODE, '').split('\n');
	const blocks: string[] = [];
	let open = false;
	lines.forEach((line, index) => {
		const isHead = RULE.test(lines[index + 1] ?? '');
		const ends = line.trim() === '' || line.startsWith('#') || RULE.test(line) || isHead;
		if (ends) {
			open = false;
			return;
		}
		const begins = /^(?:\||- |\d+\. )/.test(line);
		if (open && !begins) blocks.push(`${blocks.pop() ?? ''} ${line.trim()}`);
		else blocks.push(line.replace(/^(?:- |\d+\. )/, ''));
		open = true;
	});
	return blocks
		.map((block) => block.replace(IMAGE, '').replace(LINK, '$1').replace(/\s+/g, ' ').trim())
		.filter((block) => /\w/.test(block));
}
