/** The documented limits of Image Repair ("Usage Limits" and the SDK pages of this feature). */

/** Bytes. */
export const MAX_SOURCE_BYTES = 32 * 1024 * 1024;
/** Pixels; other pages say 30,000, so no image can be larger than this. */
export const MAX_SOURCE_SIDE = 50_000;
/** Pixels of an image, and of all frames of an animation together. */
export const MAX_PIXELS = 250_000_000;
/** Pixels. */
export const MAX_WEBP_SIDE = 16_383;
export const MAX_FRAMES = 300;
/** "Processing rules, one rule corresponds to one processing result (currently supports five rules)". */
export const MAX_RESULTS = 5;
/** UTF-8 bytes of an object key. */
export const MAX_KEY_BYTES = 850;
/**
 * Bytes of a query, or of `Pic-Operations`: no page of the service gives a limit, and what is in between
 * (proxies, gateways, CDNs) commonly refuses lines of more.
 */
export const MAX_REQUEST_LINE_BYTES = 8 * 1024;
