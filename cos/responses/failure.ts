import { parseErrorBody } from './xml';

/**
 * Whether a call may be made again without a person changing anything: `never`, `later` (after a
 * pause), or `afterClock` (once, after setting the clock by the answer's `Date`).
 */
export type Retry = 'never' | 'later' | 'afterClock';

/** What a code means to a person. */
export interface Explanation {
	/** A sentence: what happened. */
	what: string;
	/** A sentence: how to get unstuck. */
	advice: string;
	retry: Retry;
}

/** A call that the service refused or did not finish. */
export interface CosFailure extends Explanation {
	/** HTTP status. */
	status: number;
	/** The service's own code, or `X-ErrNo` in download mode, or `HTTP <status>` where there is none. */
	code: string;
	/** The service's own words, whole. */
	serviceMessage: string;
	requestId?: string;
	traceId?: string;
	/** Milliseconds that the service asks to wait for (`Retry-After`). */
	retryAfter?: number;
	/** The service's clock, milliseconds since 1970, where the answer told it. */
	serviceTime?: number;
}

const CHECK_IMAGE = 'Open the image to check that it is whole, then run the item again.';
const TRY_LATER = 'Nothing has to be changed. Run the failed items again in a few minutes.';
const SLOW_DOWN =
	'Run fewer calls at a time, or spread the items over more time. The limit for upload and cloud mode is 100 requests a second for each account.';
const ENABLE_CI =
	'In the Tencent Cloud console, open Cloud Infinite and bind this bucket. Then run the item again.';

const never = (what: string, advice: string): Explanation => ({ what, advice, retry: 'never' });
const later = (what: string, advice = TRY_LATER): Explanation => ({ what, advice, retry: 'later' });

const OTHER_REGION = never(
	'The bucket is in another region',
	'Open the credential and choose the region that the console shows beside the bucket.',
);
const NOT_ALLOWED = never(
	'The account may not do this',
	'Give the account the permissions of the chosen mode: cos:GetObject and ci:CreateImageRepairJob for download, cos:PutObject for upload, cos:GetObject and cos:PutObject for cloud, cos:GetBucket for lists and for the trigger. Also check that the object belongs to this account.',
);
const TOO_LARGE = never(
	'The image is too large',
	'The service takes images of up to 32 MB and 250 million pixels. Make the image smaller first.',
);
const EXPIRED = {
	...never(
		'The signature was no longer valid when the request arrived',
		'Set the clock of the machine that runs n8n (it should follow a time server), then run the item again.',
	),
	retry: 'afterClock' as const,
};

/** The codes that users of this feature meet ("Error Codes"); others are shown as they come. */
export const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
	PermanentRedirect: OTHER_REGION,
	TemporaryRedirect: OTHER_REGION,
	InvalidArgument: never(
		'The service did not accept a value',
		'Read what the service says below. Most often it is the area: check that it lies inside the image.',
	),
	InvalidBucketName: never(
		'The bucket name is not valid',
		'Open the credential and enter the bucket as name-APPID. For example: examplebucket-1250000000.',
	),
	EntityTooLarge: TOO_LARGE,
	IncompleteBody: never('The image did not arrive whole', 'Run the item again.'),
	InvalidDigest: never('The checksum of the image is not valid', CHECK_IMAGE),
	BadDigest: never('The image was changed on its way', 'Run the item again.'),
	InvalidURI: never(
		'The service does not accept this object key',
		'Check the key for "." or ".." between slashes and for characters that do not belong there.',
	),
	MissingRequestBodyError: never(
		'The service received no image',
		'Check that the input binary field holds a file.',
	),
	RequestTimeout: never(
		'The service waited too long for the image',
		'The connection is slow or was interrupted. Run the item again, with fewer images at a time.',
	),
	AccessDenied: NOT_ALLOWED,
	InvalidAccessKeyId: never(
		'The Secret ID is not known',
		'Open the credential and copy the Secret ID again from "API Keys" in the Tencent Cloud console. A deleted or disabled key gives this answer too.',
	),
	SignatureDoesNotMatch: never(
		'The Secret Key does not belong to the Secret ID',
		'Open the credential and copy the Secret Key again from "API Keys" in the Tencent Cloud console, without spaces around it.',
	),
	RequestTimeTooSkewed: {
		...never(
			'The clock of this machine is off',
			'Set the clock of the machine that runs n8n (it should follow a time server), then run the item again.',
		),
		retry: 'afterClock',
	},
	ExpiredToken: never(
		'The temporary credentials have expired',
		'Get new temporary credentials and enter Secret ID, Secret Key and Security Token in the credential.',
	),
	InvalidToken: never(
		'The security token is not valid',
		'Enter Secret ID, Secret Key and Security Token of the same set of temporary credentials.',
	),
	AccountProblem: never(
		'The account cannot be used',
		'Check in the Tencent Cloud console whether the account is in arrears or suspended.',
	),
	InvalidObjectState: never(
		'The image is in archive storage',
		'Restore the object in the console first, or store images to repair in standard storage.',
	),
	NoSuchBucket: never(
		'There is no such bucket',
		'Open the credential and compare bucket and region with the console. The name includes the APPID, as in examplebucket-1250000000.',
	),
	NoSuchKey: never(
		'There is no image under this key',
		'Check Object Key: upper and lower case count, and the key is the full path from the top of the bucket, without the bucket name.',
	),
	MethodNotAllowed: never(
		'The bucket does not allow this request',
		'Check that the endpoint in the credential is one of the bucket itself.',
	),
	OperationAborted: never(
		'Another request changed the same object at the same time',
		'Run the item again. Let no two items write to the same result key.',
	),
	MissingContentLength: never(
		'The request did not tell its length',
		'A proxy between n8n and the service may have removed it. Check the network settings of n8n.',
	),
	PreconditionFailed: never('The object has changed meanwhile', 'Run the item again.'),
	InvalidRange: never('The requested part of the image does not exist', CHECK_IMAGE),
	TooManyRequests: later('The service asks for fewer requests', SLOW_DOWN),
	SlowDown: later('The service asks for fewer requests', SLOW_DOWN),
	ServiceUnavailable: later('The service is not available at the moment'),
	InternalError: later('The service met a fault of its own'),
	NotImplemented: never(
		'The service cannot do this',
		'Check that Cloud Infinite and Image Repair are available in the region of the bucket.',
	),
	// `X-ErrNo` of Cloud Infinite, in download mode.
	'-103': never('The service did not accept the request', 'Read what the service says below.'),
	'-104': never('The APPID is not valid', 'Check the bucket name in the credential.'),
	'-106': never('The address of the image is not valid', 'Check Object Key and Mask Image.'),
	'-113': never(
		'The service cannot read this kind of file',
		'Use a JPG, PNG, BMP, GIF, WebP or HEIF image.',
	),
	'-162': never('The account is in arrears', 'Top up the account in the Tencent Cloud console.'),
	'-167': TOO_LARGE,
	'-168': TOO_LARGE,
	'-442': TOO_LARGE,
	'-447': never(
		'The image has too many pixels',
		'The service takes images of up to 250 million pixels. Make the image smaller first.',
	),
	'-901': never(
		'The service took too long over this image',
		'Run the item again; if that does not help, use a smaller image or area.',
	),
	'-6101': never('There is no such image', 'Check Object Key, upper and lower case included.'),
	'-46614': never('The image was not uploaded whole', 'Upload the image again.'),
	'-46618': never('The signature was not accepted', 'Open the credential and press Test.'),
	'-46619': EXPIRED,
};

