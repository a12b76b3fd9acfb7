import { InvalidParameter } from '../../shared/invalidParameter';
import { isSameJob, type Job, type Place } from './job';

interface Entry<T> {
	readonly index: number;
	readonly job: Job;
	/** What came of it. */
	readonly result: Promise<T>;
	/** Fulfilled when it is over, whatever came of it. */
	readonly over: Promise<unknown>;
}

/** What came of a job, and the item that did it if it was another one. */
export interface Shared<T> {
	readonly value: T;
	readonly sameAs?: number;
}

/** Lets the items of a run pass one after the other, in their order. */
class Turns {
	/** Whose turn it is. */
	private next = 0;
	private readonly passed = new Set<number>();
	private readonly waiting = new Map<number, () => void>();

	/** Waits until all items before this one have passed. */
	async wait(index: number): Promise<void> {
		if (index <= this.next) return;
		await new Promise<void>((resolve) => this.waiting.set(index, resolve));
	}

	pass(index: number): void {
		if (index >= this.next) this.passed.add(index);
		while (this.passed.delete(this.next)) this.next++;
		this.waiting.get(this.next)?.();
		this.waiting.delete(this.next);
	}
}

/**
 * What the items of a run read and write, so that none of them undoes or repeats the work of another: the
 * same job is done once, another one under the same key is refused, and whoever reads what another writes
 * waits for it.
 */
export class Register<T> {
	private readonly entries = new Map<string, Array<Entry<T>>>();
	private readonly writers = new Map<Place, Entry<T>>();
	private readonly readers = new Map<Place, Array<Entry<T>>>();
	private readonly turns = new Turns();

	/** Waits until all items before this one have asked for their jobs. */
	async turn(index: number): Promise<void> {
		await this.turns.wait(index);
	}

	/** Whether an item of the run stores an object there. */
	isWritten(place: Place): boolean {
		return this.writers.has(place);
	}

	/** Told of each item when it is over, whether it has asked for a job or not. */
	leave(index: number): void {
		this.turns.pass(index);
	}

	/**
	 * Does a job, or waits for the item that does the same. Items come in their order, however long it took
	 * to read what they ask for: the first one is the one that pays, and the later one the one that is refused.
	 *
	 * @throws InvalidParameter that names the other item, when that one stores something else under the
	 * same key
	 * @throws whatever `work` throws, for each item that asked for the job
	 */
	async once(index: number, job: Job, work: () => Promise<T>): Promise<Shared<T>> {
		await this.turns.wait(index);
		const { entry, isNew } = await this.enter(index, job, work).finally(() => this.leave(index));
		const value = await entry.result;
		return isNew ? { value } : { value, sameAs: entry.index };
	}

	private async enter(
		index: number,
		job: Job,
		work: () => Promise<T>,
	): Promise<{ entry: Entry<T>; isNew: boolean }> {
		const compared = new Set<Entry<T>>();
		const next = () => this.entries.get(job.whole)?.find((entry) => !compared.has(entry));
		for (let entry = next(); entry; entry = next()) {
			if (await isSameJob(entry.job, job)) return { entry, isNew: false };
			compared.add(entry);
		}
		this.refuseClash(job);
		const before = this.inTheWay(job);
		const result = Promise.all(before.map(async ({ over }) => await over)).then(work);
		const entry = { index, job, result, over: result.catch(() => undefined) };
		this.add(entry);
		return { entry, isNew: true };
	}

	private refuseClash(job: Job): void {
		for (const [place, label] of job.writes) {
			const writer = this.writers.get(place);
			if (!writer) continue;
			const key = place.slice(place.indexOf('/') + 1);
			throw new InvalidParameter(label, 'keyOfOtherItem', { key, other: writer.index });
		}
	}

	private inTheWay({ reads, writes }: Job): Array<Entry<T>> {
		const writers = reads.flatMap((place) => this.writers.get(place) ?? []);
		const readers = [...writes.keys()].flatMap((place) => this.readers.get(place) ?? []);
		return [...writers, ...readers];
	}

	private add(entry: Entry<T>): void {
		const { whole, reads, writes } = entry.job;
		this.entries.set(whole, [...(this.entries.get(whole) ?? []), entry]);
		for (const place of writes.keys()) this.writers.set(place, entry);
		for (const place of reads) {
			this.readers.set(place, [...(this.readers.get(place) ?? []), entry]);
		}
	}
}
