import Base64url from 'crypto-js/enc-base64url';
import Utf8 from 'crypto-js/enc-utf8';

import { authorize, secretsOf, type Account, type OutgoingRequest } from '../signing/authorize';
import { isRecord } from '../values';

/** The address in a `MaskPic`; '' when it is none. */
function maskUrl(encoded: string): string {
	try {
		const standard = encoded.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
		return Utf8.stringify(Base64url.parse(standard));
	} catch {
		return '';
	}
}

/** The address that a parameter holds. */
function addressIn(name: string, value: string): string[] {
	if (name === 'MaskPic') return [maskUrl(value)];
	return name === 'detect-url' ? [value] : [];
}

/** The rules of a `Pic-Operations` header; none when it is not one. */
function rulesOf(operations: string): string[] {
	let value: unknown;
	try {
		value = JSON.parse(operations);
	} catch {
		return [];
	}
	const rules: unknown[] = isRecord(value) && Array.isArray(value.rules) ? value.rules : [];
	return rules
		.filter(isRecord)
		.map(({ rule }) => rule)
		.filter((rule) => typeof rule === 'string');
}

function addressesInRule(rule: string): string[] {
	return rule.split('&').flatMap((part) => {
		const equals = part.indexOf('=');
		return addressIn(part.slice(0, equals), part.slice(equals + 1));
	});
}

/** Long enough, and mixed enough, to be no word. */
const LOOKS_RANDOM = /^(?=.*\d)(?=.*[a-z]).{8,}$/i;

/** What an address gives access by: itself with its query or login, and the values in them. */
function secretsOfAddress(address: string): string[] {
	let url: URL;
	try {
		url = new URL(address);
	} catch {
		return [];
	}
	if (url.search === '' && url.username === '' && url.password === '') return [];
	const values = [...url.searchParams.values(), url.password];
	return [address, ...values.filter((value) => LOOKS_RANDOM.test(value))];
}

/**
 * All that is secret about a request: the account's keys, its `Authorization` with the signature in it, and
 * the addresses of images that only their queries give access to.
 *
 * @param request as `authorize` signed it
 * @param now as `authorize` was given it, for a request without a `Date`
 */
export function secretsOfRequest(
	account: Account,
	request: OutgoingRequest,
	now: number,
): readonly string[] {
	const { url, headers } = authorize(account, request, now);
	const addresses = [...new URL(url).searchParams].flatMap(([name, value]) =>
		addressIn(name, value),
	);
	addresses.push(...rulesOf(headers['Pic-Operations'] ?? '').flatMap(addressesInRule));
	const secrets = [
		...secretsOf(account),
		headers.Authorization ?? '',
		...addresses.flatMap(secretsOfAddress),
	];
	return [...new Set(secrets)];
}
