import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { fetchImage, type OwnBuckets } from './fetchImage';
import {
	averageColour,
	checkBytes,
	checkRepairable,
	checkSides,
	readSource,
	type ImageHeader,
} from './image';
import type { MaskParameters } from './maskParameters';
import type { Area, Repaired } from './repair';
import { RepairThread } from './repairThread';
import { pngSize, tinyImage } from './tinyImage';

/** How images are repaired; by default by inpainting. */
export interface RepairOptions {
	/** milliseconds that every repair takes; unless it is quick, images are returned unchanged */
	readonly delay?: number;
	/** whether the result is a tiny image that only says which bytes and which area it was made from */
	readonly quick?: boolean;
}

/** An area, and the text that stands for it in the ledger. */
export interface NamedArea {
	readonly text: string;
	/** undefined for a mask that is not needed and has not been fetched */
	readonly area: Area | undefined;
}

const MAX_AREA_TEXT = 1000;
/** Told of every image by a quick sandbox. */
const QUICK_AVERAGE = '0x808080';
const md5Of = (bytes: string | Uint8Array) => createHash('md5').update(bytes).digest('hex');

/**
 * The text for an area: `automatic`, `polygons <JSON of the polygons>` or `mask <MD5 of its bytes>`.
 * Of polygons that are longer than 1000 characters it holds the MD5.
 */
export function areaText(area: Area): string {
	switch (area.kind) {
		case 'automatic':
			return 'automatic';
		case 'mask':
			return `mask ${md5Of(area.image)}`;
		case 'polygons': {
			const text = JSON.stringify(area.polygons);
			return `polygons ${text.length > MAX_AREA_TEXT ? md5Of(text) : text}`;
		}
	}
}

/** Repairs images for the bucket. */
export class RepairService {
	private readonly thread = new RepairThread();
	private own: OwnBuckets | undefined;

	constructor(private readonly options: RepairOptions = {}) {}

	/** Whether images are not decoded. */
	get isQuick(): boolean {
		return this.options.quick === true;
	}

	/** Tells where the sandbox's own buckets are, once that is known. */
	reachOwnBuckets(own: OwnBuckets): void {
		this.own = own;
	}

	/** Fetches an image that a request refers to. */
	async fetch(name: string, address: string): Promise<Buffer> {
		return await fetchImage(name, address, this.own);
	}

	/**
	 * Reads an area. Fetches the mask image, if there is one and it is needed.
	 * @throws CosFailure `InvalidArgument`
	 */
	async readArea(mask: MaskParameters): Promise<NamedArea> {
		if (mask.kind !== 'url') return { text: areaText(mask), area: mask };
		const { delay, quick } = this.options;
		if (delay !== undefined && quick !== true) return { text: 'mask', area: undefined };
		const area: Area = { kind: 'mask', image: await this.fetch('MaskPic', mask.url) };
		return { text: areaText(area), area };
	}

	/**
	 * Repairs one image.
	 * @throws CosFailure as `repairImage` does; `InternalError`
	 */
	async repair(source: Buffer, { text, area }: NamedArea): Promise<Repaired> {
		const { delay, quick } = this.options;
		const { width, height, ...header } = await this.readHeader(source);
		const format = checkRepairable('The image', header.format);
		if (delay !== undefined) await sleep(delay);
		if (quick === true) {
			const image = tinyImage(`${md5Of(source)} ${text}`);
			return { image, format: 'png', width: 8, height: 8, quality: 100 };
		}
		if (delay !== undefined || area === undefined) {
			return { image: source, format, width, height, quality: 100 };
		}
		return await this.thread.repair(source, area);
	}

	async close(): Promise<void> {
		await this.thread.close();
	}

	/**
	 * Format, size and average colour of an image. A quick sandbox does not decode it; of a HEIF image, which
	 * the sandbox cannot decode, there is no colour.
	 * @throws CosFailure as `readSource` does; `InvalidImageSource` if it is broken
	 */
	async readInfo(source: Buffer): Promise<ImageHeader & { average: string | undefined }> {
		const header = await this.readHeader(source);
		return { ...header, average: await this.averageOf(source, header) };
	}

	private async averageOf(source: Buffer, { format }: ImageHeader): Promise<string | undefined> {
		if (this.isQuick) return QUICK_AVERAGE;
		return format === 'heif' ? undefined : await averageColour('The image', source, format);
	}

	private async readHeader(source: Buffer): Promise<ImageHeader> {
		const name = 'The image';
		const size = this.isQuick ? pngSize(source) : undefined;
		if (!size) return await readSource(name, source);
		const header = { format: 'png', ...size, frames: 1, orientation: 0 } as const;
		checkBytes(name, source.length);
		checkSides(name, header);
		return header;
	}
}
