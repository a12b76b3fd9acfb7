import type { ForResult } from '../../../cos/location/resultKey';
import { LABELS } from '../../shared/messages';
import type { AreaChoice } from '../area/area';
import type { BinaryImage } from '../binaryImage';
import type { Job } from './job';

/** What is repaired: an object of the bucket, a public image, or a file that is stored under a key. */
export type JobSource =
	| { readonly kind: 'object'; readonly key: string }
	| { readonly kind: 'public'; readonly url: string }
	| {
			readonly kind: 'upload';
			readonly key: string;
			readonly image: BinaryImage;
			readonly settings?: Readonly<Record<string, string>>;
	  };

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

/** An area without the file of its mask, and without what a detector says of its shapes. */
function areaText(area: AreaChoice): unknown {
	const isFile = 'mask' in area && area.mask?.kind === 'binary';
	return {
		...area,
		...(isFile && { mask: 'file' }),
		...(area.kind === 'polygons' && {
			shapes: area.shapes.map(({ corners, unit, named }) => [corners, unit, named]),
		}),
	};
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
	const settings = isUpload ? Object.entries(source.settings ?? {}) : [];
	return {
		asked,
		// A setting that holds the time does not make another repair of an item in its next try.
		whole: `${asked}${JSON.stringify(targets)}${settings.length > 0 ? JSON.stringify(settings) : ''}`,
		files: filesOf(source, results),
		reads: own === undefined || isUpload ? [] : [own],
		writes: new Map([
			...(isUpload && own !== undefined ? [[own, LABELS.storeAs] as const] : []),
			...targets.map((target) => [target, LABELS.resultKey] as const),
		]),
	};
}
