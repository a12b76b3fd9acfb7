import { keyOfFileid } from '../../cos/location/resultKey';
import { LABELS } from './messages';
import { InvalidParameter } from './invalidParameter';
import { fillResultKey, piecesOf } from './resultKey';

/** Regular expressions of a key's parts, by placeholder. */
type Parts = ReadonlyMap<string, string>;

const folder = '(?:[^]*/)?';

/** What the parts of a key can be: a file name splits at its last dot, unless that is its first character. */
const PARTS: readonly Parts[] = [
	new Map([
		['{folder}', folder],
		['{name}', '[^/]+'],
		['{extension}', '\\.[^./]*'],
	]),
	new Map([
		['{folder}', folder],
		['{name}', '\\.?[^./]+|\\.'],
		['{extension}', ''],
	]),
];

function escaped(text: string): string {
	return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** A placeholder that occurs twice stands for the same text both times. */
function patternOf(template: string, parts: Parts, seen: Set<string>): string {
	return piecesOf(template)
		.map((piece) => {
			const part = parts.get(piece);
			if (part === undefined) return escaped(piece);
			const group = piece.slice(1, -1);
			if (seen.has(group)) return `\\k<${group}>`;
			seen.add(group);
			return `(?<${group}>${part})`;
		})
		.join('');
}

/** Matches both kinds of fileid that keyOfFileid reads: absolute and relative. */
function matchersOf(template: string, parts: Parts): Array<(key: string) => boolean> {
	const absolute = new RegExp(`^${patternOf(template, parts, new Set())}$`);
	const seen = new Set<string>();
	const sourceFolder = patternOf('{folder}', parts, seen);
	const relative = new RegExp(`^${sourceFolder}(?!/)${patternOf(template, parts, seen)}$`);
	return [(key) => absolute.test(`/${key}`), (key) => relative.test(key)];
}

/** Keys that only a result key that fits everything could match. */
const PROBES = ['Zq7.jpg', 'k3/Zq7.png', 'k3/v/Zq7.webp'];

/**
 * Recognizes keys that a result key could have produced from any image.
 *
 * @param template as in Result Key, with its placeholders
 * @param label of the field that holds it
 * @param off the switch that makes the field needless
 * @throws InvalidParameter for a template that is empty, holds an unknown placeholder, means the source
 * itself or fits every key: it would recognize nothing
 */
export function resultKeyMatcher(
	template: string,
	label = LABELS.ignoredResultKeys,
	off = 'Ignore Repaired Images',
): (key: string) => boolean {
	if (template === '') throw new InvalidParameter(label, 'resultKeysEmpty', { off });
	const isOwn = (key: string) => keyOfFileid(fillResultKey(template, key, label), key) === key;
	const matchers = PARTS.flatMap((parts) => matchersOf(template, parts));
	const matches = (key: string) => matchers.some((fits) => fits(key));
	if (PROBES.every(isOwn) || PROBES.every(matches)) {
		throw new InvalidParameter(label, 'resultKeysFitAll', { template, off });
	}
	return matches;
}
