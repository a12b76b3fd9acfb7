import type { NodeExecutionHint } from 'n8n-workflow';

/** Counts what a run did. */
export class Tally {
	repaired = 0;
	/** Items whose results existed already. */
	skipped = 0;
	/** Items beyond Max Billed Calls. */
	overCap = 0;
	/** Only checked: Dry Run was on. */
	checked = 0;
	/** Lists of images, which cost nothing. */
	listed = 0;
	failed = 0;
	/** Attempts after the first. */
	retried = 0;
	/** Calls that Dry Run left out. */
	wouldBill = 0;
	/** Calls that the service bills. */
	billed = 0;
	/** Calls whose response was lost: they may have been billed. */
	perhapsBilled = 0;

	/** One line for the output panel; nothing when one item simply succeeded. */
	hints(): NodeExecutionHint[] {
		const noteworthy =
			this.skipped + this.overCap + this.checked + this.failed + this.retried + this.perhapsBilled;
		if (this.repaired <= 1 && noteworthy === 0 && this.billed === this.repaired) return [];
		const message = this.line();
		const type = this.failed + this.overCap > 0 ? 'warning' : 'info';
		return [{ message, type, location: 'outputPane' }];
	}

	/** What the run did, in one line. */
	line(): string {
		const parts: Array<[count: number, what: string]> = [
			[this.repaired, 'repaired'],
			[this.checked, 'checked only'],
			[this.skipped, 'skipped'],
			[this.overCap, 'left out by Max Billed Calls'],
			[this.listed, this.listed === 1 ? 'list' : 'lists'],
			[this.failed, 'failed'],
			[this.retried, this.retried === 1 ? 'retry' : 'retries'],
			[this.wouldBill, this.wouldBill === 1 ? 'call would be billed' : 'calls would be billed'],
			[this.billed, this.billed === 1 ? 'billed call' : 'billed calls'],
			[this.perhapsBilled, 'more may have been billed'],
		];
		return parts
			.filter(([count, what]) => count > 0 || (what.startsWith('billed') && this.listed === 0))
			.map(([count, what]) => `${count} ${what}`)
			.join(', ');
	}
}
