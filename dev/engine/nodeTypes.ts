import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PackageDirectoryLoader } from 'n8n-core';
import {
	NodeHelpers,
	UserError,
	type ICredentialType,
	type IDataObject,
	type INodeType,
	type INodeTypes,
	type IVersionedNodeType,
} from 'n8n-workflow';
import { standardNodes } from './standardNodes';

/** Node types by full name (`package.node`), credential types by name. */
export interface LoadedTypes {
	nodes: ReadonlyMap<string, INodeType | IVersionedNodeType>;
	credentials: ReadonlyMap<string, ICredentialType>;
}

export interface ExtraTypes {
	/** By full name, such as `test.slow`. */
	nodes?: Readonly<Record<string, INodeType>>;
	credentials?: readonly ICredentialType[];
}

/**
 * Loads a community package with n8n's own loader, which reads `n8n` in its package.json, and adds
 * the standard nodes and the extra types.
 * @param packageFolder folder of the package.json, or false for no package
 * @throws UserError if a listed file has not been built
 */
export async function loadTypes(
	packageFolder: string | false,
	extra: ExtraTypes = {},
): Promise<LoadedTypes> {
	const nodes = new Map<string, INodeType | IVersionedNodeType>(Object.entries(standardNodes));
	const credentials = new Map<string, ICredentialType>();

	if (packageFolder !== false) {
		const loader = new PackageDirectoryLoader(packageFolder);
		const { nodes: nodeFiles = [], credentials: credentialFiles = [] } =
			loader.packageJson.n8n ?? {};
		for (const file of [...nodeFiles, ...credentialFiles]) {
			if (existsSync(join(packageFolder, file))) continue;
			throw new UserError(`${file} has not been built yet. Run "npm run build" first.`);
		}
		await loader.loadAll();
		for (const [name, { type }] of Object.entries(loader.nodeTypes)) {
			nodes.set(`${loader.packageName}.${name}`, type);
		}
		for (const [name, { type }] of Object.entries(loader.credentialTypes)) {
			credentials.set(name, type);
		}
	}

	for (const [name, type] of Object.entries(extra.nodes ?? {})) nodes.set(name, type);
	for (const type of extra.credentials ?? []) credentials.set(type.name, type);
	return { nodes, credentials };
}

/** Looks up node types for the engine. */
export class LoadedNodeTypes implements INodeTypes {
	constructor(private readonly types: LoadedTypes['nodes']) {}

	getByName(name: string): INodeType | IVersionedNodeType {
		const type = this.types.get(name);
		if (type === undefined) throw new UserError(`Unrecognized node type: ${name}`);
		return type;
	}

	getByNameAndVersion(name: string, version?: number): INodeType {
		return NodeHelpers.getVersionedNodeType(this.getByName(name), version);
	}

	getKnownTypes(): IDataObject {
		return {};
	}
}