const EXPIRED_MESSAGE = /request has expired/i;

function byStatus(status: number): Explanation {
	if (status >= 300 && status < 400) return OTHER_REGION;
	if (status === 403) return NOT_ALLOWED;
	if (status === 404) {
		return never(
			'What was asked for does not exist',
			'Check Object Key, and the bucket and region in the credential.',
		);
	}
	if (status === 413) return TOO_LARGE;
	if (status === 429) return later('The service asks for fewer requests', SLOW_DOWN);
	if (status >= 500) return later('The service is not available at the moment');
	return never(
		'The service refused the request',
		`Read what the service says below. Where it speaks of Cloud Infinite or of binding: ${ENABLE_CI}`,
	);
}

/**
 * What a code means.
 *
 * @param code the service's code, or `X-ErrNo` as text
 * @param message the service's own words: one code has two meanings
 */
export function explain(code: string, status: number, message = ''): Explanation {
	if (code === 'AccessDenied' && EXPIRED_MESSAGE.test(message)) return EXPIRED;
	return Object.hasOwn(EXPLANATIONS, code)
		? (EXPLANATIONS[code] ?? byStatus(status))
		: byStatus(status);
}

/** Header values by lower-case name, as Node gives them. */
export type AnswerHeaders = Readonly<Record<string, unknown>>;

/** The value of a header, or undefined; of a repeated one, the first. */
export function header(headers: AnswerHeaders, name: string): string | undefined {
	const value: unknown = Object.hasOwn(headers, name) ? headers[name] : undefined;
	const first: unknown = Array.isArray(value) ? value[0] : value;
	return typeof first === 'string' && first !== '' ? first : undefined;
}

const SHOWN_BODY_CHARACTERS = 300;

/** A gateway may repeat the request it could not pass on: nothing of a signature is ever shown. */
const SECRET = /authorization|q-sign|q-ak|security-token/i;

function withoutSecrets(text: string): string {
	return SECRET.test(text) ? '' : text;
}

/** `Retry-After` comes as seconds or as a date. */
function retryAfter(headers: AnswerHeaders, serviceTime: number): number | undefined {
	const value = header(headers, 'retry-after');
	if (value === undefined) return undefined;
	if (/^\d+$/.test(value)) return Number(value) * 1000;
	const wait = Date.parse(value) - serviceTime;
	return wait > 0 ? wait : undefined;
}

/**
 * Reads a refusal: status, headers and body, whatever the body is.
 *
 * @param body the answer's text; may be empty (HEAD), HTML or cut short
 */
export function readFailure(status: number, headers: AnswerHeaders, body: string): CosFailure {
	const error = parseErrorBody(body);
	const code = error?.code ?? header(headers, 'x-errno') ?? `HTTP ${status}`;
	const serviceMessage = error
		? withoutSecrets(error.message)
		: withoutSecrets(body).trim().slice(0, SHOWN_BODY_CHARACTERS);
	const serviceTime = Date.parse(header(headers, 'date') ?? '');
	return {
		...explain(code, status, serviceMessage),
		status,
		code,
		serviceMessage,
		requestId: header(headers, 'x-cos-request-id') ?? error?.requestId,
		traceId: header(headers, 'x-cos-trace-id') ?? error?.traceId,
		retryAfter: retryAfter(headers, serviceTime),
		...(Number.isNaN(serviceTime) ? {} : { serviceTime }),
	};
}
