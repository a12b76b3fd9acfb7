import { maskFault, type MaskFault } from '../../../cos/areas/maskPixels';
import type { ImageSize } from '../../../cos/areas/points';
import type { ObjectKey } from '../../../cos/location/objectKey';
import type { FailureClass } from '../../../cos/responses/codes';
import { CallFailed } from '../../shared/errors';
import { InvalidParameter } from '../../shared/invalidParameter';
import { LABELS } from '../../shared/messages';
import type { Item } from '../item';
import type { Mask, PlacedArea } from './area';
import type { Masks } from './masks';
import { askBitmap, askImageInfo } from './source';

/** Pixels: enough to see what a mask marks, and little to transfer. */
const COPY_SIDE = 256;

/** A mask whose pixels can be looked at. */
type OwnMask = Exclude<Mask, { kind: 'url' }>;

/** How a message names a mask. */
function nameOf(mask: OwnMask): [label: string, name: string] {
	if (mask.kind === 'binary') return [mask.file.label, mask.file.field];
	return [LABELS.maskObjectKey, mask.key];
}

function checkSize(mask: OwnMask, size: ImageSize | undefined, image: ImageSize | undefined): void {
	if (!size || !image || (size.width === image.width && size.height === image.height)) return;
	const [label, name] = nameOf(mask);
	throw new InvalidParameter(label, 'maskSize', {
		mask: name,
		...size,
		imageWidth: image.width,
		imageHeight: image.height,
	});
}

function checkPixels(mask: OwnMask, found: MaskFault | undefined): void {
	if (!found) return;
	const [label, name] = nameOf(mask);
	switch (found.fault) {
		case 'empty':
			throw new InvalidParameter(label, 'maskEmpty', { mask: name });
		case 'full':
			throw new InvalidParameter(label, 'maskFull', { mask: name });
		case 'alpha':
			throw new InvalidParameter(label, 'maskAlpha', { mask: name });
		case 'inverted':
			throw new InvalidParameter(label, 'maskInverted', { mask: name, percent: found.percent });
	}
}

/** Refusals that are about a mask itself, as messages that name it. */
const ABOUT_MASK: Readonly<Partial<Record<FailureClass, 'maskMissing' | 'maskUnreadable'>>> = {
	noImage: 'maskMissing',
	unsupportedFormat: 'maskUnreadable',
	faultyImage: 'maskUnreadable',
	tooLarge: 'maskUnreadable',
	tooManyPixels: 'maskUnreadable',
};

/** Asks about a mask. A refusal without its name would be taken for one of the image to repair. */
async function asked<T>(mask: OwnMask, answer: Promise<T>): Promise<T> {
	return await answer.catch((error: unknown) => {
		const reason = error instanceof CallFailed ? ABOUT_MASK[error.failure.class] : undefined;
		if (reason === undefined) throw error;
		const [label, name] = nameOf(mask);
		throw new InvalidParameter(label, reason, { mask: name });
	});
}

async function askFault(item: Item, key: ObjectKey): Promise<MaskFault | undefined> {
	return maskFault(await askBitmap(item, key, COPY_SIDE));
}

/**
 * Holds masks from binary fields against the image, as far as that takes no request.
 *
 * @param image undefined where its size is not known
 * @throws InvalidParameter for a mask of another size
 */
export function checkFileMasks(areas: readonly PlacedArea[], image: ImageSize | undefined): void {
	for (const { mask } of areas) {
		if (mask?.kind === 'binary') checkSize(mask, mask.file.facts.size, image);
	}
}

/**
 * Looks at the masks in the bucket before a call is paid for: whether each has the size of the image and
 * marks a part of it. Each is asked about once in a run, as most workflows have one for all images. One
 * that is given by URL is the user's own affair.
 *
 * @param image undefined where its size is not known
 * @throws InvalidParameter for a mask that cannot be meant as it is
 * @throws CallFailed, ConnectionFailed, UnreadableResponse when a mask cannot be looked at
 */
export async function checkMasks(
	item: Item,
	areas: readonly PlacedArea[],
	image: ImageSize | undefined,
	masks: Masks,
): Promise<void> {
	const { maskSizes, maskFaults } = item.repairs;
	for (const { mask } of areas) {
		if (!mask || mask.kind === 'url') continue;
		const key = masks.keyOf(mask);
		const name = mask.kind === 'binary' ? mask.file.identity : mask.key;
		if (mask.kind === 'object' && image) {
			const size = maskSizes.of(name, async () => (await askImageInfo(item, mask.key)).size);
			checkSize(mask, await asked(mask, size), image);
		}
		if (!key) continue;
		const fault = maskFaults.of(name, async () => await askFault(item, key));
		checkPixels(mask, await asked(mask, fault));
	}
}
