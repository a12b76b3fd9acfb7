import { formatOfFileName } from '../images/format';
import type { KnownImage } from '../images/limits';
import { isRecord, unlessThrown } from '../values';
import { UnreadableResponse } from './xml';

/** What the service says of a stored image. */
export type ImageInfo = KnownImage & Required<Pick<KnownImage, 'size'>>;

/**
 * Reads a response to `?imageInfo`, whose values are all text.
 *
 * @throws UnreadableResponse unless the text is JSON with a width and a height
 */
export function parseImageInfo(json: string): ImageInfo {
	const info = unlessThrown((): unknown => JSON.parse(json));
	if (info === undefined) throw new UnreadableResponse('JSON');
	const valueOf = (name: string): unknown =>
		isRecord(info) && Object.hasOwn(info, name) ? info[name] : undefined;
	const countOf = (name: string): number | undefined => {
		const value = valueOf(name);
		// Only text and numbers: other values may not even convert to a number.
		const count = typeof value === 'string' || typeof value === 'number' ? Number(value) : NaN;
		return Number.isFinite(count) && count > 0 ? count : undefined;
	};
	const side = (name: string): number => {
		const length = countOf(name);
		if (length === undefined) throw new UnreadableResponse(name);
		return length;
	};
	const size = { width: side('width'), height: side('height') };
	const [format, frames, bytes] = [valueOf('format'), countOf('frame_count'), countOf('size')];
	const formatName = typeof format === 'string' ? formatOfFileName(`.${format}`)?.name : undefined;
	return {
		size,
		...(formatName !== undefined && { formatName }),
		...(frames !== undefined && { frames }),
		...(bytes !== undefined && { bytes }),
	};
}
