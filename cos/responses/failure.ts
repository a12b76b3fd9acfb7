import { present } from '../values';
import { dateOf, header, type ResponseHeaders } from './headers';
import { holdsSecret, withoutSecrets } from './secrets';
import { child, parseXml, text, type XmlNode } from './xml';

/** What a refusal is about, for whoever explains it to a person. */
export type FailureClass =
	| 'otherRegion'
	| 'invalidValue'
	| 'invalidBucketName'
	| 'tooLarge'
	| 'incompleteBody'
	| 'invalidChecksum'
	| 'checksumMismatch'
	| 'invalidKey'
	| 'noBody'
	| 'slowUpload'
	| 'notAllowed'
	| 'unknownSecretId'
	| 'wrongSecretKey'
	| 'clockOff'
	| 'expiredToken'
	| 'invalidToken'
	| 'accountUnusable'
	| 'archived'
	| 'noBucket'
	| 'noImage'
	| 'methodNotAllowed'
	| 'concurrentChange'
	| 'noLength'
	| 'changed'
	| 'invalidRange'
	| 'tooManyRequests'
	| 'unavailable'
	| 'internalError'
	| 'notImplemented'
	| 'invalidRequest'
	| 'invalidAppId'
	| 'invalidImageUrl'
	| 'unsupportedFormat'
	| 'inArrears'
	| 'tooManyPixels'
	| 'processingTimeout'
	| 'noSuchImage'
	| 'incompleteUpload'
	| 'invalidSignature'
	| 'expiredSignature'
	| 'notFound'
	| 'refused';

/**
 * Whether a call may be made again without a person changing anything: `never`, `later` (after a
 * pause), or `afterClock` (once, after setting the clock by the response's `Date`).
 */
export type Retry = 'never' | 'later' | 'afterClock';

/** A call that the service refused or did not finish. */
export interface CosFailure {
	class: FailureClass;
	retry: Retry;
	/** HTTP status. */
	status: number;
	/**
	 * Whether the service itself responded. Without a request id, code and `X-ErrNo` it was something in
	 * between, such as a proxy, and the service may have done the work all the same.
	 */
	ofService: boolean;
	/** The service's own code, or `X-ErrNo` in download mode, or `HTTP <status>` where there is none. */
	code: string;
	/** The service's own words, whole but for secrets and links; '' where they repeat a secret. */
	serviceMessage: string;
	/** Whether the code is the service's own. */
	hasCode: boolean;
	requestId?: string;
	/** Milliseconds that the service asks to wait for (`Retry-After`). */
	retryAfter?: number;
	/** The service's clock, milliseconds since 1970, where the response told it. */
	serviceTime?: number;
}

/** The codes that users of this feature meet ("Error Codes"), and `X-ErrNo` of Cloud Infinite. */
export const CLASS_OF_CODE: Readonly<Record<string, FailureClass>> = {
	PermanentRedirect: 'otherRegion',
	TemporaryRedirect: 'otherRegion',
	InvalidArgument: 'invalidValue',
	InvalidBucketName: 'invalidBucketName',
	EntityTooLarge: 'tooLarge',
	IncompleteBody: 'incompleteBody',
	InvalidDigest: 'invalidChecksum',
	BadDigest: 'checksumMismatch',
	InvalidURI: 'invalidKey',
	MissingRequestBodyError: 'noBody',
	RequestTimeout: 'slowUpload',
	AccessDenied: 'notAllowed',
	InvalidAccessKeyId: 'unknownSecretId',
	SignatureDoesNotMatch: 'wrongSecretKey',
	RequestTimeTooSkewed: 'clockOff',
	ExpiredToken: 'expiredToken',
	InvalidToken: 'invalidToken',
	AccountProblem: 'accountUnusable',
	InvalidObjectState: 'archived',
	NoSuchBucket: 'noBucket',
	NoSuchKey: 'noImage',
	MethodNotAllowed: 'methodNotAllowed',
	OperationAborted: 'concurrentChange',
	MissingContentLength: 'noLength',
	PreconditionFailed: 'changed',
	InvalidRange: 'invalidRange',
	TooManyRequests: 'tooManyRequests',
	SlowDown: 'tooManyRequests',
	ServiceUnavailable: 'unavailable',
	InternalError: 'internalError',
	NotImplemented: 'notImplemented',
	'-103': 'invalidRequest',
	'-104': 'invalidAppId',
	'-106': 'invalidImageUrl',
	'-113': 'unsupportedFormat',
	'-162': 'inArrears',
	'-167': 'tooLarge',
	'-168': 'tooLarge',
	'-442': 'tooLarge',
	'-447': 'tooManyPixels',
	'-901': 'processingTimeout',
	'-6101': 'noSuchImage',
	'-46614': 'incompleteUpload',
	'-46618': 'invalidSignature',
	'-46619': 'expiredSignature',
};

const RETRY: Readonly<Partial<Record<FailureClass, Retry>>> = {
	clockOff: 'afterClock',
	expiredSignature: 'afterClock',
	tooManyRequests: 'later',
	unavailable: 'later',
	internalError: 'later',
};

