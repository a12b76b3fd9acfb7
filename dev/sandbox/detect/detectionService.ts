import { setTimeout as sleep } from 'node:timers/promises';

import { CosFailure } from '../http/failure';
import type { DetectionChange, Finds, FoundLogo, FoundText } from '../http/found';
import type { SourceFormat } from '../repair/formats';
import { readSource, type ImageHeader } from '../repair/image';
import { pngSize } from '../repair/tinyImage';
import { DetectionThread } from './detectionThread';
import { inTheMiddle, madeUp } from './madeUp';

/** What stands for detection where a test must know beforehand what is found. */
export type Detect = (image: Buffer) => {
	readonly texts?: readonly FoundText[];
	readonly logos?: readonly FoundLogo[];
};

/** How logos and text are found. */
export interface DetectionOptions {
	/** a folder with an image of each logo, which is named as its file is */
	readonly logos?: string;
	/** used in place of any detection */
	readonly detect?: Detect;
	/** milliseconds that each detection takes, after which the made-up finds of `quick` are told */
	readonly delay?: number;
	/** whether one text and one logo are made up, in the middle of the image, without any looking */
	readonly quick?: boolean;
}

/** What a file may be, encoded as Base64, for OCR (1045/73116). */
const MAX_BASE64_BYTES = 7 * 1024 * 1024;
const OCR_FORMATS: ReadonlySet<SourceFormat> = new Set(['jpeg', 'png', 'bmp']);

type Size = Pick<ImageHeader, 'width' | 'height'>;

/** As text and as logos: which of them is asked for is told. */
const asBoth = (texts: readonly FoundText[]): ReturnType<Detect> => ({
	texts,
	logos: texts.map(({ text, confidence, corners }) => ({ name: text, score: confidence, corners })),
});

/** Finds text and logos for the bucket. Nothing is loaded before something is to be found. */
export class DetectionService {
	private readonly thread: DetectionThread;
	/** "AI content recognition": without it, the service does not detect anything. */
	isActivated = true;

	constructor(private readonly options: DetectionOptions = {}) {
		this.thread = new DetectionThread(options.logos);
	}

	/**
	 * Reads the text in an image.
	 * @throws CosFailure `ImageTooLarge`, `InvalidImageFormat`, `NotImplemented` for a PDF, and as `readSource` does
	 */
	async texts(image: Buffer, change: DetectionChange = {}): Promise<Finds<FoundText>> {
		const base64 = Math.ceil(image.length / 3) * 4;
		if (base64 > MAX_BASE64_BYTES) {
			throw new CosFailure(
				'ImageTooLarge',
				`The image has ${base64} bytes as Base64, at most 7 MB are allowed.`,
			);
		}
		if (image.toString('latin1', 0, 5) === '%PDF-') {
			throw new CosFailure('NotImplemented', 'The sandbox does not read PDF.');
		}
		const header = await this.readHeader(image);
		if (!OCR_FORMATS.has(header.format)) {
			throw new CosFailure(
				'InvalidImageFormat',
				`The image is not a PNG, JPG or BMP image: ${header.format} is not read.`,
			);
		}
		const made = await this.madeUp(image, header, change);
		const found = made ? (made.texts ?? []) : await this.thread.findTexts(image, header.format);
		return { ...header, found };
	}

	/**
	 * Finds the known logos in an image.
	 * @throws CosFailure as `readSource` does
	 */
	async logos(image: Buffer, change: DetectionChange = {}): Promise<Finds<FoundLogo>> {
		const header = await this.readHeader(image);
		const made = await this.madeUp(image, header, change);
		const found = made ? (made.logos ?? []) : await this.thread.findLogos(image, header.format);
		return { ...header, found };
	}

	async close(): Promise<void> {
		await this.thread.close();
	}

	/** What is told without looking at the image; undefined if it is looked at. */
	private async madeUp(
		image: Buffer,
		size: Size,
		{ find, texts, logos }: DetectionChange,
	): Promise<ReturnType<Detect> | undefined> {
		const { detect, delay, quick } = this.options;
		if (delay !== undefined) await sleep(delay);
		if (texts ?? logos) return { texts, logos };
		if (find !== undefined) return asBoth(madeUp(find, size));
		if (detect) return detect(image);
		return quick === true || delay !== undefined ? asBoth([inTheMiddle(size)]) : undefined;
	}

	private async readHeader(
		image: Buffer,
	): Promise<Pick<ImageHeader, 'format' | 'width' | 'height'>> {
		const { quick } = this.options;
		// Decoding is what a quick sandbox spares.
		const size = quick === true ? pngSize(image) : undefined;
		return size ? { format: 'png', ...size } : await readSource('The image', image);
	}
}
