import { randomUUID } from 'crypto';

import { requestUrl } from '../../../cos/location/endpoint';
import { imageUrl, type ImageUrl } from '../../../cos/location/imageUrl';
import { objectKey, type ObjectKey } from '../../../cos/location/objectKey';
import type { RepairArea } from '../../../cos/requests/imageRepair';
import { deleteRequest, putRequest } from '../../../cos/requests/object';
import { presign } from '../../../cos/signing/authorize';
import { readText } from '../../shared/response';
import type { BinaryImage } from '../binaryImage';
import type { Item } from '../item';
import type { ItemOptions } from '../parameters/options';
import type { Mask, PlacedArea } from './area';

/** Long enough for a call that waits its turn and takes its time, and no longer. */
const MASK_VALIDITY_SECONDS = 15 * 60;

/** The masks of one item: their addresses for the service, and the temporary objects behind them. */
export class Masks {
	private readonly temporaryKeys: ObjectKey[] = [];

	constructor(
		private readonly item: Item,
		private readonly options: ItemOptions,
	) {}

	/**
	 * Gives each mask an address that the service can fetch: as given, presigned for an object of the
	 * bucket, or presigned for a temporary object that a binary field is stored under.
	 *
	 * @throws CallFailed, ConnectionFailed when a file cannot be stored
	 */
	async address({ polygons, mask }: PlacedArea): Promise<RepairArea> {
		return {
			...(polygons && { polygons }),
			...(mask && { maskUrl: await this.addressOf(mask) }),
		};
	}

	private async addressOf(mask: Mask): Promise<ImageUrl> {
		switch (mask.kind) {
			case 'url':
				return mask.url;
			case 'object':
				return this.presigned(mask.key);
			case 'binary':
				return this.presigned(await this.store(mask.file));
		}
	}

	private presigned(key: ObjectKey): ImageUrl {
		const { account, transport } = this.item;
		// Enough to compose a call that is not made.
		if (this.options.dryRun) return imageUrl(requestUrl(account.location, key), 'maskUrl');
		return presign(account, key, transport.now(), MASK_VALIDITY_SECONDS);
	}

	private async store(file: BinaryImage): Promise<ObjectKey> {
		const key = objectKey(this.options.temporaryMaskPrefix + randomUUID());
		if (this.options.dryRun) return key;
		// Noted before it is sent: an upload may take effect although its response is lost.
		this.temporaryKeys.push(key);
		await this.item.transport.call({
			request: putRequest(key, { contentType: file.contentType, contentLength: file.size }),
			body: file.open,
			read: async (response) => await readText(response),
		});
		return key;
	}

	/** Deletes the temporary objects; what cannot be deleted is logged, never thrown. */
	async remove(): Promise<void> {
		for (const key of this.temporaryKeys) {
			try {
				await this.item.transport.call({
					request: deleteRequest(key),
					read: async (response) => await readText(response),
					evenWhenCancelled: true,
				});
			} catch {
				this.item.functions.logger.warn(
					`Image Repair could not delete the temporary mask ${key}. Delete it by hand.`,
				);
			}
		}
	}
}
