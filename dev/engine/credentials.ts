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

/** What a user typed into each credential, by the credential's id. */
export type StoredCredentials = Readonly<Record<string, ICredentialDataDecryptedObject>>;

/** The credential types a run knows, by name (`tencentCloudInfiniteApi`). */
export type CredentialTypes = ReadonlyMap<string, ICredentialType>;

/**
 * Gives the credential its fields' defaults, as n8n does before anything reads it: what a user left
 * alone is not stored.
 */
export function withDefaults(
	type: ICredentialType,
	data: ICredentialDataDecryptedObject,
): ICredentialDataDecryptedObject {
	const typed = data as INodeParameters;
	const known = NodeHelpers.getNodeParameters(type.properties, typed, true, false, null, null);
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
 * Attaches the only credential given to each node that wants one of a type and names none, so that
 * an example workflow, which carries no credential id, runs as it is.
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
 * n8n's way from a node's credential reference to data and to a signed request, over a plain record
 * in place of the server's database.
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
		// The loader keeps bare names (`imageRepair`), a node carries its package as well.
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
		// n8n hands the very object on, whichever helper it came from: with the HTTP Request node the
		// address is in `uri`, not in `url`.
		const request = requestOptions as IHttpRequestOptions;
		if (authenticate === undefined) return request;
		if (typeof authenticate !== 'function') {
			throw new UnexpectedError('This engine only runs credentials that sign with a function');
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
		throw new UnexpectedError('Credentials are not stored encrypted here');
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
		const typed = this.stored[id ?? name] ?? this.stored[name];
		if (typed === undefined) {
			throw new UnexpectedError(`Credential with ID "${id}" does not exist for type "${type}".`);
		}
		if (raw === true) return typed;
		const data = withDefaults(this.type(type), typed);
		return values === undefined ? data : resolved(data, values, additionalData, mode);
	}

	async updateCredentials(): Promise<void> {
		throw new UnexpectedError('Credentials cannot be changed here');
	}

	async updateCredentialsOauthTokenData(): Promise<void> {
		throw new UnexpectedError('Credentials cannot be changed here');
	}

	getCredentialsProperties(type: string): INodeProperties[] {
		return this.type(type).properties;
	}
}

/** Resolves expressions in a credential's fields against the item at hand. */
function resolved(
	data: ICredentialDataDecryptedObject,
	values: ICredentialsExpressionResolveValues,
	additionalData: IWorkflowExecuteAdditionalData,
	mode: WorkflowExecuteMode,
): ICredentialDataDecryptedObject {
	const out: ICredentialDataDecryptedObject = {};
	for (const [name, value] of Object.entries(data)) {
		const isExpression = typeof value === 'string' && value.startsWith('=');
		if (!isExpression) {
			out[name] = value;
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
		if (isCredentialValue(result)) out[name] = result;
	}
	return out;
}
