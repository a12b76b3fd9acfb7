import COS from 'cos-nodejs-sdk-v5';

import type { SandboxAddress } from '../../../dev/sandbox/sandbox';
import type { RawRequest } from './send';

/** A request signed by Tencent's SDK for a sandbox. */
export function signedFor(
	sandbox: SandboxAddress,
	method: string,
	target: string,
	given: Record<string, string> = {},
): RawRequest {
	const [path = '', parameters = ''] = target.split('?');
	const headers = { Host: new URL(sandbox.url).host, ...given };
	const Authorization = COS.getAuthorization({
		SecretId: sandbox.secretId,
		SecretKey: sandbox.secretKey,
		Method: method as COS.Method,
		Key: path.slice(1),
		Query: Object.fromEntries(new URLSearchParams(parameters)),
		Headers: { ...headers },
	});
	return { method, target, headers: { ...headers, Authorization } };
}
