import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { parseListBucketResult, UnreadableAnswer } from '../../cos/responses/xml';
import { authorize } from '../../cos/signing/authorize';
import { requestUrl } from '../../cos/location/endpoint';
import { readFailure, type AnswerHeaders, type CosFailure } from '../../cos/responses/failure';
import { InvalidInput } from '../../cos/invalidInput';
import { readAccount } from '../../credentials/account';
import { LABELS } from './errors';

const failed = (message: string): INodeCredentialTestResult => ({ status: 'Error', message });

/** What n8n's helper gives for the options below. */
interface TestAnswer {
	statusCode: number;
	headers: AnswerHeaders;
	body: unknown;
}

function explainRefusal({ what, advice, code, serviceMessage }: CosFailure): string {
	if (code === 'AccessDenied' && !/expired/i.test(serviceMessage)) {
		// n8n shows a message only with a test that did not pass, and the service gives the same answer for
		// somebody else's bucket, so this cannot be reported as a success.
		return 'Secret ID and Secret Key are valid, but this account is not allowed to list the bucket. If the bucket is your own, save the credential: the node works without listing. For "From list", allow the action cos:GetBucket.';
	}
	return `${what}. ${advice}`;
}

/** A domain of one's own answers for its bucket, whatever the credential says. */
function checkBucketName(bucket: string, listing: string): INodeCredentialTestResult {
	const { name } = parseListBucketResult(listing);
	if (name !== undefined && name !== bucket) {
		return failed(
			`The domain belongs to the bucket "${name}", not to "${bucket}". Correct Bucket or Custom Domain.`,
		);
	}
	return { status: 'OK', message: 'Secret ID, Secret Key, bucket and region are valid.' };
}

/** Lists one object of the bucket: the cheapest call that proves keys, bucket and region at once. */
export async function testTencentCloudInfiniteApi(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const account = readAccount(credential.data ?? {});
	let host = '';
	try {
		const url = requestUrl(account.location, '', [['max-keys', '1']]);
		host = new URL(url).host;
		const { headers } = authorize(account, { method: 'GET', url, headers: {} }, Date.now());
		// The helper of this one context is n8n's older one; it has no other.
		const { request } = this.helpers;
		const answer = (await request({
			method: 'GET',
			uri: url,
			headers,
			simple: false,
			resolveWithFullResponse: true,
			followRedirect: false,
			timeout: 20_000,
		})) as TestAnswer;
		const body = typeof answer.body === 'string' ? answer.body : '';
		if (answer.statusCode >= 200 && answer.statusCode < 300) {
			return checkBucketName(account.location.bucket, body);
		}
		return failed(explainRefusal(readFailure(answer.statusCode, answer.headers, body)));
	} catch (error) {
		if (error instanceof UnreadableAnswer) {
			return failed(`${host} does not answer as a bucket does. Check Endpoint and Custom Domain.`);
		}
		if (error instanceof InvalidInput) {
			return failed(`${LABELS[error.field]} ${error.what}. ${error.advice}`);
		}
		// What the network says may hold the request, its signature included: only the host is repeated.
		return failed(
			`${host} cannot be reached. Check Region, Bucket and Endpoint, and the network connection of the machine that runs n8n.`,
		);
	}
}
