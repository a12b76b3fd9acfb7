import * as fs from 'node:fs';
import * as path from 'node:path';

import type { FoundLogo } from '../http/found';
import type { SourceFormat } from '../repair/formats';
import { JobThread } from '../repair/jobThread';

/** The image of a logo that is looked for. */
export interface LogoFile {
	readonly name: string;
	readonly file: string;
}

/** An image to find logos in, as sent to the worker thread. */
export interface LogoJob {
	readonly source: Uint8Array;
	readonly format: SourceFormat;
	readonly logos: readonly LogoFile[];
}

const IMAGE = /\.(png|jpe?g|webp|gif|bmp)$/i;

/** The images in a folder, each named as its file without the extension. @throws Error */
function logoFiles(folder: string): LogoFile[] {
	return fs
		.readdirSync(folder)
		.filter((file) => IMAGE.test(file))
		.map((file) => ({ name: file.replace(IMAGE, ''), file: path.join(folder, file) }));
}

/** Finds the logos of a folder, in a worker thread. */
export class LogoThread {
	private readonly thread = new JobThread<LogoJob, FoundLogo[]>(
		path.join(__dirname, 'logoWorker.ts'),
		'detection',
	);
	private readonly logos: readonly LogoFile[];

	/** @throws Error if the folder cannot be read */
	constructor(folder: string | undefined) {
		this.logos = folder === undefined ? [] : logoFiles(folder);
	}

	/** @throws CosFailure as `findLogos` does; `InternalError` if the thread dies */
	async find(source: Uint8Array, format: SourceFormat): Promise<readonly FoundLogo[]> {
		if (this.logos.length === 0) return [];
		return await this.thread.run({ source, format, logos: this.logos });
	}

	async close(): Promise<void> {
		await this.thread.close();
	}
}
