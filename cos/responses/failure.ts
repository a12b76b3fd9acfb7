import { present, unlessThrown } from '../values';
import {
	classify,
	classInBetween,
	isKnownCode,
	retryOf,
	type FailureClass,
	type Retry,
} from './codes';
import { dateOf, header, type ResponseHeaders } from './headers';
import { holdsSecret, withoutSecrets } from './secrets';
import { child, parseXml, text } from './xml';

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
	/** `X-ErrNo` or the service's own code, whichever is more exact; `HTTP <status>` where there is none. */
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
	const document = unlessThrown(() => parseXml(xml));
	const root = document && child(document, 'Error');
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
 * `X-ErrNo`, by which Cloud Infinite tells that it did not process an image. It stays where a bucket has
 * a status of 200 and an image for what is refused ("4xx Image Setting", 460/6933).
 *
 * @returns undefined when it is absent, or 0
 */
export function errNoOf(headers: ResponseHeaders): string | undefined {
	const value = header(headers, 'x-errno')?.trim();
	return value === undefined || value === '' || Number(value) === 0 ? undefined : value;
}

/** `X-ErrNo` is more exact than a code beside it, but may be one that nobody has documented. */
function codeOf(errNo: string | undefined, error: ErrorBody | undefined): string | undefined {
	const codes = [errNo, error?.code].filter((code) => code !== undefined);
	return codes.find(isKnownCode) ?? codes[0];
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
	const ownCode = harmless(codeOf(errNoOf(headers), error));
	const code = ownCode ?? `HTTP ${status}`;
	const words = error ? beginningOf(error.message, secrets) : wordsOf(body, secrets);
	const serviceTime = dateOf(headers);
	const ofService = isOfService(headers, error);
	const failure = ofService ? classify(code, status, error?.message) : classInBetween(status);
	return present({
		class: failure,
		retry: retryOf(failure),
		status,
		ofService,
		code,
		hasCode: ownCode !== undefined,
		serviceMessage: words,
		requestId: harmless(header(headers, 'x-cos-request-id') ?? error?.requestId),
		retryAfter: retryAfter(headers, serviceTime),
		serviceTime: Number.isNaN(serviceTime) ? undefined : serviceTime,
	});
}
