/**
 * What the bytes so far say of the end of an image: `reached` (it is whole, whatever follows), `missing`
 * (more has to come, or the structure is broken), or `untold` (the format, or this file, does not say
 * where it ends: only the transfer can tell).
 */
export type ImageEnd = 'reached' | 'missing' | 'untold';

/** What a walk has found so far, as the file says it. */
export interface Findings {
	/** Pixels, before any EXIF orientation. */
	width?: number;
	height?: number;
	/** EXIF orientation, 1 to 8. */
	orientation?: number;
	frames?: number;
	hasAlpha?: boolean;
	/** Whether a file that ends here is one that only lacks its formal end. */
	isWholeHere?: boolean;
}

/**
 * What a walk asks for next: to be given some bytes, to pass over some, to be given the next JPEG marker
 * that is not part of a scan's data, or to pass over a chain of GIF's data blocks.
 */
export type Step =
	| { readonly kind: 'take' | 'skip'; readonly count: number }
	| { readonly kind: 'marker' | 'blocks' };

/** Part of a walk. It is given the bytes that it takes, to be read before it goes on. */
export type Steps<T> = Generator<Step, T, DataView>;

/**
 * A walk through the structure of a format. It ends where the image does, or where it cannot go on. It
 * only goes forward, so no byte is looked at twice, however the file points to itself.
 */
export type Walk = (found: Findings) => Steps<ImageEnd>;

/** Bytes that a walk may take at a time. */
const MOST_TAKEN = 48;

const TAKES = Array.from({ length: MOST_TAKEN + 1 }, (_, count): Step => ({ kind: 'take', count }));

export const take = (count: number): Step => TAKES[count] ?? { kind: 'take', count };
export const skip = (count: number): Step => ({ kind: 'skip', count });
export const MARKER: Step = { kind: 'marker' };
export const BLOCKS: Step = { kind: 'blocks' };

/** Four letters as the number that `getUint32` reads them as. */
export function fourCC(letters: string): number {
	return [0, 1, 2, 3].reduce((sum, at) => sum * 256 + letters.charCodeAt(at), 0);
}

/** 64 bits; what a number cannot hold exactly is larger than any image. */
export function uint64(view: DataView, at: number, littleEndian = false): number {
	const [low, high] = littleEndian ? [at, at + 4] : [at + 4, at];
	return view.getUint32(high, littleEndian) * 2 ** 32 + view.getUint32(low, littleEndian);
}

/** JPEG's markers (ITU-T T.81, table B.1). Those below, and from the first restart to SOI, have no segment. */
const LOWEST_SEGMENT = 0xc0;
const FIRST_RESTART = 0xd0;
const START_OF_IMAGE = 0xd8;

function hasSegment(marker: number): boolean {
	const isBare = marker >= FIRST_RESTART && marker <= START_OF_IMAGE;
	return marker >= LOWEST_SEGMENT && marker < 0xff && !isBare;
}

/** Takes a walk through a file that comes in chunks of any size. Keeps none of them. */
export class Walker {
	private found?: ImageEnd;
	private readonly steps: Steps<ImageEnd>;
	private readonly taken = new Uint8Array(MOST_TAKEN);
	private readonly view = new DataView(this.taken.buffer);
	private step: Step = skip(0);
	/** Bytes of the step that have come. */
	private passed = 0;
	/** Of a marker: whether its 0xFF has come. Of blocks: bytes left of the one that has begun. */
	private state = 0;
	/** Bytes looked at and steps taken. */
	private visits = 0;

	readonly findings: Findings = {};

	constructor(walk: Walk) {
		this.steps = walk(this.findings);
	}

	/** What the bytes so far say. */
	get end(): ImageEnd {
		return this.found ?? (this.findings.isWholeHere === true ? 'untold' : 'missing');
	}

	/** Whether the walk is over: what follows says no more. */
	get isOver(): boolean {
		return this.found !== undefined;
	}

	/** The work done so far, as a number of bytes that were looked at and of steps. */
	get visited(): number {
		return this.visits;
	}

	/** Takes in the next bytes. */
	push(bytes: Uint8Array): void {
		let at = 0;
		while (this.found === undefined) {
			const next = this.pass(bytes, at);
			if (next === undefined) return;
			at = next;
			this.go();
		}
	}

	/** @returns where the step ends; undefined when it goes on in the next chunk */
	private pass(bytes: Uint8Array, at: number): number | undefined {
		const { step } = this;
		switch (step.kind) {
			case 'marker':
				return this.passToMarker(bytes, at);
			case 'blocks':
				return this.passBlocks(bytes, at);
			case 'take':
			case 'skip': {
				const used = Math.min(step.count - this.passed, bytes.length - at);
				if (step.kind === 'take') {
					for (let index = 0; index < used; index++) {
						this.taken[this.passed + index] = bytes[at + index] ?? 0;
					}
					this.visits += used;
				}
				this.passed += used;
				return this.passed < step.count ? undefined : at + used;
			}
		}
	}

	private passToMarker(bytes: Uint8Array, from: number): number | undefined {
		for (let at = from; at < bytes.length; at++) {
			const byte = bytes[at] ?? 0;
			if (this.state === 1 && hasSegment(byte)) {
				this.taken[0] = byte;
				this.state = 0;
				this.visits += at + 1 - from;
				return at + 1;
			}
			this.state = byte === 0xff ? 1 : 0;
		}
		this.visits += bytes.length - from;
		return undefined;
	}

	private passBlocks(bytes: Uint8Array, from: number): number | undefined {
		let at = from + this.state;
		while (at < bytes.length) {
			const length = bytes[at] ?? 0;
			this.visits++;
			at += 1 + length;
			if (length > 0) continue;
			this.state = 0;
			return at;
		}
		this.state = at - bytes.length;
		return undefined;
	}

	private go(): void {
		this.passed = 0;
		this.visits++;
		const next = this.steps.next(this.view);
		if (next.done === true) this.found = next.value;
		else this.step = next.value;
	}
}
