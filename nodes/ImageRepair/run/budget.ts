import { RepairFailed } from '../../shared/errors';

/** A call that the budget has room for: what becomes of it has to be told. */
export interface Ticket {
	/** The call was billed, or may have been. */
	spend: () => void;
	/** The call was not billed: another may take its place. */
	giveBack: () => void;
	/** Takes one more, for a call that may have been billed and is made again; false when none is left. */
	another: () => boolean;
}

/**
 * Max Billed Calls: how many calls an execution may pay for, however many items run at a time. A call
 * takes its place before it is made. Who comes when all places are taken waits for calls under way: one
 * that is refused gives its place back.
 */
export class Budget {
	private reserved = 0;
	private readonly waiting: Array<() => void> = [];

	/**
	 * @param most 0 for any number
	 * @param spent by earlier tries and rounds of the same execution
	 */
	constructor(
		private readonly most: number,
		private spent: number,
		private readonly onSpend: (spent: number) => void,
	) {}

	/** Takes a place; undefined when all are spent. */
	async reserve(): Promise<Ticket | undefined> {
		while (!this.hasRoom()) {
			if (this.reserved === 0) return undefined;
			await new Promise<void>((resolve) => this.waiting.push(resolve));
		}
		this.reserved++;
		return this.ticket();
	}

	private hasRoom(): boolean {
		return this.most === 0 || this.spent + this.reserved < this.most;
	}

	private ticket(): Ticket {
		let open = true;
		const close = (spent: number) => {
			if (!open) return;
			open = false;
			this.reserved--;
			this.add(spent);
			for (const wake of this.waiting.splice(0)) wake();
		};
		return {
			spend: () => close(1),
			giveBack: () => close(0),
			another: () => {
				if (!this.hasRoom()) return false;
				this.add(1);
				return true;
			},
		};
	}

	private add(count: number): void {
		this.spent += count;
		if (count > 0) this.onSpend(this.spent);
	}
}

/**
 * Makes a paid call, and tells its ticket what is known of the cost.
 *
 * @throws whatever `call` throws
 */
export async function payWith<T>(ticket: Ticket, call: () => Promise<T>): Promise<T> {
	return await call().then(
		(value) => {
			ticket.spend();
			return value;
		},
		(error: unknown) => {
			if (error instanceof RepairFailed && error.facts.billed !== 'no') ticket.spend();
			throw error;
		},
	);
}
