import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(__dirname, '../../..');

/** What people read, by path from the top of the repository. */
export const PAGES: readonly string[] = [
	...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
	...readdirSync(join(ROOT, 'docs'))
		.filter((name) => name.endsWith('.md'))
		.map((name) => `docs/${name}`),
];

export function readPage(page: string): string {
	return readFileSync(join(ROOT, page), 'utf8');
}

const FENCED = /^```(\w*)\n([\s\S]*?)^```$/gm;

/** The fenced blocks of a page in one language. */
export function fencedBlocks(page: string, language: string): string[] {
	return [...readPage(page).matchAll(FENCED)]
		.filter(([, name]) => name === language)
		.map(([, , text]) => text ?? '');
}

/** The text of a page without its code. */
function prose(page: string): string {
	return readPage(page)
		.replace(FENCED, '')
		.replace(/`[^`\n]+`/g, (code) => code.replace(/[[\]]/g, ''));
}

/** Where the links and images of a page lead to, as they are written. */
export function targets(page: string): string[] {
	const text = prose(page);
	const written = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? '');
	const bare = [...text.matchAll(/<(https?:[^>\s]+)>/g)].map(([, target]) => target ?? '');
	return [...written, ...bare];
}

/** The anchors that GitHub gives the headings of a page. */
export function anchors(page: string): string[] {
	return [
		...readPage(page)
			.replace(FENCED, '')
			.matchAll(/^#+ (.+)$/gm),
	].map(([, heading = '']) =>
		heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N} _-]/gu, '')
			.replace(/ /g, '-'),
	);
}
