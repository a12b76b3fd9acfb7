/**
 * What a text may be an encoding of: its escapes undone (percent, HTML, JSON), and what is in Base64 or hex
 * inside it, with the place in the text that each character comes from.
 */

/** A text read in one way. */
export interface Reading {
	/** Printable ASCII; `\n` between parts that do not stand beside each other. */
	readonly text: string;
	/** Where each character begins and ends in the text that was read. */
	readonly starts: readonly number[];
	readonly ends: readonly number[];
}

/** In place of all that is not ASCII, however it is encoded. */
const OTHER = 0x7f;
const SPACE = 0x20;
const LINE_FEED = 0x0a;
const BACKSLASH = 0x5c;
const PERCENT = 0x25;
const AMPERSAND = 0x26;
const SEMICOLON = 0x3b;
const PADDING = 0x3d;

/** The value of each digit by its code, and -1 for what is none. The alphabets may differ in part. */
function valuesOf(...alphabets: readonly string[]): Int8Array {
	const values = new Int8Array(128).fill(-1);
	for (const alphabet of alphabets) {
		for (let value = 0; value < alphabet.length; value++)
			values[alphabet.charCodeAt(value)] = value;
	}
	return values;
}

const HEX = valuesOf('0123456789abcdef', '0123456789ABCDEF');
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const BASE64 = valuesOf(`${LETTERS}+/`, `${LETTERS}-_`);

