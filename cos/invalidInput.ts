/** The fields that cos/ checks, by the names a caller can map to the labels it shows. */
export type InputField =
	| 'secretId'
	| 'secretKey'
	| 'bucket'
	| 'region'
	| 'customDomain'
	| 'objectKey'
	| 'objectUrl'
	| 'polygons'
	| 'rectangles'
	| 'maskUrl'
	| 'maskObjectKey'
	| 'maskBinaryField'
	| 'imageUrl'
	| 'resultKey'
	| 'results'
	| 'destinationBucket'
	| 'binaryField'
	| 'folder'
	| 'limit'
	| 'minimumAge'
	| 'overwriteOriginal';

/**
 * A value that cannot be sent. Thrown before anything is sent, so nothing was billed.
 *
 * `what` completes a sentence that begins with the field's label ("… is empty"); `advice` is a
 * sentence of its own that says what to enter instead.
 */
export class InvalidInput extends Error {
	constructor(
		readonly field: InputField,
		readonly what: string,
		readonly advice: string,
	) {
		super(`${field} ${what}`);
		this.name = 'InvalidInput';
	}
}
