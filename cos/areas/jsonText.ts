import { InvalidInput } from '../invalidInput';
import { show, unlessThrown } from '../values';

const CLOSING: Readonly<Record<string, string>> = { '[': ']', '{': '}' };

/** Brackets that a list of polygons of corners can lack. */
const MOST_MISSING = 3;

function parse(text: string): { readonly value: unknown } | undefined {
	return unlessThrown(() => ({ value: JSON.parse(text) as unknown }));
}

function broken(text: string): InvalidInput {
	return new InvalidInput('polygons', 'polygons.notJson', { shown: show(text) });
}

/** A list or object in a text, from its first bracket to its last. */
interface Bracketed {
	readonly text: string;
	/** The brackets that are open where the text ends, from the innermost to the outermost. */
	readonly missing: string;
}

/** The lists and objects in a text, one after the other. Reads each character once. */
function bracketedIn(text: string): Bracketed[] {
	const found: Bracketed[] = [];
	let open: string[] = [];
	let [start, inString] = [0, false];
	for (let at = 0; at < text.length; at++) {
		const character = text[at] ?? '';
		if (inString) {
			if (character === '\\') at++;
			else if (character === '"') inString = false;
			continue;
		}
		const closing = CLOSING[character];
		if (closing !== undefined) {
			if (open.length === 0) start = at;
			open.push(closing);
		} else if (open.length > 0) {
			if (character === '"') inString = true;
			if (character !== ']' && character !== '}') continue;
			// One that closes nothing makes all of it no JSON.
			if (character === open.at(-1)) open.pop();
			else open = [];
			if (open.length === 0) found.push({ text: text.slice(start, at + 1), missing: '' });
		}
	}
	if (open.length > 0) found.push({ text: text.slice(start), missing: open.reverse().join('') });
	return found;
}

type TextValues =
	| { readonly values: unknown[]; readonly refused?: undefined }
	| { readonly refused: InvalidInput; readonly values?: undefined };

/** Brackets in a sentence, such as a footnote `[1]` or `[see below]`: no names, lists or coordinates. */
function isRemark(text: string): boolean {
	const numbers = text.match(/[\d.]+/g) ?? [];
	return numbers.length < 3 && !/^\[\s*[[\]]|["']\s*:/.test(text);
}

function whyBroken({ text, missing }: Bracketed): InvalidInput {
	const isUnclosed = missing !== '' && missing.length <= MOST_MISSING && parse(text + missing);
	if (!isUnclosed) return broken(text);
	return new InvalidInput('polygons', 'polygons.unclosed', { shown: show(text), missing });
}

function valuesIn(text: string): TextValues {
	const values: unknown[] = [];
	for (const part of bracketedIn(text)) {
		if (part.missing === '' && isRemark(part.text)) continue;
		const parsed = parse(part.text);
		if (!parsed) return { refused: whyBroken(part) };
		values.push(parsed.value);
	}
	return values.length > 0 ? { values } : { refused: broken(text) };
}

/** What stands between lines of three backquotes: models put their answer there. */
function fencedIn(text: string): string[] {
	return text.split('```').filter((_, index) => index % 2 === 1);
}

/**
 * The values that a text holds as JSON: the text itself, or what language models write: values in code
 * blocks, with words around them, or one after the other. Takes time in proportion to the text.
 *
 * @returns why not, for a text without JSON, or with JSON that is broken or cut off
 */
export function valuesOfText(text: string): TextValues {
	const whole = parse(text);
	if (whole) return { values: [whole.value] };
	const startsAsJson = /^\s*[[{]/.test(text);
	const blocks = startsAsJson ? [] : fencedIn(text).filter((block) => /[[{]/.test(block));
	const values: unknown[] = [];
	for (const block of blocks) {
		const read = valuesIn(block);
		if (read.refused) return valuesIn(text);
		values.push(...read.values);
	}
	return values.length > 0 ? { values } : valuesIn(text);
}
