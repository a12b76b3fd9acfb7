import { isUtf8 } from 'node:buffer';
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

import { CosFailure } from './failure';
import { percentEncode } from './target';

/** The one account that may use the sandbox. */
export interface Account {
	readonly secretId: string;
	readonly secretKey: string;
	/** set for temporary credentials: every request must carry exactly this token */
	readonly token?: string;
}

/** What the buckets ask of signatures; can be changed while the sandbox runs. */
export interface SignatureSettings {
	/** strict signature mode: what describes the body must be signed */
	strict: boolean;
}

/** The parts of a request that a signature can cover. */
export interface SignedRequest {
	readonly method: string;
	/** decoded, with its leading slash */
	readonly path: string;
	/** decoded; may include the signing parameters of a presigned URL */
	readonly query: ReadonlyMap<string, string>;
	/** all values of the parameters that are given more than once */
	readonly repeated?: ReadonlyMap<string, readonly string[]>;
	/** names in lower case */
	readonly headers: ReadonlyMap<string, string>;
}

/** Where a request carries its signature. */
type SignaturePlace = 'header' | 'query' | 'none';

interface Window {
	/** Unix seconds */
	readonly start: number;
	/** Unix seconds */
	readonly end: number;
}

/** The fields of a signature as the client sent them. */
interface Claim {
	readonly secretId: string;
	readonly signTime: string;
	readonly keyTime: string;
	readonly headers: readonly string[];
	readonly parameters: readonly string[];
	readonly signature: string;
}

/** A signature and its intermediate values, named as in the specification. */
export interface Derivation {
	readonly signKey: string;
	readonly httpString: string;
	readonly stringToSign: string;
	readonly signature: string;
}

const FIELDS = [
	'q-sign-algorithm',
	'q-ak',
	'q-sign-time',
	'q-key-time',
	'q-header-list',
	'q-url-param-list',
	'q-signature',
] as const;

const TOKEN = 'x-cos-security-token';
/** What a bucket in strict signature mode demands to be signed where it is sent. */
const STRICTLY_SIGNED = ['content-type', 'content-length', 'content-md5'] as const;
const MAX_DATE_SKEW_SECONDS = 15 * 60;

/** Parameters of a presigned URL that belong to the signature, not to the request. */
export const SIGNING_PARAMETERS: ReadonlySet<string> = new Set([...FIELDS, 'sign', TOKEN]);

const hmac = (key: string, text: string) => createHmac('sha1', key).update(text).digest('hex');

/** Finds where the request carries its signature, without checking it. */
export function signaturePlace(request: SignedRequest): SignaturePlace {
	if (request.headers.has('authorization')) return 'header';
	return FIELDS.some((field) => request.query.has(field)) ? 'query' : 'none';
}

const malformed = (message: string) =>
	new CosFailure('InvalidArgument', `Authorization: ${message}`);

function claimedFields(request: SignedRequest): Map<string, string> {
	const place = signaturePlace(request);
	if (place === 'none') {
		throw new CosFailure('AccessDenied', 'Access Denied. The request has no signature.');
	}
	const inQuery = FIELDS.filter((field) => request.query.has(field));
	if (place === 'query') {
		return new Map(inQuery.map((field) => [field, request.query.get(field) ?? '']));
	}
	if (inQuery.length > 0) throw malformed('the signature is in both a header and the URL.');
	const fields = new Map<string, string>();
	for (const part of (request.headers.get('authorization') ?? '').split('&')) {
		const equals = part.indexOf('=');
		const name = part.slice(0, Math.max(equals, 0));
		if (!FIELDS.some((field) => field === name))
			throw malformed(`"${part}" is not one of its fields.`);
		if (fields.has(name)) throw malformed(`${name} is given twice.`);
		fields.set(name, part.slice(equals + 1));
	}
	return fields;
}

const readList = (text: string) => (text === '' ? [] : text.split(';'));

function readClaim(request: SignedRequest): Claim {
	const fields = claimedFields(request);
	const field = (name: (typeof FIELDS)[number]): string => {
		const value = fields.get(name);
		if (value === undefined) throw malformed(`${name} is missing.`);
		return value;
	};
	const algorithm = field('q-sign-algorithm');
	if (algorithm !== 'sha1') throw malformed(`q-sign-algorithm must be sha1, not "${algorithm}".`);
	const signature = field('q-signature');
	if (!/^[0-9a-f]{40}$/.test(signature)) throw malformed('q-signature must be 40 hex digits.');
	return {
		secretId: field('q-ak'),
		signTime: field('q-sign-time'),
		keyTime: field('q-key-time'),
		headers: readList(field('q-header-list')),
		parameters: readList(field('q-url-param-list')),
		signature,
	};
}

