import type { IBinaryData, IDataObject } from 'n8n-workflow';

import type { MaskFault } from '../../../cos/areas/maskPixels';
import type { ImageSize } from '../../../cos/areas/points';
import type { DetectedArea } from '../../../cos/detections/detectedArea';
import type { ForResult, Results } from '../../../cos/location/resultKey';
import type { Verdict, Verification } from '../../../cos/verification/verdict';
import type { Bitmap } from '../../../cos/images/bitmap';
import type { ImageInfo } from '../../../cos/responses/imageInfo';
import type { UploadResult } from '../../../cos/responses/uploadResult';
import type { LostCall } from '../../shared/transport';
import type { ObjectHead } from '../../../cos/responses/head';
import type { Answers } from './answers';
import type { Budget } from './budget';
import type { Claims } from './claims';
import type { Memory } from './memory';
import type { Register } from './register';

/** What a detector has found for a repair; none of the areas that nobody looked for. */
export interface Detected {
	areas?: readonly DetectedArea[];
}

/** What Verify Result has found, as the output shows it. Plain data. */
export interface ShownVerification extends Partial<Omit<Verification, 'verdict'>> {
	readonly verdict: Verdict | 'notVerified';
	/** What is still found in the result; absent where nobody looked. */
	readonly remaining?: readonly DetectedArea[];
	/** What is wrong, or why it is not known. */
	readonly why?: string;
}

/** Where a result is stored, as plain data. */
export interface ResultPlace {
	readonly key: string;
	readonly bucket: string;
}

/** Results of a call, or of an earlier one. */
export interface StoredResults extends Detected {
	result: UploadResult;
	/** Where each result was to be stored. */
	places: readonly ResultPlace[];
	requestId?: string;
	/** Set when the results were there before and nothing was done. */
	skipped?: boolean;
	/** Set when the source was replaced while it was repaired: the results are of the one before. */
	sourceChanged?: boolean;
	/** Results that were not asked for, as nothing was found for them. */
	leftOut?: readonly ResultPlace[];
	/** Set when the upload took the place of another image, as far as that is known. */
	overwritten?: boolean;
	/** One for each place. */
	verifications?: readonly ShownVerification[];
}

/** An image that arrived whole and is stored in n8n. */
export interface ReceivedImage {
	binary: IBinaryData;
	/** Bytes. */
	size: number;
	contentType: string;
}

/** A repaired image, and the request that brought it. */
export interface RepairedImage extends ReceivedImage, Detected {
	requestId?: string;
	verification?: ShownVerification;
}

/** What the storing modes bring. */
export interface StoredResult {
	readonly stored: StoredResults;
}

/** What download mode brings. */
export interface ImageResult {
	readonly image: RepairedImage;
}

export type Result = StoredResult | ImageResult;

/** What an output item tells besides. */
export interface Told {
	/** Index of the item that asked for the same, and did it. */
	readonly sameAs?: number;
	/** Keys of temporary masks that may still be in the bucket. */
	readonly temporaryMasks?: readonly string[];
}

/** What became of an item. */
export type Outcome = Pick<Told, 'temporaryMasks'> &
	(
		| { readonly how: 'repaired' | 'skipped'; readonly result: Result }
		/** What Dry Run shows, that Max Billed Calls left the item out, or what was found in an image. */
		| { readonly how: 'checked' | 'overCap' | 'detected'; readonly json: IDataObject }
		/** An image in which nothing was found; with its original where that is passed on. */
		| {
				readonly how: 'nothingFound';
				readonly json: IDataObject;
				readonly original?: ReceivedImage;
		  }
	);

/**
 * What was under the key of a result before the call, so that it is not taken for the result. Without an
 * ETag, nothing proves that the result is another one.
 */
export interface Before {
	readonly etag?: string;
	readonly size?: number;
}

/** A call that may have been billed and whose results were not found: what a later look has to know. */
export interface LostRepair extends LostCall {
	/** Of a mode that stores its results. */
	readonly targets?: Results<ForResult>;
	/** ETag of the source before the call, for Skip Existing Results. */
	readonly sourceEtag?: string;
	/** For each of them, what was under its key before the call, as far as it is known. */
	readonly before?: ReadonlyArray<Before | undefined>;
}

/** What is kept of a repair for the next try: what it brought, or that it was lost. */
export type KeptOutcome = Result | { readonly lost: LostRepair };

/** What the items of a run share, so that nothing is paid for twice. */
export interface Repairs {
	readonly register: Register<Outcome>;
	readonly memory: Memory<KeptOutcome>;
	readonly budget: Budget;
	readonly claims: Claims<ObjectHead | undefined>;
	/** Sizes of masks in the bucket, and what is wrong with masks, by the mask. */
	readonly maskSizes: Answers<ImageSize>;
	readonly maskFaults: Answers<MaskFault | undefined>;
	/** What the service says of images, by their keys. */
	readonly imageInfos: Answers<ImageInfo>;
	/** Copies of masks, as large as those of images that are compared. */
	readonly maskCopies: Answers<Bitmap>;
}
