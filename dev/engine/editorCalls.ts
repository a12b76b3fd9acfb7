import { CredentialTestContext, LoadOptionsContext } from 'n8n-core';
import {
	UserError,
	type ICredentialDataDecryptedObject,
	type INode,
	type INodeCredentialTestResult,
	type INodeListSearchResult,
	type INodeParameters,
	type INodeType,
} from 'n8n-workflow';
import { createAdditionalData } from './additionalData';
import { RecordCredentialsHelper, withDefaults, type StoredCredentials } from './credentials';
import { LoadedNodeTypes, type LoadedTypes } from './nodeTypes';
import { findStartNode, toWorkflow } from './workflow';

export interface ListSearchRequest {
	/** Full name of the node type, such as `n8n-nodes-tencent-image-repair.imageRepair`. */
	nodeType: string;
	/** Name of the method under `methods.listSearch`. */
	method: string;
	nodeParameters: INodeParameters;
	credentials?: StoredCredentials;
	filter?: string;
	paginationToken?: string;
}

/** Runs a node's list search as the editor does for "From list". */
export async function listSearch(
	types: LoadedTypes,
	request: ListSearchRequest,
): Promise<INodeListSearchResult> {
	const { nodeType, method, nodeParameters, credentials = {} } = request;
	const nodeTypes = new LoadedNodeTypes(types.nodes);
	const type = nodeTypes.getByNameAndVersion(nodeType);
	const search = type.methods?.listSearch?.[method];
	if (search === undefined) throw new UserError(`${nodeType} has no list search "${method}".`);
	// n8n's server also runs the method on a node of this name in a temporary workflow.
	const node: INode = {
		id: 'list-search',
		name: 'Temp-Node',
		type: nodeType,
		typeVersion: latestVersion(type),
		position: [0, 0],
		parameters: nodeParameters,
	};
	const workflow = toWorkflow({ nodes: [node], connections: {} }, nodeTypes, credentials);
	const additionalData = createAdditionalData({
		credentialsHelper: new RecordCredentialsHelper(types.credentials, credentials),
		workflow,
		executionId: 'list-search',
		mode: 'internal',
	});
	additionalData.currentNodeParameters = nodeParameters;
	const context = new LoadOptionsContext(
		workflow,
		findStartNode(workflow, node.name),
		additionalData,
		`parameters.${method}`,
	);
	return await search.call(context, request.filter, request.paginationToken);
}

/** Tests a credential as the editor does when it is saved. */
export async function testCredential(
	types: LoadedTypes,
	typeName: string,
	data: ICredentialDataDecryptedObject,
): Promise<INodeCredentialTestResult> {
	const type = types.credentials.get(typeName);
	if (type === undefined) throw new UserError(`Unknown credential type: ${typeName}`);
	return await findCredentialTest(types, typeName).call(new CredentialTestContext(), {
		id: typeName,
		name: typeName,
		type: typeName,
		data: withDefaults(type, data),
	});
}

type CredentialTest = NonNullable<NonNullable<INodeType['methods']>['credentialTest']>[string];

/** Finds the function that a node names in `testedBy`, as n8n's server does. */
function findCredentialTest(types: LoadedTypes, typeName: string): CredentialTest {
	const nodeTypes = new LoadedNodeTypes(types.nodes);
	for (const nodeName of types.nodes.keys()) {
		const { description, methods } = nodeTypes.getByNameAndVersion(nodeName);
		const testedBy = description.credentials?.find(({ name }) => name === typeName)?.testedBy;
		const test = typeof testedBy === 'string' && methods?.credentialTest?.[testedBy];
		if (test) return test;
	}
	throw new UserError(`No node has a test for the credential "${typeName}".`);
}

function latestVersion({ description }: INodeType): number {
	return Math.max(...[description.version].flat());
}
