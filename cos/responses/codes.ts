/** What a refusal is about, for whoever explains it to a person. */
export type FailureClass =
	| 'otherRegion'
	| 'sourceOverLimit'
	| 'invalidValue'
	| 'invalidOperations'
	| 'tooManyResults'
	| 'invalidBucketName'
	| 'invalidRegion'
	| 'invalidAppId'
	| 'invalidHost'
	| 'invalidDomain'
	| 'unlicensedDomain'
	| 'accelerationOff'
	| 'notByAcceleration'
	| 'noCloudInfinite'
	| 'tooLarge'
	| 'sidesTooLong'
	| 'tooManyPixels'
	| 'unsupportedFormat'
	| 'faultyImage'
	| 'emptyImage'
	| 'maskNotFetched'
	| 'inputMissing'
	| 'inputNotAllowed'
	| 'originNotFetched'
	| 'invalidOrigin'
	| 'incompleteBody'
	| 'invalidChecksum'
	| 'checksumMismatch'
	| 'invalidKey'
	| 'keyTooLong'
	| 'unknownStyle'
	| 'noBody'
	| 'slowUpload'
	| 'notAllowed'
	| 'notSetUp'
	| 'noRole'
	| 'notBound'
	| 'otherOwner'
	| 'refererRule'
	| 'strictSignature'
	| 'originalProtected'
	| 'blockedContent'
	| 'blockedBucket'
	| 'blockedAccount'
	| 'takenForAttack'
	| 'rejected'
	| 'unknownSecretId'
	| 'wrongSecretKey'
	| 'noSignature'
	| 'invalidSignature'
	| 'expiredSignature'
	| 'clockOff'
	| 'expiredToken'
	| 'invalidToken'
	| 'accountUnusable'
	| 'inArrears'
	| 'quotaUsedUp'
	| 'legalReasons'
	| 'archived'
	| 'encryptedSource'
	| 'encryptionKeyOff'
	| 'noBucket'
	| 'noImage'
	| 'methodNotAllowed'
	| 'concurrentChange'
	| 'objectLocked'
	| 'keyTaken'
	| 'noLength'
	| 'changed'
	| 'invalidRange'
	| 'tooManyRequests'
	| 'encryptionBusy'
	| 'unavailable'
	| 'internalError'
	| 'notImplemented'
	| 'invalidRequest'
	| 'invalidImageUrl'
	| 'processingTimeout'
	| 'stillUploading'
	| 'notFound'
	| 'refused'
	| 'redirectInBetween'
	| 'tooLargeInBetween'
	| 'tooManyInBetween'
	| 'refusedInBetween'
	| 'unavailableInBetween';

/**
 * Whether a call may be made again without a person changing anything: `never`, `later` (after a
 * pause), or `afterClock` (once, after setting the clock by the response's `Date`).
 */
export type Retry = 'never' | 'later' | 'afterClock';

