import * as fs from 'node:fs';
import * as path from 'node:path';

import type { FoundLogo, FoundText } from '../http/found';
import type { SourceFormat } from '../repair/formats';
import { JobThread } from '../repair/jobThread';

/** The image of a logo that is looked for. */
export interface LogoFile {
	readonly name: string;
	readonly file: string;
}

/** An image to look at, as sent to the worker thread: for logos, or for text without them. */
export interface DetectionJob {
	readonly source: Uint8Array;
	readonly format: SourceFormat;
	readonly logos?: readonly LogoFile[];
}

const IMAGE = /\.(png|jpe?g|webp|gif|bmp)$/i;

/** The images in a folder, each named as its file without the extension. @throws Error */
function logoFiles(folder: string): LogoFile[] {
	return fs
		.readdirSync(folder)
		.filter((file) => IMAGE.test(file))
		.map((file) => ({ name: file.replace(IMAGE, ''), file: path.join(folder, file) }));
}

/** Finds text, and the logos of a folder, in a worker thread. */
export class DetectionThread {
	private readonly thread = new JobThread<DetectionJob, FoundLogo[] | FoundText[]>(
		path.join(__dirname, 'detectionWorker.ts'),
		'detection',
	);
	private readonly logos: readonly LogoFile[];

	/** @throws Error if the folder cannot be read */
	constructor(folder?: string) {
		this.logos = folder === undefined ? [] : logoFiles(folder);
	}

	/** @throws CosFailure as `readText` does; `InternalError` if the thread dies */
	async findTexts(source: Uint8Array, format: SourceFormat): Promise<FoundText[]> {
		return (await this.thread.run({ source, format })) as FoundText[];
	}

	/** @throws CosFailure as `findLogos` does; `InternalError` if the thread dies */
	async findLogos(source: Uint8Array, format: SourceFormat): Promise<FoundLogo[]> {
		const { logos } = this;
		if (logos.length === 0) return [];
		return (await this.thread.run({ source, format, logos })) as FoundLogo[];
	}

	async close(): Promise<void> {
		await this.thread.close();
	}
}
