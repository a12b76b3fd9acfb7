import { Answers } from './answers';
import { isSameJob, type Job } from './job';

interface Claim {
	/** As it would be without a number in its key. */
	readonly job: Job;
	readonly key: string;
}

/** The keys that the uploads of a run were given where each is to have one of its own. */
export class Claims<T> {
	private readonly claims = new Map<string, Claim[]>();
	/** What is under the keys. */
	readonly objects = new Answers<T>();

	/** The key of an item that has asked for the same. */
	async keyFor(job: Job): Promise<string | undefined> {
		for (const claim of this.claims.get(job.whole) ?? []) {
			if (await isSameJob(claim.job, job)) return claim.key;
		}
		return undefined;
	}

	add(job: Job, key: string): void {
		this.claims.set(job.whole, [...(this.claims.get(job.whole) ?? []), { job, key }]);
	}
}
