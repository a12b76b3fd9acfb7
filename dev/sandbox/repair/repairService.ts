import { setTimeout as sleep } from 'node:timers/promises';

import { fetchImage } from '../http/loopback';
import type { MaskParameters } from './maskParameters';
import { checkBytes, checkSides, readHeader } from './image';
import type { Area, Repaired } from './repair';
import { RepairPool } from './repairPool';

/** Repairs images for the bucket. */
export class RepairService {
	private readonly pool = new RepairPool();

	/** @param delay milliseconds; when given, images come back unchanged after that time */
	constructor(private readonly delay: number | undefined) {}

	/**
	 * Repairs one image, fetching the mask first when there is one.
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
		return await this.pool.repair(source, await this.readArea(mask));
	}

	async close(): Promise<void> {
		await this.pool.close();
	}

	private async readArea(mask: MaskParameters): Promise<Area> {
		if (mask.kind !== 'url') return mask;
		return { kind: 'mask', image: await fetchImage('MaskPic', mask.url) };
	}
}
