import {
	ICredentialsHelper,
	NodeHelpers,
	UnexpectedError,
	type ICredentialDataDecryptedObject,
	type ICredentials,
	type ICredentialsExpressionResolveValues,
	type ICredentialType,
	type IExecuteData,
	type IHttpRequestOptions,
	type INode,
	type INodeCredentialsDetails,
	type INodeParameters,
	type INodeProperties,
	type INodeType,
	type IRequestOptionsSimplified,
	type IWorkflowExecuteAdditionalData,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { getAdditionalKeys } from 'n8n-core';

/** The values a user entered in each credential, by the credential's ID. */
export type StoredCredentials = Readonly<Record<string, ICredentialDataDecryptedObject>>;

/** The available credential types, by name (`tencentCloudInfiniteApi`). */
export type CredentialTypes = ReadonlyMap<string, ICredentialType>;

/** Adds the defaults of unchanged fields, which n8n does not store but adds on reading. */
export function withDefaults(
	type: ICredentialType,
	data: ICredentialDataDecryptedObject,
): ICredentialDataDecryptedObject {
	const entered = data as INodeParameters;
	const known = NodeHelpers.getNodeParameters(type.properties, entered, true, false, null, null);
	const filled: ICredentialDataDecryptedObject = {};
	for (const [name, value] of Object.entries(known ?? {})) {
		if (isCredentialValue(value)) filled[name] = value;
	}
	return filled;
}

type CredentialValue = ICredentialDataDecryptedObject[string];

function isCredentialValue(value: unknown): value is CredentialValue {
	return ['string', 'number', 'boolean', 'object'].includes(typeof value) && value !== null;
}

/**
 * If there is only one credential, attaches it to a node that needs one and names none. Example
 * workflows contain no credential IDs and can so be run unchanged.
 */
export function attachOnlyCredential(
	node: INode,
	nodeType: INodeType,
	stored: StoredCredentials,
): void {
	const [id, ...others] = Object.keys(stored);
	if (id === undefined || others.length > 0) return;
	for (const { name: type } of nodeType.description.credentials ?? []) {
		node.credentials ??= {};
		node.credentials[type] ??= { id, name: id };
	}
}

/**
 * Resolves credentials and signs requests as n8n does, but reads the credentials from a record
 * instead of the server's database.
 */
export class RecordCredentialsHelper extends ICredentialsHelper {
	constructor(
		private readonly types: CredentialTypes,
		private readonly stored: StoredCredentials,
	) {
		super();
	}

	private type(name: string): ICredentialType {
		const type = this.types.get(name);
		if (type === undefined) throw new UnexpectedError(`Unknown credential type: ${name}`);
		return type;
	}

	getParentTypes(name: string): string[] {
		return this.types.get(name)?.extends ?? [];
	}

	isCredentialUsableByNode(credentialType: string, nodeType: string): boolean {
		const type = this.types.get(credentialType);
		if (type?.restrictToSupportedNodes !== true) return true;
		// The loader stores bare names (`imageRepair`), while a node's type includes its package.
		return (type.supportedNodes ?? []).some(
			(name) => name === nodeType || nodeType.endsWith(`.${name}`),
		);
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		requestOptions: IHttpRequestOptions | IRequestOptionsSimplified,
	): Promise<IHttpRequestOptions> {
		const { authenticate } = this.type(typeName);
		// n8n passes on the options of either request helper unchanged: the HTTP Request node has the
		// URL in `uri`, not in `url`.
		const request = requestOptions as IHttpRequestOptions;
		if (authenticate === undefined) return request;
		if (typeof authenticate !== 'function') {
			throw new UnexpectedError(
				'This engine supports only credentials whose authenticate is a function',
			);
		}
		return await authenticate(credentials, request);
	}

	async preAuthentication(): Promise<undefined> {
		return undefined;
	}

	async runPreAuthentication(): Promise<undefined> {
		return undefined;
	}

	async getCredentials(): Promise<ICredentials> {
		throw new UnexpectedError('This engine does not encrypt credentials');
	}

	async getDecrypted(
		additionalData: IWorkflowExecuteAdditionalData,
		nodeCredentials: INodeCredentialsDetails,
		type: string,
		mode: WorkflowExecuteMode,
		_executeData?: IExecuteData,
		raw?: boolean,
		values?: ICredentialsExpressionResolveValues,
	): Promise<ICredentialDataDecryptedObject> {
		const { id, name } = nodeCredentials;
		const entered = this.stored[id ?? name] ?? this.stored[name];
		if (entered === undefined) {
			throw new UnexpectedError(`Credential with ID "${id}" does not exist for type "${type}".`);
		}
		if (raw === true) return entered;
		const data = withDefaults(this.type(type), entered);
		return values === undefined ? data : resolveExpressions(data, values, additionalData, mode);
	}

	async updateCredentials(): Promise<void> {
		throw new UnexpectedError('This engine cannot change credentials');
	}

	async updateCredentialsOauthTokenData(): Promise<void> {
		throw new UnexpectedError('This engine cannot change credentials');
	}

	getCredentialsProperties(type: string): INodeProperties[] {
		return this.type(type).properties;
	}
}

/** Resolves the expressions in a credential's fields for the current item. */
function resolveExpressions(
	data: ICredentialDataDecryptedObject,
	values: ICredentialsExpressionResolveValues,
	additionalData: IWorkflowExecuteAdditionalData,
	mode: WorkflowExecuteMode,
): ICredentialDataDecryptedObject {
	const resolved: ICredentialDataDecryptedObject = {};
	for (const [name, value] of Object.entries(data)) {
		const isExpression = typeof value === 'string' && value.startsWith('=');
		if (!isExpression) {
			resolved[name] = value;
			continue;
		}
		const result = values.workflow.expression.getParameterValue(
			value,
			values.runExecutionData,
			values.runIndex,
			values.itemIndex,
			values.node.name,
			values.connectionInputData,
			mode,
			getAdditionalKeys(additionalData, mode, values.runExecutionData, { isCredential: true }),
		);
		if (isCredentialValue(result)) resolved[name] = result;
	}
	return resolved;
}