function readWindow(name: string, text: string): Window {
	const match = /^(\d{1,12});(\d{1,12})$/.exec(text);
	const window = { start: Number(match?.[1]), end: Number(match?.[2]) };
	if (!match || window.start > window.end) {
		throw malformed(`${name} must be <start>;<end> in Unix seconds, not "${text}".`);
	}
	return window;
}

function checkWindow(name: string, text: string, now: number): void {
	const { start, end } = readWindow(name, text);
	const serverTime = { ServerTime: new Date(now * 1000).toISOString() };
	if (now > end) {
		throw new CosFailure('AccessDenied', 'Request has expired', {
			Expires: new Date(end * 1000).toISOString(),
			...serverTime,
		});
	}
	if (now < start) {
		throw new CosFailure(
			'RequestTimeTooSkewed',
			`${name} starts ${Math.ceil(start - now)} s after the server's time: is your clock ahead?`,
			{ RequestTime: new Date(start * 1000).toISOString(), ...serverTime },
		);
	}
}

function checkDate(request: SignedRequest, now: number): void {
	const header = request.headers.get('date');
	if (header === undefined) return;
	const date = Date.parse(header) / 1000;
	if (Number.isNaN(date)) throw new CosFailure('InvalidArgument', 'Date is not an HTTP date.');
	if (Math.abs(date - now) > MAX_DATE_SKEW_SECONDS) {
		throw new CosFailure(
			'RequestTimeTooSkewed',
			'The difference between the request time and the server time is too large.',
			{
				RequestTime: new Date(date * 1000).toISOString(),
				ServerTime: new Date(now * 1000).toISOString(),
				MaxAllowedSkewMilliseconds: String(MAX_DATE_SKEW_SECONDS * 1000),
			},
		);
	}
}

function checkToken(request: SignedRequest, account: Account): void {
	const given = request.headers.get(TOKEN) ?? request.query.get(TOKEN);
	if (given === account.token) return;
	if (given === undefined) {
		throw new CosFailure(
			'InvalidAccessKeyId',
			`The key is temporary: it is valid only with its ${TOKEN}.`,
		);
	}
	throw new CosFailure('ExpiredToken', `The ${TOKEN} does not belong to this key or has expired.`);
}

/** The values that were sent, by name. */
type Sent = ReadonlyMap<string, string | readonly string[]>;

/** Maps the names, in canonical form, to the values that were sent, sorted. */
function canonicalValues(sent: Sent): Map<string, string[]> {
	const values = new Map<string, string[]>();
	for (const [name, value] of sent) {
		const canonical = percentEncode(name).toLowerCase();
		values.set(canonical, [...(values.get(canonical) ?? []), ...[value].flat()]);
	}
	// As Tencent's Go SDK does it (`auth.go`); the documentation only says that names are sorted.
	for (const [name, list] of values) values.set(name, list.sort(compareBytes));
	return values;
}

const compareBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/**
 * Builds the canonical `name=value` pairs for a list of names, sorted by name. A name can be listed
 * encoded, as the specification says, or decoded, as it arrives if an SDK encodes the list of a URL
 * only once.
 * @returns the pairs joined by `&`, and the listed names that were not sent
 */
function canonicalPairs(
	listed: readonly string[],
	sent: Sent,
	order: (name: string) => string,
): { text: string; absent: string[] } {
	const values = canonicalValues(sent);
	const absent: string[] = [];
	const pairs: Array<[name: string, value: string]> = [];
	for (const name of listed) {
		const encoded = values.has(name) ? name : percentEncode(name).toLowerCase();
		// A name that was sent more than once is listed as often.
		const value = values.get(encoded)?.shift();
		if (value === undefined) absent.push(name);
		else pairs.push([encoded, value]);
	}
	pairs.sort(([a], [b]) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0));
	const text = pairs.map(([name, value]) => `${name}=${percentEncode(value)}`).join('&');
	return { text, absent };
}

/** The text of a header's bytes, which Node gives as Latin-1; undefined if they are not UTF-8. */
export function headerText(value: string): string | undefined {
	const bytes = Buffer.from(value, 'latin1');
	return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}

/**
 * SDKs sign the UTF-8 text of a header: what arrives in other bytes, Latin-1 above all, is not what was
 * signed. That the service refuses such a header, signed or not, and with which code, is assumed.
 * @throws CosFailure `SignatureDoesNotMatch` if the header is signed, otherwise `InvalidArgument`
 */
function checkHeaderTexts({ headers }: SignedRequest, claim: Claim): void {
	for (const [name, value] of headers) {
		if (headerText(value) !== undefined) continue;
		throw new CosFailure(
			claim.headers.includes(name) ? 'SignatureDoesNotMatch' : 'InvalidArgument',
			`The header ${name} is not valid UTF-8.`,
		);
	}
}

/**
 * Computes the signature over the listed headers and parameters (names lower-case and
 * percent-encoded), following the steps of the specification.
 * @param order returns the text to sort a name by; the encoded name by default
 * @returns the derivation, and the listed names that the request does not have
 */
