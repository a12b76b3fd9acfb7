/** Negative: `a` comes first. */
export type Comparison<T> = (a: T, b: T) => number;

/** What may wait to be sorted out besides the entries that are kept. */
const SLACK = 1000;

/** Keeps the first so many of any number of entries, without ever holding many more. */
export class FirstOf<T> {
	private kept: T[] = [];

	/** @param limit Infinity for all */
	constructor(
		private readonly limit: number,
		private readonly compare: Comparison<T>,
	) {}

	add(entry: T): void {
		this.kept.push(entry);
		if (this.kept.length >= this.limit + SLACK) this.kept = this.inOrder();
	}

	/** The first ones, in order. */
	inOrder(): T[] {
		return this.kept.sort(this.compare).slice(0, this.limit);
	}
}
