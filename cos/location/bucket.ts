import { InvalidInput } from '../invalidInput';
import type { Checked } from '../values';

/** `<name>-<APPID>`, checked. */
export type BucketName = Checked<string, 'BucketName'>;

const BUCKET = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?-[0-9]+$/;
const REGION = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** @throws InvalidInput unless the text is `<name>-<APPID>` */
export function bucketName(
	text: string,
	field: 'bucket' | 'destinationBucket' = 'bucket',
): BucketName {
	if (BUCKET.test(text)) return text as BucketName;
	if (text === '') throw new InvalidInput(field, 'bucket.empty', {});
	throw new InvalidInput(field, 'bucket.malformed', { bucket: text });
}

/** @throws InvalidInput unless the text could be a region's name; it need not be a known one */
export function checkRegion(region: string): void {
	if (REGION.test(region)) return;
	if (region === '') throw new InvalidInput('region', 'region.empty', {});
	throw new InvalidInput('region', 'region.malformed', { region });
}
