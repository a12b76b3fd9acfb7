import type { ImageSize } from '../areas/points';
import { isRecord } from '../values';
import { UnreadableResponse } from './xml';

/**
 * The size in a response to `?imageInfo`, whose values are all text.
 *
 * @throws UnreadableResponse unless the text is JSON with a width and a height
 */
export function parseImageInfo(json: string): ImageSize {
	let info: unknown;
	try {
		info = JSON.parse(json);
	} catch {
		throw new UnreadableResponse('JSON');
	}
	const side = (name: string): number => {
		const value: unknown = isRecord(info) && Object.hasOwn(info, name) ? info[name] : undefined;
		// Only text and numbers: other values may not even convert to a number.
		const length = typeof value === 'string' || typeof value === 'number' ? Number(value) : NaN;
		if (!Number.isFinite(length) || length <= 0) throw new UnreadableResponse(name);
		return length;
	};
	return { width: side('width'), height: side('height') };
}
