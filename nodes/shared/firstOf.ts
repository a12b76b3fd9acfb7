/** Negative: `a` comes first. */
export type Comparison<T> = (a: T, b: T) => number;

/** How many entries may accumulate before the list is sorted and cut. */
const SLACK = 1000;

/** Keeps the first `limit` of any number of entries, and never holds many more. */
export class FirstOf<T> {
	private kept: T[] = [];

	/** @param limit Infinity for all */
	constructor(
		private readonly limit: number,
		private readonly compare: Comparison<T>,
	) {}

	/** How many entries it has, up to `limit`. */
	get size(): number {
		return Math.min(this.kept.length, this.limit);
	}

	add(entry: T): void {
		this.kept.push(entry);
		if (this.kept.length >= this.limit + SLACK) this.kept = this.inOrder();
	}

	/** The first entries, in order. */
	inOrder(): T[] {
		return this.kept.sort(this.compare).slice(0, this.limit);
	}
}
