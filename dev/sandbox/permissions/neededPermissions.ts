import type { CallKind } from '../ledger/calls';
import type { Permission } from './policy';

/**
 * Tencent's pages disagree on which actions Image Repair needs. The strict one (460/79042) asks for
 * `ci:CreateImageRepairJob` in every mode, the lenient ones (1045/73045, 436/79043) only for a download. In the
 * same way, Tencent's COSCLI asks for `cos:PutObjectACL` and `cos:PutObjectTagging` for an upload that sets an
 * ACL or tags, and "PUT Object" (436/7749) only for `cos:PutObject`.
 */
export const READINGS = ['strict', 'lenient'] as const;

export type Reading = (typeof READINGS)[number];

interface Place {
	readonly bucket: string;
	/** empty for the bucket itself */
	readonly key: string;
}

/** A call, as far as its permissions depend on it. */
export interface AskedCall extends Place {
	readonly kind: CallKind;
	/** of a list: what the keys start with */
	readonly prefix: string;
	/** where Image Repair is to store its results */
	readonly results: readonly Place[];
	/** what a copy is made of */
	readonly copied?: Place | undefined;
	/** what an upload says of its object */
	readonly sets: { readonly acl: boolean; readonly tags: boolean };
}

const appId = (bucket: string) => bucket.slice(bucket.lastIndexOf('-') + 1);

/** What the account must be allowed to do so that a call is done. */
export function neededPermissions(
	{ kind, bucket, key, prefix, results, sets, copied }: AskedCall,
	{ region, reading }: { readonly region: string; readonly reading: Reading },
): readonly Permission[] {
	const cos = (name: string, place: Place): Permission => ({
		action: `cos:${name}`,
		resource: `qcs::cos:${region}:uid/${appId(place.bucket)}:${place.bucket}/${place.key}`,
	});
	const own = { bucket, key };
	const job = (name: string): Permission => ({
		action: `ci:Create${name}Job`,
		resource: `qcs::ci:${region}:uid/${appId(bucket)}:bucket/${bucket}/${key}`,
	});
	const repairJob = job('ImageRepair');
	const jobIfStrict = reading === 'strict' ? [repairJob] : [];
	const stored = results.map((place) => cos('PutObject', place));
	const put = [
		cos('PutObject', own),
		...(reading === 'strict' && sets.acl ? [cos('PutObjectACL', own)] : []),
		...(reading === 'strict' && sets.tags ? [cos('PutObjectTagging', own)] : []),
	];
	switch (kind) {
		case 'get':
		case 'image-info':
		case 'image-mogr':
			return [cos('GetObject', own)];
		case 'head':
			return [cos('HeadObject', own)];
		case 'put':
			return put;
		case 'copy':
			return [...(copied ? [cos('GetObject', copied)] : []), ...put];
		case 'delete':
			return [cos('DeleteObject', own)];
		case 'list':
			return [cos('GetBucket', { bucket, key: prefix })];
		case 'head-bucket':
			return [cos('HeadBucket', own)];
		case 'repair-download':
			return [cos('GetObject', own), repairJob];
		case 'repair-upload':
			return [...put, ...stored, ...jobIfStrict];
		case 'repair-cloud':
			return [cos('GetObject', own), ...stored, ...jobIfStrict];
		case 'detect-text':
			return [cos('GetObject', own), job('OCR')];
		case 'detect-logo':
			// Of its action no page says the name: this one is made up after the others. An account that may do
			// `ci:*` has it, whatever it is called.
			return [cos('GetObject', own), job('RecognizeLogo')];
		case 'unknown':
			return [];
	}
}
