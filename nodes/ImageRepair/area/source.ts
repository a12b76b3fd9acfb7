import type { ObjectKey } from '../../../cos/location/objectKey';
import { readBitmap, type Bitmap } from '../../../cos/images/bitmap';
import { formatOfFileName } from '../../../cos/images/format';
import type { SettingHeaders } from '../../../cos/requests/uploadSettings';
import type { KnownImage } from '../../../cos/images/limits';
import { bitmapRequest, imageInfoRequest } from '../../../cos/requests/object';
import { parseImageInfo, type ImageInfo } from '../../../cos/responses/imageInfo';
import { InvalidParameter } from '../../shared/invalidParameter';
import { LABELS } from '../../shared/messages';
import { readBytes, readText } from '../../shared/response';
import type { BinaryImage } from '../binaryImage';
import { checkAnimated, checkLimits, knownOf } from '../imageCheck';
import type { Item } from '../item';
import type { ItemOptions } from '../parameters/options';
import { firstRelativeField, sizeNeed, type AreaChoice } from './area';

/** An image that is uploaded now. */
export interface UploadSource {
	kind: 'upload';
	key: ObjectKey;
	image: BinaryImage;
	/** Store As as entered, which may have placeholders. */
	entered: string;
	/** How it is stored. */
	settings: SettingHeaders;
	/** The key that Store As gave, when a number was added to it. */
	requestedKey?: ObjectKey;
	/** What was under the key, where it was looked for: nothing, or an object that must stay. */
	found?: 'nothing' | 'taken';
}

/** An image of the bucket, or one that is uploaded now. */
export type StoredSource = { kind: 'object'; key: ObjectKey } | UploadSource;

/** An image whose size may be needed. */
export type Source = StoredSource | { kind: 'public' };

/**
 * Asks the service about a stored image, or a stored mask.
 *
 * @throws CallFailed, ConnectionFailed, UnreadableResponse when it does not tell
 */
export async function askImageInfo({ transport }: Item, key: ObjectKey): Promise<ImageInfo> {
	return await transport.call({
		request: () => imageInfoRequest(key),
		read: async (response) => parseImageInfo(await readText(response)),
	});
}

/**
 * Has the service make a small copy of a stored image, or of a stored mask.
 *
 * @param side pixels of the square that it fits into
 * @param mayComeLater whether what is not there yet may come
 * @throws CallFailed, ConnectionFailed, UnreadableResponse when it does not
 */
export async function askBitmap(
	{ transport }: Item,
	key: ObjectKey,
	side: number,
	{ turn, mayComeLater }: { turn?: 'asStored' | 'upright'; mayComeLater?: boolean } = {},
): Promise<Bitmap> {
	// Four bytes a pixel, and the header.
	const mostBytes = side * side * 4 + 1024;
	return await transport.call({
		request: () => bitmapRequest(key, side, turn),
		read: async (response) => readBitmap(await readBytes(response, mostBytes)),
		mayComeLater,
	});
}

/** What the service says of an image, asked once in a run for an image that no item of it stores. */
async function infoOf(item: Item, key: ObjectKey): Promise<ImageInfo> {
	const { imageInfos, register } = item.repairs;
	const ask = async () => await askImageInfo(item, key);
	const isWritten = register.isWritten(`${item.account.location.bucket}/${key}`);
	return isWritten ? await ask() : await imageInfos.of(key, ask);
}

/** Formats of which animations are common. */
const MAY_MOVE = ['GIF', 'WebP'];

function mayMove(key: string): boolean {
	return MAY_MOVE.includes(formatOfFileName(key)?.name ?? '');
}

/** What a name says of an image that is not looked at. */
function byName(key: string): KnownImage {
	const formatName = formatOfFileName(key)?.name;
	return formatName === undefined ? {} : { formatName };
}

/**
 * Looks at the image as far as that is needed: one cheap call for a stored image, none otherwise.
 *
 * @returns what is known of it then, its size at least where that is required
 * @throws InvalidParameter when a required size cannot be known, and for an image that the service would
 * refuse, or an animation that is not allowed
 * @throws CallFailed, ConnectionFailed, UnreadableResponse when the service does not tell it
 */
export async function lookAtImage(
	areas: readonly AreaChoice[],
	source: Source,
	item: Item,
	{ checkAreaFirst, allowAnimated }: ItemOptions,
): Promise<KnownImage> {
	const need = sizeNeed(areas);
	switch (source.kind) {
		case 'public': {
			const field = firstRelativeField(areas);
			if (field === undefined) return {};
			throw new InvalidParameter(LABELS[field], 'publicImageSize', {});
		}
		case 'upload': {
			const { field, label, facts } = source.image;
			const known = knownOf(facts);
			checkAnimated(label, field, known, allowAnimated);
			if (known.size || need !== 'required') return known;
			throw new InvalidParameter(label, 'binaryUnmeasured', { field });
		}
		case 'object': {
			const { key } = source;
			const isAsked = need === 'required' || (need === 'useful' && checkAreaFirst);
			if (!isAsked && (allowAnimated || !mayMove(key))) return byName(key);
			const info = await infoOf(item, key);
			checkLimits(LABELS.objectKey, key, info);
			checkAnimated(LABELS.objectKey, key, info, allowAnimated);
			return { ...byName(key), ...info };
		}
	}
}
