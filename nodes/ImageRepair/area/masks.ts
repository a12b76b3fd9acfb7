import { randomUUID } from 'crypto';

import { requestUrl } from '../../../cos/location/endpoint';
import { imageUrl, type ImageUrl } from '../../../cos/location/imageUrl';
import { objectKey, type ObjectKey } from '../../../cos/location/objectKey';
import type { RepairArea } from '../../../cos/requests/imageRepair';
import { deleteRequest, putRequest } from '../../../cos/requests/object';
import { header } from '../../../cos/responses/headers';
import { presign } from '../../../cos/signing/authorize';
import { present } from '../../../cos/values';
import { RepairFailed } from '../../shared/errors';
import { readText } from '../../shared/response';
import type { BinaryImage } from '../binaryImage';
import type { Item } from '../item';
import type { ItemOptions } from '../parameters/options';
import type { Mask, PlacedArea } from './area';

/** How long the service can fetch what it is given an address of: enough for a call that takes its time, and no longer. */
export const FETCH_VALIDITY_SECONDS = 15 * 60;

/** The masks of one item: their addresses for the service, and the temporary objects behind them. */
class Masks {
	private readonly keys = new Map<BinaryImage, ObjectKey>();
	/** Temporary objects to delete, of earlier tries too, and their versions in a bucket that keeps them. */
	private readonly stored = new Map<ObjectKey, string | undefined>();
	/** Temporary objects that may appear after they were deleted: an upload of them was lost. */
	private readonly lost = new Set<ObjectKey>();

	constructor(
		private readonly item: Item,
		private readonly options: ItemOptions,
	) {
		for (const { key, version } of item.repairs.memory.masksOf(item.index)) {
			this.stored.set(objectKey(key), version);
		}
	}

	/**
	 * Stores masks that come from binary fields as temporary objects of the bucket.
	 *
	 * @throws CallFailed, ConnectionFailed when a file cannot be stored
	 */
	async store(areas: readonly PlacedArea[]): Promise<void> {
		for (const { mask } of areas) {
			if (mask?.kind !== 'binary' || this.keys.has(mask.file)) continue;
			const key = this.temporaryKey();
			this.keys.set(mask.file, key);
			if (!this.options.dryRun) await this.upload(key, mask.file);
		}
	}

	/**
	 * Stores a file as a temporary object of the bucket, in Dry Run too: for a detector, which looks at what is
	 * stored.
	 *
	 * @throws CallFailed, ConnectionFailed when it cannot be stored
	 */
	async lay(file: BinaryImage): Promise<ObjectKey> {
		const key = this.temporaryKey();
		await this.upload(key, file);
		return key;
	}

	/** Where the mask is in the bucket; undefined for one that is elsewhere, or not stored. */
	keyOf(mask: Mask): ObjectKey | undefined {
		if (mask.kind === 'object') return mask.key;
		const isStored = mask.kind === 'binary' && !this.options.dryRun;
		return isStored ? this.keys.get(mask.file) : undefined;
	}

	/** The area with an address of its mask that the service can fetch from now on. */
	area({ polygons, mask }: PlacedArea): RepairArea {
		return { ...(polygons && { polygons }), ...(mask && { maskUrl: this.addressOf(mask) }) };
	}

	private addressOf(mask: Mask): ImageUrl {
		switch (mask.kind) {
			case 'url':
				return mask.url;
			case 'object':
				return this.presigned(mask.key);
			case 'binary':
				return this.presigned(this.keys.get(mask.file) ?? this.temporaryKey());
		}
	}

	private presigned(key: ObjectKey): ImageUrl {
		const { account, transport } = this.item;
		// Enough to compose a call that is not made.
		if (this.options.dryRun) return imageUrl(requestUrl(account.location, key), 'maskUrl');
		return presign(account, key, transport.now(), FETCH_VALIDITY_SECONDS);
	}

	private temporaryKey(): ObjectKey {
		return objectKey(this.options.temporaryMaskPrefix + randomUUID());
	}

	private async upload(key: ObjectKey, file: BinaryImage): Promise<void> {
		await this.item.transport.call({
			request: () => putRequest(key, { contentType: file.contentType, contentLength: file.size }),
			body: async () => {
				const bytes = await file.open();
				// Noted before it is sent: an upload may take effect although its response is lost.
				if (!this.stored.has(key)) this.stored.set(key, undefined);
				return bytes;
			},
			read: async (response) => {
				await readText(response);
				this.stored.set(key, header(response.headers, 'x-cos-version-id'));
			},
			onLost: () => this.lost.add(key),
			// Broken off, it could still be stored after it was deleted.
			whenCancelled: 'finish',
		});
	}

	/** Deletes the temporary objects; gives the keys of those that may still be there. */
	async remove(): Promise<string[]> {
		for (const [key, version] of this.stored) {
			try {
				await this.item.transport.call({
					request: () => deleteRequest(key, version),
					read: async (response) => await readText(response),
					whenCancelled: 'goOn',
				});
			} catch {
				this.lost.add(key);
			}
		}
		const left = [...this.lost];
		if (this.stored.size > 0) {
			const masks = left.map((key) => present({ key, version: this.stored.get(key) }));
			this.item.repairs.memory.keepMasks(this.item.index, masks);
		}
		return left;
	}
}

/**
 * Does some work with masks, and deletes what was stored for them in this and in earlier tries, whatever
 * comes of the work.
 *
 * @throws RepairFailed that names what could not be deleted
 * @throws whatever `work` throws
 */
export async function withMasks<T extends object>(
	item: Item,
	options: ItemOptions,
	work: (masks: Masks) => Promise<T>,
): Promise<T & { temporaryMasks?: readonly string[] }> {
	const masks = new Masks(item, options);
	const done = await work(masks).then(
		(value) => ({ value }),
		(error: unknown) => ({ error }),
	);
	const temporaryMasks = await masks.remove();
	if ('value' in done) {
		return temporaryMasks.length > 0 ? { ...done.value, temporaryMasks } : done.value;
	}
	if (temporaryMasks.length === 0) throw done.error;
	const failed =
		done.error instanceof RepairFailed
			? done.error
			: new RepairFailed(done.error, { billed: 'no' });
	throw failed.with({ temporaryMasks });
}

export type { Masks };
