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

/**
 * What the items of a run read and write, so that none of them undoes or repeats the work of another: the
 * same job is done once, another one under the same key is refused, and whoever reads what another writes
 * waits for it.
 */
export class Register<T> {
	private readonly entries = new Map<string, Array<Entry<T>>>();
	private readonly writers = new Map<Place, Entry<T>>();
	private readonly readers = new Map<Place, Array<Entry<T>>>();

	/**
	 * Does a job, or waits for the item that does the same.
	 *
	 * @throws InvalidParameter that names the other item, when that one stores something else under the
	 * same key
	 * @throws whatever `work` throws, for each item that asked for the job
	 */
	async once(index: number, job: Job, work: () => Promise<T>): Promise<Shared<T>> {
		const compared = new Set<Entry<T>>();
		const next = () => this.entries.get(job.whole)?.find((entry) => !compared.has(entry));
		for (let entry = next(); entry; entry = next()) {
			if (await isSameJob(entry.job, job)) {
				return { value: await entry.result, sameAs: entry.index };
			}
			compared.add(entry);
		}
		// Nothing is awaited from here to the new entry, so that no other item comes in between.
		this.refuseClash(job);
		const before = this.inTheWay(job);
		const result = Promise.all(before.map(async ({ over }) => await over)).then(work);
		this.add({ index, job, result, over: result.catch(() => undefined) });
		return { value: await result };
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