export function deriveSignature(
	request: SignedRequest,
	claim: {
		readonly secretKey: string;
		readonly signTime: string;
		readonly keyTime: string;
		readonly headers: readonly string[];
		readonly parameters: readonly string[];
	},
	order: (name: string) => string = (name) => name,
): Derivation & { readonly absent: readonly string[] } {
	const headers = new Map(
		[...request.headers].map(([name, value]) => [name, headerText(value) ?? value]),
	);
	const signedHeaders = canonicalPairs(claim.headers, headers, order);
	const sent: Sent = new Map<string, string | readonly string[]>([
		...request.query,
		...(request.repeated ?? []),
	]);
	const parameters = canonicalPairs(claim.parameters, sent, order);
	const httpString =
		`${request.method.toLowerCase()}\n${request.path}\n` +
		`${parameters.text}\n${signedHeaders.text}\n`;
	const digest = createHash('sha1').update(httpString).digest('hex');
	const stringToSign = `sha1\n${claim.signTime}\n${digest}\n`;
	const signKey = hmac(claim.secretKey, claim.keyTime);
	return {
		signKey,
		httpString,
		stringToSign,
		signature: hmac(signKey, stringToSign),
		absent: [...signedHeaders.absent, ...parameters.absent],
	};
}

/** The Python SDK signs the host without the port that it sends. */
function withoutPort(request: SignedRequest): SignedRequest {
	const host = request.headers.get('host');
	if (host === undefined) return request;
	return {
		...request,
		headers: new Map([...request.headers, ['host', host.replace(/:\d+$/, '')]]),
	};
}

const sameText = (a: string, b: string) =>
	a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/**
 * How an upload is stored: unsigned, it could be changed on the way. `Cache-Control` is not among them, as
 * the Node.js SDK adds one after it has signed.
 */
const OF_UPLOAD = /^x-cos-(?!security-token$)/;

function mustBeSigned(name: string, { method }: SignedRequest): boolean {
	if (name === 'host' || name === 'pic-operations') return true;
	return method === 'PUT' && OF_UPLOAD.test(name);
}

/**
 * Verifies the signature in a request's header or URL, over the headers and parameters it lists.
 * `host` must always be signed, `pic-operations` if it is sent, and of an upload what says how it is stored:
 * the sandbox is stricter there than any page.
 * @param now the server's clock, Unix seconds
 * @throws CosFailure `AccessDenied` (missing, expired, or a required header is not signed),
 * `InvalidArgument` (malformed), `InvalidAccessKeyId`, `ExpiredToken`, `RequestTimeTooSkewed`,
 * `SignatureDoesNotMatch` with the server's `StringToSign` and `FormatString`
 */
export function verifySignature(
	request: SignedRequest,
	account: Account,
	now: number,
	{ strict: isStrict }: SignatureSettings = { strict: false },
): void {
	const claim = readClaim(request);
	if (claim.secretId !== account.secretId) {
		throw new CosFailure(
			'InvalidAccessKeyId',
			'The access key Id you provided does not exist in our records.',
		);
	}
	checkWindow('q-sign-time', claim.signTime, now);
	checkWindow('q-key-time', claim.keyTime, now);
	checkDate(request, now);
	checkToken(request, account);
	for (const name of request.headers.keys()) {
		if (mustBeSigned(name, request) && !claim.headers.includes(name)) {
			throw new CosFailure('AccessDenied', `The header ${name} must be signed.`);
		}
	}
	const unsigned = STRICTLY_SIGNED.some(
		(name) => request.headers.has(name) && !claim.headers.includes(name),
	);
	if (isStrict && unsigned) {
		throw new CosFailure('AccessDenied', 'Strict signature missing header that must be signed');
	}

	checkHeaderTexts(request, claim);
	const secrets = { ...claim, secretKey: account.secretKey };
	const derived = deriveSignature(request, secrets);
	const isClaimed = ({ signature }: Derivation) => sameText(signature, claim.signature);
	const matches =
		isClaimed(derived) ||
		isClaimed(deriveSignature(withoutPort(request), secrets)) ||
		// The Node.js SDK sorts by the unencoded name. The order differs only if a name contains
		// characters that need encoding.
		[request, withoutPort(request)].some((form) =>
			isClaimed(deriveSignature(form, secrets, decodeURIComponent)),
		);
	if (matches && derived.absent.length === 0) return;
	const missing =
		derived.absent.length > 0
			? ` Listed as signed but missing from the request: ${derived.absent.join(', ')}.`
			: '';
	throw new CosFailure(
		'SignatureDoesNotMatch',
		`The signature we calculated does not match the one you provided.${missing}`,
		{ StringToSign: derived.stringToSign, FormatString: derived.httpString },
	);
}
