import { createHash } from 'crypto';

import type { ForResult } from '../../../cos/location/resultKey';
import { LABELS } from '../../shared/messages';
import type { AreaChoice } from '../area/area';
import type { BinaryImage } from '../binaryImage';

/** An object of a bucket, by its place: `<bucket>/<key>`. */
export type Place = string;

/** What an item asks for, in a form that tells whether two items ask for the same. */
export interface Job {
	/** What is repaired and where the logo is, as text; files are left out. */
	readonly asked: string;
	/** The same, and where the results go. */
	readonly whole: string;
	/** The files it is about: the image to upload, and masks. */
	readonly files: readonly BinaryImage[];
	/** Objects that the repair reads. */
	readonly reads: readonly Place[];
	/** Objects that it stores, and the label of the parameter that names each. */
	readonly writes: ReadonlyMap<Place, string>;
}

/** What is repaired: an object of the bucket, a public image, or a file that is stored under a key. */
export type JobSource =
	| { readonly kind: 'object'; readonly key: string }
	| { readonly kind: 'public'; readonly url: string }
	| { readonly kind: 'upload'; readonly key: string; readonly image: BinaryImage };

/** A result with its area; none of a download. */
export interface JobResult extends Partial<ForResult> {
	readonly area: AreaChoice;
}

function filesOf(source: JobSource, results: readonly JobResult[]): BinaryImage[] {
	const masks = results.flatMap(({ area }) => ('mask' in area && area.mask ? [area.mask] : []));
	return [
		...(source.kind === 'upload' ? [source.image] : []),
		...masks.flatMap((mask) => (mask.kind === 'binary' ? [mask.file] : [])),
	];
}

/** An area without the file of its mask. */
function areaText(area: AreaChoice): unknown {
	if (!('mask' in area) || area.mask?.kind !== 'binary') return area;
	return { ...area, mask: 'file' };
}

/**
 * @param bucket of the credential
 * @param results one without a target for a download
 */
export function jobOf(bucket: string, source: JobSource, results: readonly JobResult[]): Job {
	const own = source.kind === 'public' ? undefined : `${bucket}/${source.key}`;
	const targets = results.flatMap(({ target }) =>
		target ? [`${target.bucket ?? bucket}/${target.key}`] : [],
	);
	const asked = JSON.stringify([
		source.kind,
		own ?? (source.kind === 'public' && source.url),
		results.map(({ area }) => areaText(area)),
	]);
	const isUpload = source.kind === 'upload';
	return {
		asked,
		whole: `${asked}${JSON.stringify(targets)}`,
		files: filesOf(source, results),
		reads: own === undefined || isUpload ? [] : [own],
		writes: new Map([
			...(isUpload && own !== undefined ? [[own, LABELS.objectKey] as const] : []),
			...targets.map((target) => [target, LABELS.resultKey] as const),
		]),
	};
}

async function isSameFile(one: BinaryImage, other: BinaryImage): Promise<boolean> {
	if (one.identity === other.identity) return true;
	return one.size === other.size && (await one.md5()) === (await other.md5());
}

/** Whether two items ask for the same, by the bytes of their files. */
export async function isSameJob(one: Job, other: Job): Promise<boolean> {
	if (one.whole !== other.whole || one.files.length !== other.files.length) return false;
	for (const [index, file] of one.files.entries()) {
		const counterpart = other.files[index];
		if (!counterpart || !(await isSameFile(file, counterpart))) return false;
	}
	return true;
}

function digest(text: string, files: readonly BinaryImage[]): string {
	const identities = files.map(({ identity }) => identity);
	return createHash('sha256')
		.update(JSON.stringify([text, identities]))
		.digest('base64url');
}

/** Short names for a job, the same whenever it is run; a file is taken by n8n's name for it. */
export function digestsOf({ asked, whole, files }: Job): { asked: string; whole: string } {
	return { asked: digest(asked, files), whole: digest(whole, files) };
}
