import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { requestUrl } from '../../cos/location/endpoint';
import { probeRequest } from '../../cos/requests/list';
import { secretsOfRequest } from '../../cos/requests/sentSecrets';
import { readFailure, type CosFailure } from '../../cos/responses/failure';
import type { ResponseHeaders } from '../../cos/responses/headers';
import { parseListBucketResult } from '../../cos/responses/list';
import { withoutSecrets } from '../../cos/responses/secrets';
import { UnreadableResponse } from '../../cos/responses/xml';
import { authorize, type Account, type OutgoingRequest } from '../../cos/signing/authorize';
import { readAccount } from '../../credentials/account';
import { connectionFailed, timedOut } from './connection';
import type { ConnectionFailed } from './errors';
import { explainInvalid } from './explainInvalid';
import { CONNECTION, CREDENTIAL_TEST, FAILURE, fill } from './messages';

const TIMEOUT_SECONDS = 20;
/** What axios calls it when `timeout` is over. */
const TIME_UP = new Set(['ECONNABORTED', 'ETIMEDOUT']);

function failed(message: string, advice: string): INodeCredentialTestResult {
	return { status: 'Error', message: `${message}. ${advice}` };
}

/** What n8n's helper gives for the options below. */
interface TestResponse {
	statusCode: number;
	headers: ResponseHeaders;
	body: unknown;
}

function explainConnection({ reason, values }: ConnectionFailed): INodeCredentialTestResult {
	const { message, advice } = CONNECTION[reason];
	return failed(fill(message, { ...values }), advice);
}

/** n8n's older helper shows no socket, so a proxy's refusal cannot be told from a gateway's. */
function explainInBetween(host: string, status: number): INodeCredentialTestResult {
	const { message, advice } = status === 407 ? CONNECTION.proxyLogin : CREDENTIAL_TEST.inBetween;
	return failed(fill(message, { host, status }), advice);
}

function explainRefusal(failure: CosFailure): INodeCredentialTestResult {
	// n8n shows a message only with a test that did not pass, and the service refuses access to somebody
	// else's bucket with the same code, so this cannot be reported as a success.
	const mayNotList = failure.code === 'AccessDenied' && failure.class === 'notAllowed';
	const { message, advice } = mayNotList ? CREDENTIAL_TEST.cannotList : FAILURE[failure.class];
	return failed(message, advice);
}

/** A custom domain responds for its own bucket, whatever the credential says. */
function checkBucketName(
	bucket: string,
	listing: string,
	secrets: () => readonly string[],
): INodeCredentialTestResult {
	const { name } = parseListBucketResult(listing);
	if (name !== undefined && name !== bucket) {
		const { message, advice } = CREDENTIAL_TEST.otherBucket;
		return failed(fill(message, { name: withoutSecrets(name, secrets()), bucket }), advice);
	}
	return { status: 'OK', message: CREDENTIAL_TEST.valid };
}

function probeOf({ location }: Account): OutgoingRequest {
	const { method, key, query, headers } = probeRequest();
	return { method, url: requestUrl(location, key, query), headers };
}

async function send(
	{ helpers }: ICredentialTestFunctions,
	{ method, url, headers }: OutgoingRequest,
): Promise<TestResponse> {
	// The helper of this one context is n8n's older one; it has no other.
	return (await helpers.request({
		method,
		uri: url,
		headers,
		simple: false,
		resolveWithFullResponse: true,
		followRedirect: false,
		timeout: TIMEOUT_SECONDS * 1000,
	})) as TestResponse;
}

/** Lists one object of the bucket: the cheapest call that proves keys, bucket and region at once. */
export async function testTencentCloudInfiniteApi(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	let host = '';
	try {
		const account = readAccount(credential.data ?? {});
		({ host } = new URL(account.location.origin));
		const probe = probeOf(account);
		const now = Date.now();
		const { statusCode, headers, body } = await send(this, authorize(account, probe, now));
		const secrets = () => secretsOfRequest(account, probe, now);
		const text = typeof body === 'string' ? body : '';
		if (statusCode >= 200 && statusCode < 300) {
			return checkBucketName(account.location.bucket, text, secrets);
		}
		const failure = readFailure(statusCode, headers, text, secrets());
		return failure.ofService ? explainRefusal(failure) : explainInBetween(host, statusCode);
	} catch (error) {
		const invalid = explainInvalid(error);
		if (invalid) return failed(invalid.message, invalid.advice);
		if (error instanceof UnreadableResponse) {
			const { message, advice } = CREDENTIAL_TEST.notBucket;
			return failed(fill(message, { host }), advice);
		}
		// What the network says may hold the request, its signature included: only the host is repeated.
		const connection = connectionFailed(error, host);
		const isTimeUp = TIME_UP.has(connection.code);
		return explainConnection(isTimeUp ? timedOut(host, TIMEOUT_SECONDS, connection) : connection);
	}
}
