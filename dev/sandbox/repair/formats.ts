/** Formats that are repaired. The service also reads HEIF, for which sharp has no decoder. */
export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'bmp';

/** Formats that basic image processing reads. `heif` is HEIC, of which the sandbox reads the size only. */
export type SourceFormat = ImageFormat | 'tiff' | 'avif' | 'heif';

export const MIME_TYPES: Readonly<Record<ImageFormat, string>> = {
	jpeg: 'image/jpeg',
	png: 'image/png',
	webp: 'image/webp',
	gif: 'image/gif',
	bmp: 'image/bmp',
};

/** The service's limit for an image, in bytes. */
export const MAX_IMAGE_BYTES = 32 * 1024 * 1024;

/** Quality of JPEG and lossy WebP results. */
export const LOSSY_QUALITY = 95;

/** The `Quality` reported for an image: only JPEG has one of its own. */
export const reportedQuality = (format: SourceFormat) => (format === 'jpeg' ? LOSSY_QUALITY : 100);
