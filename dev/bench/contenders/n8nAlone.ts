import {
	NodeConnectionTypes,
	type ICredentialDataDecryptedObject,
	type ICredentialType,
	type IExecuteFunctions,
	type IHttpRequestOptions,
	type IN8nHttpFullResponse,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import pLimit from 'p-limit';

import type { OutgoingRequest } from '../../../cos/signing/authorize';
import { TencentCloudInfiniteApi } from '../../../credentials/TencentCloudInfiniteApi.credentials';
import type { Bucket, Contender } from './contender';
import { inEngine } from './imageRepairNode';
import { signedRequests } from './signedRequests';

/** Requests signed before the clock runs, for the node below. */
let ready: OutgoingRequest[] = [];

/**
 * A credential that has nothing to do, as the requests are signed already. It has the fields of ours,
 * which n8n fills with their defaults for every request.
 */
class SignedBefore implements ICredentialType {
	name = 'signedBefore';

	displayName = 'Signed Before';

	properties = new TencentCloudInfiniteApi().properties;

	authenticate = (
		_credentials: ICredentialDataDecryptedObject,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => Promise.resolve(request);
}

/**
 * The least that a node can be which makes the same calls: for each item it reads the two
 * parameters that differ from item to item, and hands a ready request to n8n's own helper. What it
 * costs is n8n's own share, whoever writes the node.
 */
class LeastNode implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Least Node',
		name: 'leastNode',
		group: ['transform'],
		version: 1,
		description: 'Makes the calls and nothing else',
		defaults: { name: 'Least Node' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'signedBefore', required: true }],
		properties: [
			{ displayName: 'Mode', name: 'operation', type: 'string', default: '' },
			{ displayName: 'Object Key', name: 'objectKey', type: 'resourceLocator', default: {} },
			{ displayName: 'Result Key', name: 'resultKey', type: 'string', default: '' },
			{ displayName: 'Options', name: 'options', type: 'json', default: {} },
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const options = this.getNodeParameter('options', 0) as { maxConcurrency: number };
		const mode = this.getNodeParameter('operation', 0);
		const limit = pLimit(options.maxConcurrency);
		const items = await limit.map(this.getInputData(), async ({ binary }, item) => {
			const key = this.getNodeParameter('objectKey', item);
			const result = this.getNodeParameter('resultKey', item);
			const request = ready[item];
			if (request === undefined) throw new Error('No request is ready');
			const answer = (await this.helpers.httpRequestWithAuthentication.call(this, 'signedBefore', {
				method: request.method as 'GET' | 'POST' | 'PUT',
				url: request.url,
				headers: request.headers,
				...(mode === 'upload' && {
					body: await this.helpers.getBinaryStream(binary?.data?.id ?? ''),
				}),
				encoding: 'stream',
				returnFullResponse: true,
				disableFollowRedirect: true,
				ignoreHttpStatusErrors: true,
			})) as IN8nHttpFullResponse;
			if (answer.statusCode !== 200) throw new Error(`Status ${answer.statusCode}`);
			const body = answer.body as Parameters<typeof this.helpers.prepareBinaryData>[0];
			const pairedItem = { item };
			if (mode === 'download') {
				const data = await this.helpers.prepareBinaryData(body, 'image.bmp', 'image/bmp');
				return { json: { key }, binary: { data }, pairedItem };
			}
			const xml = await this.helpers.binaryToString(body);
			return { json: { key, result, xml }, pairedItem };
		});
		return [items];
	}
}

/** n8n's own share: its engine, its expressions and its HTTP helper, without our code. */
export async function n8nAlone(bucket: Bucket): Promise<Contender> {
	return await inEngine(bucket, {
		nodeType: 'bench.leastNode',
		packageFolder: false,
		extra: { nodes: { 'bench.leastNode': new LeastNode() }, credentials: [new SignedBefore()] },
		prepare: async (job) => {
			ready = await signedRequests(bucket, job);
		},
	});
}