/** COS (Error Codes, 436/7730). */
const COS: Readonly<Record<string, FailureClass>> = {
	PermanentRedirect: 'otherRegion',
	TemporaryRedirect: 'otherRegion',
	InvalidArgument: 'invalidValue',
	InvalidBucketName: 'invalidBucketName',
	InvalidRegionName: 'invalidRegion',
	InvalidRequest: 'invalidRequest',
	InvalidPicOperations: 'invalidOperations',
	InvalidImageFormat: 'unsupportedFormat',
	InvalidImageSource: 'faultyImage',
	ImageTooLarge: 'tooLarge',
	ImageResolutionExceed: 'tooManyPixels',
	EntityTooLarge: 'tooLarge',
	EntitySizeNotMatch: 'incompleteBody',
	IncompleteBody: 'incompleteBody',
	InvalidDigest: 'invalidChecksum',
	BadDigest: 'checksumMismatch',
	InvalidURI: 'invalidKey',
	InvalidObjectName: 'invalidKey',
	KeyTooLong: 'keyTooLong',
	MissingRequestBodyError: 'noBody',
	RequestTimeout: 'slowUpload',
	UserNetworkTooSlow: 'slowUpload',
	BucketAccelerateNotEnabled: 'accelerationOff',
	ActionAccelerateNotSupported: 'notByAcceleration',
	UserCnameInvalid: 'invalidDomain',
	DomainAuditFailed: 'unlicensedDomain',
	AccessDenied: 'notAllowed',
	NoProcessAuthority: 'notSetUp',
	UserNotTargetBucketOwner: 'otherOwner',
	InvalidAccessKeyId: 'unknownSecretId',
	SignatureDoesNotMatch: 'wrongSecretKey',
	RequestTimeTooSkewed: 'clockOff',
	ExpiredToken: 'expiredToken',
	InvalidToken: 'invalidToken',
	AccountProblem: 'accountUnusable',
	PaymentRequired: 'quotaUsedUp',
	UnavailableForLegalReasons: 'legalReasons',
	InvalidObjectState: 'archived',
	SsecDecryptHeaderInvalid: 'encryptedSource',
	KmsKeyDisabled: 'encryptionKeyOff',
	KmsFreqControl: 'encryptionBusy',
	NoSuchBucket: 'noBucket',
	NoSuchKey: 'noImage',
	MethodNotAllowed: 'methodNotAllowed',
	OperationAborted: 'concurrentChange',
	PathConflict: 'concurrentChange',
	UploadConflict: 'concurrentChange',
	ObjectLocked: 'objectLocked',
	// Of "PUT Object" (436/7749), with `x-cos-forbid-overwrite`.
	FileAlreadyExists: 'keyTaken',
	MissingContentLength: 'noLength',
	PreconditionFailed: 'changed',
	InvalidRange: 'invalidRange',
	TooManyRequests: 'tooManyRequests',
	SlowDown: 'tooManyRequests',
	ServiceUnavailable: 'unavailable',
	InternalError: 'internalError',
	NotImplemented: 'notImplemented',
};

/** The gateway of Cloud Infinite (1045/43611, 436/53983). */
const CI_GATEWAY: Readonly<Record<string, FailureClass>> = {
	ResourceNotFound: 'inputMissing',
	ResourceAccessDenied: 'inputNotAllowed',
	ResourceDownloadFailed: 'maskNotFetched',
	ResourceNotSupported: 'faultyImage',
	CIRoleNotExist: 'noRole',
	InvalidAuthorization: 'invalidSignature',
	MissingAuthorization: 'noSignature',
	SecretidNotExist: 'unknownSecretId',
	SignatureExpired: 'expiredSignature',
	InvalidHost: 'invalidHost',
	InvalidUrl: 'invalidKey',
};

/** `X-ErrNo` of Cloud Infinite (460/8523, 1045/33700). */
const ERR_NO: Readonly<Record<string, FailureClass>> = {
	'-103': 'invalidRequest',
	'-104': 'invalidAppId',
	'-105': 'unknownStyle',
	'-106': 'invalidImageUrl',
	'-107': 'invalidHost',
	'-108': 'refererRule',
	'-110': 'blockedContent',
	'-113': 'unsupportedFormat',
	'-120': 'invalidOrigin',
	'-154': 'originalProtected',
	'-156': 'sourceOverLimit',
	'-162': 'inArrears',
	'-163': 'notBound',
	'-164': 'tooManyRequests',
	'-165': 'takenForAttack',
	'-167': 'tooLarge',
	'-168': 'tooLarge',
	'-441': 'unsupportedFormat',
	'-442': 'sidesTooLong',
	'-443': 'unsupportedFormat',
	'-447': 'tooManyPixels',
	'-901': 'processingTimeout',
	'-902': 'originNotFetched',
	'-5062': 'blockedContent',
	'-6101': 'noImage',
	'-29214': 'tooManyRequests',
	'-40168': 'emptyImage',
	'-46152': 'invalidBucketName',
	'-46154': 'invalidAppId',
	'-46614': 'stillUploading',
	'-46617': 'blockedContent',
	'-46618': 'invalidSignature',
	'-46619': 'expiredSignature',
	'-46620': 'blockedBucket',
	'-46627': 'blockedAccount',
	'-46628': 'noImage',
	'-46642': 'invalidAppId',
	'-46661': 'notAllowed',
	// Persistent processing: upload and in bucket.
	'-60932': 'invalidSignature',
	'-60936': 'rejected',
	'-60948': 'blockedAccount',
	'-60949': 'tooManyRequests',
	'-60972': 'noCloudInfinite',
	'-60987': 'maskNotFetched',
	'-60996': 'tooLarge',
	'-60997': 'tooManyResults',
	'-60998': 'invalidOperations',
	'-62999': 'unsupportedFormat',
};

