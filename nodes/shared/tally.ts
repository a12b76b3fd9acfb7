import type { NodeExecutionHint } from 'n8n-workflow';

import { fill, NOTHING_FITS } from './messages';

/** Why an item has brought no image. */
interface WithoutImage {
	item: number;
	why: string;
	/** Whether it seems to be a mistake. */
	isOdd: boolean;
}

/** Items named one by one; there may be thousands. */
const MOST_NAMED = 5;

/** Counts what a run did. */
export class Tally {
	repaired = 0;
	/** Items whose results existed already. */
	skipped = 0;
	/** Items beyond Max Billed Calls. */
	overCap = 0;
	/** Only checked: Dry Run was on. */
	checked = 0;
	/** Nothing was found in them, and no repair was made. */
	nothingFound = 0;
	/** Only looked at: texts and logos were looked for. */
	detected = 0;
	/** Lists of images, which cost nothing. */
	listed = 0;
	failed = 0;
	/** Attempts after the first. */
	retried = 0;
	/** Items with an area of more than half of their image. */
	largeAreas = 0;
	/** Calls that Dry Run left out. */
	wouldBill = 0;
	/** Calls that the service bills. */
	billed = 0;
	/** Calls whose response was lost: they may have been billed. */
	perhapsBilled = 0;
	/** Calls that looked for text or logos, which the service bills at a price of their own. */
	detections = 0;
	/** Such calls whose response was lost. */
	perhapsDetected = 0;

	/** Results that were compared with their originals. */
	verified = 0;
	/** Results that could not be. */
	notVerified = 0;
	/** Results that are not as they should be. */
	odd = 0;
	/** Small copies of images that were compared, which the service bills as basic image processing. */
	copies = 0;

	/** Lists that are empty. */
	readonly withoutImage: WithoutImage[] = [];

	/** Lines for the output panel; none when one item simply succeeded. */
	hints(items: number): NodeExecutionHint[] {
		return [...this.emptyLists(items), ...this.counts()];
	}

	private emptyLists(items: number): NodeExecutionHint[] {
		const all = [...this.withoutImage].sort((a, b) => a.item - b.item);
		const lines = all
			.slice(0, MOST_NAMED)
			.map(({ item, why }) => (items > 1 ? fill(NOTHING_FITS.ofItem, { item, why }) : why));
		const count = all.length - lines.length;
		if (count > 0) lines.push(fill(NOTHING_FITS.further, { count }));
		if (lines.length === 0) return [];
		const type = all.some(({ isOdd }) => isOdd) ? 'warning' : 'info';
		return [{ message: lines.join(' '), type, location: 'outputPane' }];
	}

	private counts(): NodeExecutionHint[] {
		const noteworthy =
			this.skipped +
			this.nothingFound +
			this.detections +
			this.perhapsDetected +
			this.overCap +
			this.checked +
			this.failed +
			this.retried +
			this.perhapsBilled +
			this.verified +
			this.notVerified +
			this.largeAreas;
		if (this.repaired <= 1 && noteworthy === 0 && this.billed === this.repaired) return [];
		const message = this.line();
		const type = this.failed + this.overCap + this.largeAreas + this.odd > 0 ? 'warning' : 'info';
		return [{ message, type, location: 'outputPane' }];
	}

	/** What the run did, in one line. */
	line(): string {
		const { repaired, checked, skipped, overCap, listed, failed, retried } = this;
		const { wouldBill, billed, perhapsBilled, largeAreas } = this;
		const { nothingFound, detected, detections, perhapsDetected } = this;
		const { verified, notVerified, odd, copies } = this;
		const isDry = checked > 0 && billed + perhapsBilled === 0;
		const parts: Array<[count: number, what: string]> = [
			[repaired, 'repaired'],
			[checked, isDry ? 'checked' : 'checked only (Dry Run)'],
			[skipped, 'skipped'],
			[overCap, 'left out by Max Billed Calls'],
			[nothingFound, 'left as they are: nothing found'],
			[detected, 'looked at'],
			[listed, listed === 1 ? 'list' : 'lists'],
			[failed, 'failed'],
			[retried, retried === 1 ? 'retry' : 'retries'],
			[wouldBill, wouldBill === 1 ? 'call would be billed' : 'calls would be billed'],
			[billed, billed === 1 ? 'billed call' : 'billed calls'],
			[perhapsBilled, 'more may have been billed'],
			[detections, detections === 1 ? 'detection' : 'detections'],
			[perhapsDetected, 'more detections may have been billed'],
			[verified, 'verified'],
			[odd, odd === 1 ? 'result is not as it should be' : 'results are not as they should be'],
			[notVerified, 'not verified'],
			[copies, copies === 1 ? 'small copy made for it' : 'small copies made for it'],
			[
				largeAreas,
				largeAreas === 1
					? 'image mostly covered by its area: check it'
					: 'images mostly covered by their areas: check them',
			],
		];
		const told = parts
			.filter(([count, what]) => count > 0 || (perhapsBilled > 0 && what === 'billed calls'))
			.map(([count, what]) => `${count} ${what}`);
		if (billed + perhapsBilled === 0 && listed === 0) told.push('no repair billed');
		return `${isDry ? 'Dry run: ' : ''}${told.join(', ')}`;
	}
}