/** The names that stand for characters of addresses and quotations. */
const ENTITIES: Readonly<Record<string, string>> = {
	amp: '&',
	apos: "'",
	colon: ':',
	commat: '@',
	equals: '=',
	gt: '>',
	lowbar: '_',
	lt: '<',
	num: '#',
	percnt: '%',
	period: '.',
	plus: '+',
	quest: '?',
	quot: '"',
	semi: ';',
	sol: '/',
};
const ENTITY = /^&(?:#(?:x([0-9a-f]{1,6})|(\d{1,7}))|([a-z]{2,6}));$/i;
/** `&#xABCDEF;`, the longest of all. */
const LONGEST_ESCAPE = 10;
/** What escapes begin with: `%`, `&` and a backslash. */
const MARKS: ReadonlySet<number> = new Set([PERCENT, AMPERSAND, BACKSLASH]);

function codeOfEntity(entity: string): number | undefined {
	const [, hex, decimal, name = ''] = ENTITY.exec(entity) ?? [];
	if (hex !== undefined) return parseInt(hex, 16);
	if (decimal !== undefined) return Number(decimal);
	return ENTITIES[name.toLowerCase()]?.charCodeAt(0);
}

/** What stands behind a backslash, by its code. */
const AFTER_BACKSLASH = new Map(
	Object.entries({ n: '\n', r: '\n', t: ' ', '"': '"', "'": "'", '/': '/' }).map(
		([letter, meant]) => [letter.charCodeAt(0), meant.charCodeAt(0)],
	),
);

/**
 * Undoes escapes while characters arrive. What one escape stands for may complete another, so that a text
 * that was escaped several times comes out like one that was not.
 */
class Unescaped {
	private readonly codes: number[] = [];
	private readonly starts: number[] = [];
	private readonly ends: number[] = [];
	private length = 0;
	/** Where the part begins that escapes may reach back to. */
	private floor = 0;
	/** Where the last character stands that an escape may begin with. */
	private mark = 0;
	/** The length at the last line's end: behind it, spaces are left out. */
	private lineStart = -1;

	/** @param joinsLines whether a line goes on in the next one, as a long word does that was broken */
	constructor(private readonly joinsLines: boolean) {}

	/** Begins a part that has nothing to do with what came before. */
	separate(at: number): void {
		this.append(LINE_FEED, at, at);
		this.floor = this.length;
	}

	/** Adds a character of the text, or of what was decoded from it. */
	add(code: number, start: number, end: number): void {
		if (!this.store(code, start, end)) return;
		if (MARKS.has(code)) this.mark = this.length;
		if (this.length > this.mark + LONGEST_ESCAPE) return;
		for (;;) {
			const [escape, meant] = this.lastEscape();
			if (escape === 0) return;
			this.length -= escape;
			if (!this.store(meant, this.starts[this.length] ?? start, end)) return;
		}
	}

	/**
	 * All that was added, without backslashes: of one that is left over, nobody can tell whether it stands for
	 * itself or for the escape of an escape.
	 */
	reading(): Reading {
		const bytes = new Uint8Array(this.length);
		const starts: number[] = [];
		const ends: number[] = [];
		let length = 0;
		for (let index = 0; index < this.length; index++) {
			const code = this.codes[index] ?? 0;
			if (code === BACKSLASH) continue;
			bytes[length] = code;
			starts[length] = this.starts[index] ?? 0;
			ends[length] = this.ends[index] ?? 0;
			length++;
		}
		return { text: new TextDecoder().decode(bytes.subarray(0, length)), starts, ends };
	}

	private at(fromEnd: number): number {
		const index = this.length - fromEnd;
		return index < this.floor ? 0 : (this.codes[index] ?? 0);
	}

	private append(code: number, start: number, end: number): void {
		this.codes[this.length] = code;
		this.starts[this.length] = start;
		this.ends[this.length] = end;
		this.length++;
	}

	/** Whether there is a new character at the end. */
	private store(code: number, start: number, end: number): boolean {
		if (code === LINE_FEED || code === 0x0d) {
			if (!this.joinsLines) this.append(LINE_FEED, start, end);
			else while (this.at(1) === SPACE) this.length--;
			this.lineStart = this.length;
			return false;
		}
		if (code === SPACE || code === 0x09) {
			if (!this.joinsLines || this.length !== this.lineStart) this.append(SPACE, start, end);
			return false;
		}
		const isOther = code < SPACE || code >= OTHER;
		if (!isOther) this.append(code, start, end);
		else if (this.at(1) === OTHER) this.ends[this.length - 1] = end;
		else this.append(OTHER, start, end);
		return !isOther;
	}

	/** The value of so many hex digits at the end, or -1. */
	private hexAtEnd(digits: number): number {
		let value = 0;
		for (let fromEnd = digits; fromEnd > 0; fromEnd--) {
			const digit = HEX[this.at(fromEnd)] ?? -1;
			if (digit < 0) return -1;
			value = value * 16 + digit;
		}
		return value;
	}

	/** The length of the escape that ends here, or 0, and what it stands for. */
	private lastEscape(): readonly [length: number, code: number] {
		const last = this.at(1);
		if ((HEX[last] ?? -1) >= 0) {
			if (this.at(3) === PERCENT) {
				const code = this.hexAtEnd(2);
				if (code >= 0) return [3, code];
			}
			if (this.at(4) === BACKSLASH && this.at(3) === 0x78) {
				const code = this.hexAtEnd(2);
				if (code >= 0) return [4, code];
			}
			if (this.at(6) === BACKSLASH && this.at(5) === 0x75) {
				const code = this.hexAtEnd(4);
				if (code >= 0) return [6, code];
			}
			return [0, 0];
		}
		if (this.at(2) === BACKSLASH) {
			const code = AFTER_BACKSLASH.get(last);
			if (code !== undefined) return [2, code];
		}
		return last === SEMICOLON ? this.lastEntity() : [0, 0];
	}

	private lastEntity(): readonly [length: number, code: number] {
		let length = 2;
		while (length < LONGEST_ESCAPE && this.at(length) !== AMPERSAND) length++;
		if (this.at(length) !== AMPERSAND) return [0, 0];
		const codes = this.codes.slice(this.length - length, this.length);
		const code = codeOfEntity(String.fromCharCode(...codes));
		return code === undefined ? [0, 0] : [length, code];
	}
}

/** A text with its escapes undone, line by line or as if it were one line. */
export function unescaped(text: string, lines: 'kept' | 'joined'): Reading {
	const result = new Unescaped(lines === 'joined');
	for (let index = 0; index < text.length; index++) {
		result.add(text.charCodeAt(index), index, index + 1);
	}
	return result.reading();
}

/** What is shorter was decoded from something that only looks encoded. */
const SHORTEST_DECODED = 8;

function isText(byte: number): boolean {
	return (byte >= SPACE && byte < OTHER) || byte === LINE_FEED || byte === 0x0d || byte === 0x09;
}

/** Puts together what is decoded from a run of digits, as far as it is text. */
class Decoded {
	private readonly bytes: number[] = [];
	private readonly starts: number[] = [];
	private readonly ends: number[] = [];
	private length = 0;

	constructor(private readonly result: Unescaped) {}

	add(byte: number, start: number, end: number): void {
		if (!isText(byte)) {
			this.finish();
			return;
		}
		this.bytes[this.length] = byte;
		this.starts[this.length] = start;
		this.ends[this.length] = end;
		this.length++;
	}

	finish(): void {
		const { length, bytes, starts, ends, result } = this;
		this.length = 0;
		if (length < SHORTEST_DECODED) return;
		result.separate(starts[0] ?? 0);
		for (let index = 0; index < length; index++) {
			result.add(bytes[index] ?? 0, starts[index] ?? 0, ends[index] ?? 0);
		}
	}
}

/** Digits of a few bits each, which bytes are written in. */
interface Encoding {
	readonly digits: Int8Array;
	readonly bits: number;
	/** Digits of the shortest run that is worth decoding. */
	readonly shortest: number;
	/** In how many ways bytes can begin among the digits. */
	readonly phases: number;
}

/** Decodes every run of digits, from each of the places where its bytes may begin. */
function decodeRuns({ text, starts, ends }: Reading, encoding: Encoding, result: Unescaped): void {
	const { digits, bits, shortest, phases } = encoding;
	const decoded = new Decoded(result);
	for (let begin = 0, end = 0; begin < text.length; begin = end + 1) {
		end = begin;
		while (end < text.length && (digits[text.charCodeAt(end)] ?? -1) >= 0) end++;
		if (end - begin < shortest) continue;
		let padded = end;
		while (padded < end + 2 && text.charCodeAt(padded) === PADDING) padded++;
		for (let phase = 0; phase < phases; phase++) {
			let buffer = 0;
			let held = 0;
			let from = begin + phase;
			for (let index = from; index < end; index++) {
				buffer = ((buffer << bits) | (digits[text.charCodeAt(index)] ?? 0)) & 0xffff;
				held += bits;
				if (held < 8) continue;
				held -= 8;
				const last = index === end - 1 ? padded - 1 : index;
				decoded.add((buffer >> held) & 0xff, starts[from] ?? 0, ends[last] ?? 0);
				// A digit may hold bits of two bytes.
				from = held === 0 ? index + 1 : index;
			}
			decoded.finish();
		}
	}
}

const ENCODINGS: readonly Encoding[] = [
	{ digits: BASE64, bits: 6, shortest: 11, phases: 4 },
	{ digits: HEX, bits: 4, shortest: 16, phases: 2 },
];

/** Encodings inside one another. */
const MAX_LAYERS = 4;
/** Characters; what unfolds to more is not read to its end. */
const MAX_READ = 100_000;

/**
 * The text with its escapes undone and its lines joined, then what that holds in Base64 and hex, then what
 * that holds. Undefined when it is too much to read.
 */
export function readingsOf(text: string): Reading[] | undefined {
	if (text.length > MAX_READ) return undefined;
	let newest = unescaped(text, 'joined');
	let size = newest.text.length;
	const readings = [newest];
	for (let layer = 0; layer < MAX_LAYERS; layer++) {
		const inside = new Unescaped(true);
		for (const encoding of ENCODINGS) decodeRuns(newest, encoding, inside);
		newest = inside.reading();
		if (newest.text === '') return readings;
		size += newest.text.length;
		if (size > MAX_READ) return undefined;
		readings.push(newest);
	}
	return readings;
}
