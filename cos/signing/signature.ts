import { algo } from 'crypto-js/core';
// Both register themselves in `algo`, where a hasher can be created once and reused.
import 'crypto-js/hmac-sha1';
import 'crypto-js/sha1';

import { compareKeys } from '../location/objectKey';
import { percentEncode, type Parameters } from './encoding';

/** An account's key pair, and the token of temporary credentials. */
export interface CosKeys {
	secretId: string;
	secretKey: string;
	securityToken?: string;
}

/** Unix seconds, both ends included. */
export interface KeyTime {
	start: number;
	end: number;
}

export interface SignableRequest {
	method: string;
	/** Decoded, with its leading slash: `/` plus the object key. */
	path: string;
	query: Parameters;
	/** The headers to sign, all of them, `Host` included. */
	headers: Parameters;
}

/** Every intermediate value of a signature, for tests against the published vectors. */
export interface SignatureSteps {
	keyTime: string;
	signKey: string;
	headerList: string;
	urlParamList: string;
	httpString: string;
	stringToSign: string;
	signature: string;
}

const VALIDITY_SECONDS = 600;
const KEY_TIME_STEP_SECONDS = 60;
const SIGN_KEYS_KEPT = 64;

interface Hash {
	reset(): void;
	finalize(text: string): { toString(): string };
}

/** A sign key, and the HMAC that signs with it. */
interface Signer {
	signKey: string;
	hmac: Hash;
}

const signers = new Map<string, Signer>();
const sha1 = algo.SHA1.create();

function hmacSha1(key: string): Hash {
	return algo.HMAC.create(algo.SHA1, key);
}

/** 40 hex digits. Resets the hasher first, whatever state it was left in. */
function hexOf(hash: Hash, text: string): string {
	hash.reset();
	return hash.finalize(text).toString();
}

/**
 * The validity of a request signed at `now` (milliseconds since 1970). It starts at the previous full
 * minute: requests of the same minute share one sign key, and a clock that is up to a minute ahead of
 * the service's does no harm.
 */
export function keyTimeAt(now: number): KeyTime {
	const seconds = Math.floor(now / 1000);
	const start = seconds - (seconds % KEY_TIME_STEP_SECONDS) - KEY_TIME_STEP_SECONDS;
	return { start, end: start + VALIDITY_SECONDS };
}

/** Depends on the secret key and the key time only, so it is kept while a key time is reused. */
function signerFor(secretKey: string, keyTime: string): Signer {
	const name = `${keyTime}\n${secretKey}`;
	const kept = signers.get(name);
	// Stryker disable next-line ConditionalExpression: it only saves time.
	if (kept !== undefined) return kept;
	// Stryker disable next-line ConditionalExpression,EqualityOperator: only memory and time depend on it.
	if (signers.size >= SIGN_KEYS_KEPT) signers.clear();
	const signKey = hexOf(hmacSha1(secretKey), keyTime);
	const signer = { signKey, hmac: hmacSha1(signKey) };
	signers.set(name, signer);
	return signer;
}

/**
 * Sorted by name and, where a name is given more than once, by value: the documentation sorts names only,
 * and Tencent's Go SDK (`auth.go`) the values too.
 */
function canonical(parameters: Parameters): { list: string; text: string } {
	const encoded = parameters
		.map(([name, value]) => ({ name: percentEncode(name).toLowerCase(), value }))
		.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : compareKeys(a.value, b.value)));
	return {
		list: encoded.map(({ name }) => name).join(';'),
		text: encoded.map(({ name, value }) => `${name}=${percentEncode(value)}`).join('&'),
	};
}

/** The steps of "Request Signature" (COS XML API, `q-sign-algorithm=sha1`), one by one. */
export function signatureSteps(
	request: SignableRequest,
	secretKey: string,
	{ start, end }: KeyTime,
): SignatureSteps {
	const keyTime = `${start};${end}`;
	const { signKey, hmac } = signerFor(secretKey, keyTime);
	const query = canonical(request.query);
	const headers = canonical(request.headers);
	const httpString = [
		request.method.toLowerCase(),
		request.path,
		query.text,
		headers.text,
		'',
	].join('\n');
	const stringToSign = ['sha1', keyTime, hexOf(sha1, httpString), ''].join('\n');
	return {
		keyTime,
		signKey,
		headerList: headers.list,
		urlParamList: query.list,
		httpString,
		stringToSign,
		signature: hexOf(hmac, stringToSign),
	};
}

function signingFields(
	request: SignableRequest,
	keys: CosKeys,
	keyTime: KeyTime,
): Array<readonly [string, string]> {
	const steps = signatureSteps(request, keys.secretKey, keyTime);
	return [
		['q-sign-algorithm', 'sha1'],
		['q-ak', keys.secretId],
		['q-sign-time', steps.keyTime],
		['q-key-time', steps.keyTime],
		['q-header-list', steps.headerList],
		['q-url-param-list', steps.urlParamList],
		['q-signature', steps.signature],
	];
}

/** The value of the `Authorization` header. A security token is sent in a separate header. */
export function authorizationHeader(
	request: SignableRequest,
	keys: CosKeys,
	keyTime: KeyTime,
): string {
	return signingFields(request, keys, keyTime)
		.map(([name, value]) => `${name}=${value}`)
		.join('&');
}

/** The query string of a presigned URL, without `?`: signing fields, token, own parameters. */
export function presignedQuery(request: SignableRequest, keys: CosKeys, keyTime: KeyTime): string {
	const token: Parameters = keys.securityToken
		? [['x-cos-security-token', keys.securityToken]]
		: [];
	return [...signingFields(request, keys, keyTime), ...token, ...request.query]
		.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
		.join('&');
}
