import type { ListBucketResult, ListedObject } from '../../cos/responses/list';
import type { ImageFilter } from './imageFilter';
import { fill, NOTHING_FITS } from './messages';

/** Picks the images that a filter wants, and counts what it leaves out. */
export class LeftOut {
	private otherTypes = 0;
	private repaired = 0;
	private subfolders = 0;
	private done = 0;
	/** An empty folder that was made in the console is an object whose key is the folder. */
	private folderItself = false;

	/** @param isSought whether results are looked for, and left out as such */
	constructor(
		private readonly filter: ImageFilter,
		private readonly isSought = false,
	) {}

	/** The wanted images of a page. */
	wanted({ objects, folders }: ListBucketResult): ListedObject[] {
		this.subfolders += folders.length;
		return objects.filter((object) => {
			if (this.filter.isWanted(object)) return true;
			if (object.key.endsWith('/')) this.folderItself = true;
			else if (this.filter.isOtherType(object)) this.otherTypes++;
			else this.repaired++;
			return false;
		});
	}

	/** Counts a wanted image that has its results already. */
	addDone(): void {
		this.done++;
	}

	/** Whether there is nothing at all under the path, as when it is misspelled. */
	get isNowhere(): boolean {
		const { otherTypes, repaired, subfolders, done } = this;
		return !this.folderItself && otherTypes + repaired + subfolders + done === 0;
	}

	/**
	 * In sentences, why there is no image, once all pages were looked at.
	 *
	 * @param isSaid whether it was said already that no image there fits
	 */
	why(isSaid = false): string {
		const { prefix, hasTypes } = this.filter;
		if (this.done > 0) return fill(NOTHING_FITS.allDone, { count: this.done });
		const place = prefix || '/';
		if (this.isNowhere) {
			return prefix === '' ? NOTHING_FITS.bucketEmpty : fill(NOTHING_FITS.nothingThere, { place });
		}
		const counts: Array<[sentence: string, count: number]> = [
			[hasTypes ? NOTHING_FITS.otherTypes : NOTHING_FITS.otherFiles, this.otherTypes],
			[this.isSought ? NOTHING_FITS.results : NOTHING_FITS.repaired, this.repaired],
			[NOTHING_FITS.subfolders, this.subfolders],
		];
		const reasons = counts.filter(([, count]) => count > 0);
		if (reasons.length === 0) return fill(NOTHING_FITS.folderEmpty, { place });
		return [
			...(isSaid ? [] : [fill(NOTHING_FITS.noneFits, { place })]),
			...reasons.map(([sentence, count]) => fill(sentence, { count })),
		].join(' ');
	}
}
