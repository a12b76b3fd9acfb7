/**
 * Keeps secrets out of what is shown of a response: a gateway may repeat the request that it could not
 * forward, and the service the part of it that it refuses. `MaskPic` alone is a presigned link in
 * Base64 in a percent-encoded query.
 *
 * What is known to be secret is found by what it is, whole or in part and in any encoding. What merely looks
 * like a secret is found by its form, as a second line of defence.
 */
import { readingsOf, unescaped, type Reading } from './readings';

/** Parts of a signature, the shape of a SecretId, and what goes with the name of a header. */
const CREDENTIAL = [
	/q-(?:sign|ak|key-time|header-list|url-param-list)/i,
	/security-token/i,
	/authorization["']?\s*(?:[:=]|<\/)/i,
	/AKID[A-Za-z0-9_-]{8,}/,
	// A login for a proxy or a server; words such as "basic processing" have small letters only.
	/\b[Bb](?:asic|earer)\s+(?=\S*(?:[A-Z]|\d|=))[\w+/.=~-]{8,}/,
];

const LINK = /https?:\/\//i;
const LOGIN = /https?:\/\/[^\s"<>/?#]*@/i;
/** What a link cannot go beyond. */
const WORD = /[^\s"<>]{12,}/g;

/** As long as a signature, and as long as a security token. */
const LONG_WORD = /[A-Za-z0-9]{40,}/g;
const SIGNATURE = /^[0-9a-f]{40}$/i;
const LONG_TOKEN = /[\w+/=-]{120,}/g;

/** Shorter secrets would be found in ordinary words. */
const SHORTEST_SECRET = 8;
/**
 * So many characters of a secret are secret, too, where an escape counts as one: what repeats a long line may
 * cut it.
 */
const FRAGMENT = 16;
/** Half of it: looked for at every ninth place only, of which one is in every fragment. */
const ANCHOR = 8;
const STEP = FRAGMENT - ANCHOR + 1;

/** Secrets as they are looked for. */
interface Known {
	/** Those that are found as a whole only. */
	readonly short: readonly string[];
	/** All fragments of the others, and whether they are secret by themselves: of a link, only its query is. */
	readonly fragments: ReadonlyMap<string, boolean>;
	/** What every fragment holds at each place. */
	readonly anchors: ReadonlySet<string>;
}

/** Where that part begins without which a secret is only the address of something. */
function secretFrom(secret: string): number {
	if (!/^https?:\/\//i.test(secret) || LOGIN.test(secret)) return 0;
	return secret.indexOf('?') + 1;
}

function readSecrets(secrets: readonly string[]): Known {
	const short: string[] = [];
	const fragments = new Map<string, boolean>();
	const anchors = new Set<string>();
	for (const given of secrets) {
		const secret = unescaped(given, 'joined').text;
		const from = Math.min(secretFrom(secret) + FRAGMENT, secret.length);
		if (secret.length >= SHORTEST_SECRET && secret.length < FRAGMENT) short.push(secret);
		for (let end = FRAGMENT; end <= secret.length; end++) {
			const fragment = secret.slice(end - FRAGMENT, end);
			if (fragments.get(fragment) !== true) fragments.set(fragment, end >= from);
		}
		for (let end = ANCHOR; end <= secret.length; end++)
			anchors.add(secret.slice(end - ANCHOR, end));
	}
	return { short, fragments, anchors };
}

/** A refusal is looked through several times for the same secrets. */
const READ_SECRETS = new WeakMap<readonly string[], Known>();

function known(secrets: readonly string[]): Known {
	const values = READ_SECRETS.get(secrets) ?? readSecrets(secrets);
	READ_SECRETS.set(secrets, values);
	return values;
}

/** A part of the text that was read: from, and to without. */
type Part = readonly [start: number, end: number];

function partOf({ starts, ends }: Reading, from: number, to: number): Part {
	return [starts[from] ?? 0, ends[to - 1] ?? 0];
}

function partsByFragments(reading: Reading, { fragments, anchors }: Known): Part[] {
	const { text } = reading;
	const parts: Part[] = [];
	const at = (first: number) => fragments.get(text.slice(first, first + FRAGMENT));
	let first = 0;
	for (let place = 0; place < text.length; place += STEP) {
		if (!anchors.has(text.slice(place, place + ANCHOR))) continue;
		for (first = Math.max(first, place - STEP + 1); first <= place; first++) {
			// Fragments that begin side by side are of one piece, which goes as a whole.
			const begin = first;
			let isSecret = false;
			for (let found = at(first); found !== undefined; found = at(++first)) isSecret ||= found;
			if (isSecret) parts.push(partOf(reading, begin, first - 1 + FRAGMENT));
		}
	}
	return parts;
}

function partsByValue(reading: Reading, values: Known): Part[] {
	const parts = partsByFragments(reading, values);
	for (const secret of values.short) {
		let at = reading.text.indexOf(secret);
		for (; at >= 0; at = reading.text.indexOf(secret, at + secret.length)) {
			parts.push(partOf(reading, at, at + secret.length));
		}
	}
	return parts;
}

/** Links with a query or a login; without them a link is no more than a name. */
function linksIn(reading: Reading): Part[] {
	const parts: Part[] = [];
	for (const { 0: word, index } of reading.text.matchAll(WORD)) {
		const begin = word.search(LINK);
		if (begin < 0) continue;
		const query = word.indexOf('?', begin);
		if ((query < 0 || query + 1 === word.length) && !LOGIN.test(word)) continue;
		parts.push(partOf(reading, index + begin, index + word.length));
	}
	return parts;
}

/** The text with `…` in place of the parts. */
function without(text: string, parts: readonly Part[]): string {
	let shown = '';
	let reached = 0;
	for (const [start, end] of [...parts].sort(([a], [b]) => a - b)) {
		if (start > reached || reached === 0) shown += `${text.slice(reached, start)}…`;
		reached = Math.max(reached, end);
	}
	return shown + text.slice(reached);
}

function withoutLongTokens(text: string): string {
	return text
		.replace(LONG_WORD, (word) => (SIGNATURE.test(word) ? '…' : word))
		.replace(LONG_TOKEN, (token) => (/\d/.test(token) ? '…' : token));
}

/** The readings that words have their usual places in. */
function inLines(text: string, readings: readonly Reading[]): Reading[] {
	return [unescaped(text, 'kept'), ...readings.slice(1)];
}

function looksSecret(readings: readonly Reading[]): boolean {
	return readings.some(({ text }) => CREDENTIAL.some((pattern) => pattern.test(text)));
}

/**
 * Whether a text holds part of a signature, a SecretId, one of the secrets or 16 characters of one, in any
 * encoding.
 *
 * @param secrets further texts that nobody may see; of an address, what stands in its query or login
 */
export function holdsSecret(text: string, secrets: readonly string[] = []): boolean {
	const readings = readingsOf(text);
	if (!readings || looksSecret(inLines(text, readings))) return true;
	const values = known(secrets);
	return readings.some((reading) => partsByValue(reading, values).length > 0);
}

/**
 * The text without some parts, and its readings then; undefined when it is too much to read, or when the
 * parts cannot be cut out.
 */
function cutOut(
	text: string,
	readings: readonly Reading[],
	partsIn: (text: string, readings: readonly Reading[]) => Part[],
): { text: string; readings: readonly Reading[] } | undefined {
	const parts = partsIn(text, readings);
	if (parts.length === 0) return { text, readings };
	const shown = without(text, parts);
	const left = readingsOf(shown);
	return left && partsIn(shown, left).length === 0 ? { text: shown, readings: left } : undefined;
}

/**
 * A text of the service or of a gateway as it may be shown: `…` in place of secrets and of fragments of them
 * that have 16 characters or more, and of links with a query and long tokens, all in any encoding.
 *
 * @param secrets further texts that nobody may see; of an address, what stands in its query or login
 * @returns '' when a secret cannot be cut out, and when the text holds what looks like part of a signature or
 * a SecretId, since what stands around it belongs to it
 */
export function withoutSecrets(text: string, secrets: readonly string[] = []): string {
	const readings = readingsOf(text);
	const values = known(secrets);
	const withoutValues =
		readings &&
		cutOut(text, readings, (_, all) => all.flatMap((reading) => partsByValue(reading, values)));
	if (!withoutValues || looksSecret(inLines(withoutValues.text, withoutValues.readings))) return '';
	const withoutLinks = cutOut(withoutValues.text, withoutValues.readings, (one, all) =>
		inLines(one, all).flatMap(linksIn),
	);
	return withoutLinks ? withoutLongTokens(withoutLinks.text) : '';
}