/** Whether what was refused for this reason may be tried again. */
export function retryOf(failure: FailureClass): Retry {
	return RETRY[failure] ?? 'never';
}

function classOfStatus(status: number): FailureClass {
	if (status >= 300 && status < 400) return 'otherRegion';
	if (status === 403) return 'notAllowed';
	if (status === 404) return 'notFound';
	if (status === 413) return 'tooLarge';
	if (status === 429) return 'tooManyRequests';
	if (status >= 500) return 'unavailable';
	return 'refused';
}

const EXPIRED_MESSAGE = /request has expired/i;

/**
 * What a code is about; unknown codes are classed by their status.
 *
 * @param code the service's code, or `X-ErrNo` as text
 * @param message the service's own words: `AccessDenied` has two meanings
 */
export function classify(code: string, status: number, message = ''): FailureClass {
	if (code === 'AccessDenied' && EXPIRED_MESSAGE.test(message)) return 'expiredSignature';
	const known = Object.hasOwn(CLASS_OF_CODE, code) ? CLASS_OF_CODE[code] : undefined;
	return known ?? classOfStatus(status);
}

/** The body of a refusal. */
export interface ErrorBody {
	code: string;
	message: string;
	requestId?: string;
}

/** Avoids parsing responses that are not refusals: every upload result is checked. */
const ERROR_NODE = /<Error[\s/>]/;

/** The `<Error>` document of a refusal, or undefined when the text is none. */
export function parseErrorBody(xml: string): ErrorBody | undefined {
	// Stryker disable next-line ConditionalExpression: it only saves time.
	if (!ERROR_NODE.test(xml)) return undefined;
	let document: XmlNode;
	try {
		document = parseXml(xml);
	} catch {
		return undefined;
	}
	const root = child(document, 'Error');
	const code = root && text(root, 'Code')?.trim();
	if (!root || !code) return undefined;
	return present({
		code,
		message: text(root, 'Message')?.trim() ?? '',
		requestId: text(root, 'RequestId')?.trim(),
	});
}

const SHOWN_BODY_CHARACTERS = 300;
/** An image, for example, with which Cloud Infinite sends an `X-ErrNo`. */
const NOT_TEXT = /[\0-\x08\x0e-\x1f\x7f\ufffd]/;

/** More than anybody reads, and little enough to look for secrets in at once. */
const READ_CHARACTERS = 8 * 1024;

function beginningOf(text: string, secrets: readonly string[]): string {
	return withoutSecrets(text.slice(0, READ_CHARACTERS), secrets);
}

/** The words of a body that is not the service's own document. */
function wordsOf(body: string, secrets: readonly string[]): string {
	if (NOT_TEXT.test(body)) return '';
	return beginningOf(body, secrets).trim().slice(0, SHOWN_BODY_CHARACTERS);
}

/**
 * Whether a response comes from the service: it has a request id, a code in its body, or `X-ErrNo`. What
 * has none of them comes from something in between.
 */
export function isOfService(headers: ResponseHeaders, error?: ErrorBody): boolean {
	const marks = ['x-cos-request-id', 'x-errno'];
	return error !== undefined || marks.some((name) => header(headers, name) !== undefined);
}

/** `Retry-After` comes as seconds or as a date. */
function retryAfter(headers: ResponseHeaders, serviceTime: number): number | undefined {
	const value = header(headers, 'retry-after');
	if (value === undefined) return undefined;
	if (/^\d+$/.test(value)) return Number(value) * 1000;
	const wait = Date.parse(value) - serviceTime;
	return wait > 0 ? wait : undefined;
}

/**
 * Reads a refusal: status, headers and body, whatever the body is.
 *
 * @param body the response's text; may be empty (HEAD), HTML or cut short
 * @param secrets what was sent and nobody may see (`secretsOfRequest`)
 */
export function readFailure(
	status: number,
	headers: ResponseHeaders,
	body: string,
	secrets: readonly string[] = [],
): CosFailure {
	const isHarmless = (value: string) =>
		value.length <= READ_CHARACTERS && !holdsSecret(value, secrets);
	const harmless = (value: string | undefined) =>
		value !== undefined && isHarmless(value) ? value : undefined;
	const error = parseErrorBody(body);
	const ownCode = harmless(error?.code ?? header(headers, 'x-errno'));
	const code = ownCode ?? `HTTP ${status}`;
	const words = error ? beginningOf(error.message, secrets) : wordsOf(body, secrets);
	const serviceTime = dateOf(headers);
	const failure = classify(code, status, error?.message);
	return present({
		class: failure,
		retry: retryOf(failure),
		status,
		ofService: isOfService(headers, error),
		code,
		hasCode: ownCode !== undefined,
		serviceMessage: words,
		requestId: harmless(header(headers, 'x-cos-request-id') ?? error?.requestId),
		retryAfter: retryAfter(headers, serviceTime),
		serviceTime: Number.isNaN(serviceTime) ? undefined : serviceTime,
	});
}
