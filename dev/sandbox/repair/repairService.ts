import { setTimeout as sleep } from 'node:timers/promises';

import { fetchImage } from './fetchImage';
import { checkBytes, checkSides, readHeader } from './image';
import type { MaskParameters } from './maskParameters';
import type { Area, Repaired } from './repair';
import { RepairThread } from './repairThread';

/** Repairs images for the bucket. */
export class RepairService {
	private readonly thread = new RepairThread();

	/** @param delay milliseconds; if set, images are returned unchanged after that time */
	constructor(private readonly delay: number | undefined) {}

	/**
	 * Repairs one image. Fetches the mask image first, if there is one.
	 * @throws CosFailure `InvalidArgument`, `EntityTooLarge`, `InternalError`
	 */
	async repair(source: Buffer, mask: MaskParameters): Promise<Repaired> {
		const name = 'The image';
		checkBytes(name, source.length);
		const header = await readHeader(name, source);
		checkSides(name, header);
		if (this.delay !== undefined) {
			await sleep(this.delay);
			const { format, width, height } = header;
			return { image: source, format, width, height, quality: 100 };
		}
		return await this.thread.repair(source, await this.readArea(mask));
	}

	async close(): Promise<void> {
		await this.thread.close();
	}

	private async readArea(mask: MaskParameters): Promise<Area> {
		if (mask.kind !== 'url') return mask;
		return { kind: 'mask', image: await fetchImage('MaskPic', mask.url) };
	}
}
