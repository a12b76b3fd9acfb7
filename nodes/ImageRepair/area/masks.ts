import { randomUUID } from 'crypto';

import { presign } from '../../../cos/signing/authorize';
import { requestUrl } from '../../../cos/location/endpoint';
import type { MaskSource } from './area';
import { readBinaryImage } from '../binaryImage';
import { isDryRun, option, type Item } from '../item';
import { readText } from '../../shared/transport';

/** Long enough for a call that waits its turn and takes its time, and no longer. */
const MASK_VALIDITY_SECONDS = 15 * 60;
const DEFAULT_PREFIX = 'image-repair-masks/';

/** The masks of one item: addresses for the service, and what to tidy up afterwards. */
export class Masks {
	private readonly temporaryKeys: string[] = [];

	constructor(private readonly item: Item) {}

	/**
	 * An address of the mask that the service can fetch: as given, presigned for an object of the
	 * bucket, or presigned for a temporary object that a binary field is stored under.
	 *
	 * @throws InvalidInput, CallFailed, ConnectionFailed when a binary mask cannot be stored
	 */
	async address(source: MaskSource): Promise<string> {
		switch (source.kind) {
			case 'url':
				return source.url;
			case 'object':
				return this.presigned(source.key);
			case 'binary':
				return this.presigned(await this.store(source.field));
		}
	}

	/** The address without a signature: enough to compose a call that is not made. */
	private unsigned(key: string): string {
		return requestUrl(this.item.account.location, key);
	}

	private presigned(key: string): string {
		if (isDryRun(this.item)) return this.unsigned(key);
		const { account } = this.item;
		return presign(account, this.unsigned(key), this.item.transport.now(), MASK_VALIDITY_SECONDS);
	}

	private async store(field: string): Promise<string> {
		const mask = await readBinaryImage(this.item, field, 'maskBinaryField');
		const prefix = option(this.item, 'temporaryMaskPrefix');
		const folder = typeof prefix === 'string' && prefix !== '' ? prefix : DEFAULT_PREFIX;
		const key = folder + randomUUID();
		if (isDryRun(this.item)) return key;
		// Noted before it is sent: an upload whose answer is lost may be there all the same.
		this.temporaryKeys.push(key);
		await this.item.transport.call({
			request: {
				method: 'PUT',
				key,
				query: [],
				headers: { 'Content-Type': mask.contentType, 'Content-Length': String(mask.size) },
			},
			body: mask.open,
			read: async (answer) => await readText(answer),
		});
		return key;
	}

	/** Deletes the temporary objects; what cannot be deleted is told, never thrown. */
	async tidyUp(): Promise<void> {
		for (const key of this.temporaryKeys) {
			try {
				await this.item.transport.call({
					request: { method: 'DELETE', key, query: [], headers: {} },
					read: async (answer) => await readText(answer),
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
