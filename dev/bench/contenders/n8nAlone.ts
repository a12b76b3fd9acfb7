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

/** Requests for the node below, signed before the clock starts. */
let ready: OutgoingRequest[] = [];

/**
 * A credential that does nothing, because the requests are already signed. It has the fields of
 * ours, which n8n fills with their defaults for every request.
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
 * The smallest node that makes the same calls: it reads the two parameters that differ between
 * items and passes a signed request to n8n's HTTP helper. What it costs is n8n's share, for any node.
 */
class SmallestNode implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Smallest Node',
		name: 'smallestNode',
		group: ['transform'],
		version: 1,
		description: 'Makes the calls, nothing else',
		defaults: { name: 'Smallest Node' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'signedBefore', required: true }],
		properties: [
			{ displayName: 'Mode', name: 'operation', type: 'string', default: '' },
			{ displayName: 'Image', name: 'objectKey', type: 'resourceLocator', default: {} },
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
			if (request === undefined) throw new Error('There is no request for this item');
			const response = (await this.helpers.httpRequestWithAuthentication.call(
				this,
				'signedBefore',
				{
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
				},
			)) as IN8nHttpFullResponse;
			if (response.statusCode !== 200) throw new Error(`Status ${response.statusCode}`);
			const body = response.body as Parameters<typeof this.helpers.prepareBinaryData>[0];
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

/** n8n's share: its engine, its expressions and its HTTP helper, without our code. */
export async function n8nAlone(bucket: Bucket): Promise<Contender> {
	return await inEngine(bucket, {
		nodeType: 'bench.smallestNode',
		packageFolder: false,
		extra: {
			nodes: { 'bench.smallestNode': new SmallestNode() },
			credentials: [new SignedBefore()],
		},
		prepare: async (job) => {
			ready = await signedRequests(bucket, job);
		},
	});
}