/** Every documented code, of an `<Error>` or of `X-ErrNo`. */
export const CLASS_OF_CODE: Readonly<Record<string, FailureClass>> = {
	...COS,
	...CI_GATEWAY,
	...ERR_NO,
};

/** `AccessDenied` has many meanings, which only its message tells apart. */
const DENIED: ReadonlyArray<readonly [message: RegExp, means: FailureClass]> = [
	[/request has expired/i, 'expiredSignature'],
	[/referer/i, 'refererRule'],
	[/strict signature/i, 'strictSignature'],
	// What Cloud Infinite says without its role, a bound bucket or an activated feature (FAQ).
	[/permission denied/i, 'notSetUp'],
];

const RETRY: Readonly<Partial<Record<FailureClass, Retry>>> = {
	clockOff: 'afterClock',
	expiredSignature: 'afterClock',
	tooManyRequests: 'later',
	encryptionBusy: 'later',
	stillUploading: 'later',
	originNotFetched: 'later',
	unavailable: 'later',
	internalError: 'later',
	tooManyInBetween: 'later',
	unavailableInBetween: 'later',
};

/** Whether what was refused for this reason may be tried again. */
export function retryOf(failure: FailureClass): Retry {
	return RETRY[failure] ?? 'never';
}

/**
 * The class of a status without a known code. Only 301, 307 and 308 speak of a region: 302 leads to the
 * original, where the source is larger than Cloud Infinite processes (FAQ 1045/33430).
 */
function classOfStatus(status: number): FailureClass {
	if (status === 302 || status === 303) return 'sourceOverLimit';
	if (status >= 300 && status < 400) return 'otherRegion';
	if (status === 402) return 'quotaUsedUp';
	if (status === 403) return 'notAllowed';
	if (status === 404) return 'notFound';
	if (status === 413) return 'tooLarge';
	if (status === 429) return 'tooManyRequests';
	if (status === 451) return 'legalReasons';
	if (status >= 500) return 'unavailable';
	return 'refused';
}

/** The class of a response that does not come from the service, such as a proxy's. */
export function classInBetween(status: number): FailureClass {
	if (status >= 300 && status < 400) return 'redirectInBetween';
	if (status === 413) return 'tooLargeInBetween';
	if (status === 429) return 'tooManyInBetween';
	if (status >= 500) return 'unavailableInBetween';
	return 'refusedInBetween';
}

/** Whether the documentation has this code. */
export function isKnownCode(code: string): boolean {
	return Object.hasOwn(CLASS_OF_CODE, code);
}

/**
 * What a code of the service is about; unknown codes are classed by their status.
 *
 * @param code the service's code, or `X-ErrNo` as text
 * @param message the service's own words
 */
export function classify(code: string, status: number, message = ''): FailureClass {
	if (code === 'AccessDenied') {
		const [, meaning] = DENIED.find(([words]) => words.test(message)) ?? [];
		if (meaning !== undefined) return meaning;
	}
	const known = isKnownCode(code) ? CLASS_OF_CODE[code] : undefined;
	return known ?? classOfStatus(status);
}
