import type { ImageFormat } from '../../../cos/images/format';

/**
 * What the output says when a result has another format than its source, as a HEIC photo that comes back as
 * a JPG: keys and names that are made from the source then lie.
 *
 * @returns undefined when it has the same, or when one of them is not known
 */
export function formatChange(
	from: ImageFormat | undefined,
	to: ImageFormat | undefined,
): { from: string; to: string } | undefined {
	if (!from || !to || from.name === to.name) return undefined;
	return { from: from.name, to: to.name };
}
