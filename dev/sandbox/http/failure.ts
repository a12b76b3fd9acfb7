/** HTTP status of every error the sandbox returns, from the service's table of error codes. */
const STATUS = {
	PermanentRedirect: 301,
	BadDigest: 400,
	ExpiredToken: 400,
	ImageResolutionExceed: 400,
	ImageTooLarge: 400,
	IncompleteBody: 400,
	InvalidArgument: 400,
	InvalidBucketName: 400,
	InvalidDigest: 400,
	InvalidImageFormat: 400,
	InvalidImageSource: 400,
	InvalidURI: 400,
	KeyTooLong: 400,
	AccessDenied: 403,
	InvalidAccessKeyId: 403,
	RequestTimeTooSkewed: 403,
	SignatureDoesNotMatch: 403,
	NoSuchBucket: 404,
	NoSuchKey: 404,
	NoSuchVersion: 404,
	MethodNotAllowed: 405,
	FileAlreadyExists: 409,
	MissingContentLength: 411,
	InvalidRange: 416,
	InternalError: 500,
	NotImplemented: 501,
} as const;

/** An error code of the service. */
export type FailureCode = keyof typeof STATUS;

/** The number that CI has for an error, in `X-ErrNo` (460/8523, 1045/33700). */
export const ERR_NO: Readonly<Partial<Record<FailureCode, number>>> = {
	ImageResolutionExceed: -447,
	ImageTooLarge: -167,
	InvalidImageFormat: -441,
};

/**
 * An error as the service reports it: sent as a status and an `<Error>` document.
 * `details` are further elements of that document (`StringToSign`, `Endpoint`, ...).
 */
export class CosFailure extends Error {
	readonly status: number;

	constructor(
		readonly code: FailureCode,
		message: string,
		readonly details: Readonly<Record<string, string>> = {},
	) {
		super(message);
		this.name = 'CosFailure';
		this.status = STATUS[code];
	}
}

/** Converts anything thrown; unexpected errors become `InternalError`. */
export function toFailure(error: unknown): CosFailure {
	if (error instanceof CosFailure) return error;
	return new CosFailure('InternalError', error instanceof Error ? error.message : String(error));
}
