import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(__dirname, '../../..');

/** The pages of the documentation, as paths from the root of the repository. */
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

/** The sections of a page under its headings of the second level, by heading. */
export function sections(page: string): Map<string, string> {
	const parts = readPage(page).split(/^## /m).slice(1);
	return new Map(
		parts.map((part) => {
			const end = part.indexOf('\n');
			return [part.slice(0, end), part.slice(end)];
		}),
	);
}

/** The fenced blocks of a page in one language. */
export function fencedBlocks(page: string, language: string): string[] {
	return fencedBlocksOf(readPage(page), language);
}

/** The fenced blocks of a part of a page in one language. */
export function fencedBlocksOf(markdown: string, language: string): string[] {
	return [...markdown.matchAll(FENCED)]
		.filter(([, name]) => name === language)
		.map(([, , text]) => text ?? '');
}

/** The text of a page without code blocks, and without brackets in inline code. */
function prose(page: string): string {
	return readPage(page)
		.replace(FENCED, '')
		.replace(/`[^`\n]+`/g, (code) => code.replace(/[[\]]/g, ''));
}

/** The targets of links and images of a page, as they are written. */
export function targets(page: string): string[] {
	const text = prose(page);
	const written = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? '');
	const bare = [...text.matchAll(/<(https?:[^>\s]+)>/g)].map(([, target]) => target ?? '');
	return [...written, ...bare];
}

/** The cells of all table rows of a page, including the headers. */
export function tableRows(page: string): string[][] {
	return readPage(page)
		.split('\n')
		.filter((line) => line.startsWith('|') && !/^\|[\s|:-]+\|$/.test(line))
		.map((line) =>
			line
				.slice(1, -1)
				.split(' | ')
				.map((cell) => cell.trim()),
		);
}

/** The anchors that GitHub creates for the headings of a page. */
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
