import type { IBinaryData } from 'n8n-workflow';

import type { ImageSize } from '../../../cos/areas/points';
import { readBitmap } from '../../../cos/images/bitmap';
import { formatOfMimeType } from '../../../cos/images/format';
import { present } from '../../../cos/values';
import { shrink } from '../../../cos/verification/shrink';
import { verify } from '../../../cos/verification/verdict';
import { VERIFICATION } from '../../shared/messages';
import type { LocatedArea } from '../area/locate';
import type { Masks } from '../area/masks';
import { askImageInfo } from '../area/source';
import type { Item } from '../item';
import type { RemoteImage } from '../parameters/source';
import type { ReceivedImage, ShownVerification } from '../run/outcome';
import { copyOf, countVerified, markedBy, notCompared, wordsOf } from './verifyResults';

/** The format whose pixels stand in the file as they are. */
const READABLE = 'BMP';

async function readBinary({ functions }: Item, { id, data }: IBinaryData): Promise<Buffer> {
	if (id === undefined) return Buffer.from(data, 'base64');
	return await functions.helpers.binaryToBuffer(await functions.helpers.getBinaryStream(id));
}

async function compare(
	item: Item,
	image: RemoteImage,
	{ binary, contentType }: ReceivedImage,
	{ area, size, masks }: { area: LocatedArea; size: ImageSize | undefined; masks: Masks },
): Promise<ShownVerification> {
	if (image.kind !== 'object') return { verdict: 'notVerified', why: VERIFICATION.publicImage };
	if (formatOfMimeType(contentType)?.name !== READABLE) {
		return { verdict: 'notVerified', why: VERIFICATION.format };
	}
	const whole = readBitmap(await readBinary(item, binary));
	// Both as they are stored.
	const copy = await copyOf(item, image.key, 'asStored');
	const stored = size ?? (await askImageInfo(item, image.key)).size;
	const original = { copy, stored, size: stored, orientation: 1 };
	const marked = await markedBy(item, area, masks, original);
	const result = {
		size: { width: whole.width, height: whole.height },
		copy: shrink(whole, copy),
	};
	const found = verify(original, result, marked);
	return present({ ...found, why: wordsOf(found) });
}

/** Compares a downloaded image with its original, where its own pixels can be read. Nothing is thrown. */
export async function verifyDownload(
	item: Item,
	image: RemoteImage,
	received: ReceivedImage,
	about: { area: LocatedArea; size: ImageSize | undefined; masks: Masks },
): Promise<ShownVerification> {
	const verification = await compare(item, image, received, about).catch(notCompared);
	countVerified(item, verification);
	return verification;
}
