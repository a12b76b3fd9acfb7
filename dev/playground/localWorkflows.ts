import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { jsonParse, type IConnections, type INode } from 'n8n-workflow';
import { CREDENTIAL_TYPE, NODE_TYPE, TRIGGER_TYPE } from '../packageNames';
import type { SandboxAddress } from '../sandbox/sandbox';
import { STORAGE_KEYS, type Neighbours } from './neighbours';

/** A workflow as n8n's `import:workflow` takes it. */
export interface LocalWorkflow {
	id: string;
	name: string;
	nodes: INode[];
	connections: IConnections;
	active: boolean;
	settings: object;
}

/** The local services that the example workflows use. */
export interface LocalPlaces {
	readonly sandbox: SandboxAddress;
	readonly neighbours: Pick<Neighbours, 'storageUrl' | 'chatUrl' | 'fileUrl'>;
}

const CREDENTIAL = { id: 'imageRepairLocal', name: 'Sample bucket on this machine' };
const STORAGE = { id: 's3StorageOfLocal', name: 'Sample storage on this machine' };

/** Credentials for both services, as `import:credentials` takes them. */
export function localCredentials({ sandbox, neighbours }: LocalPlaces): object[] {
	const { secretId, secretKey, bucket, region, url } = sandbox;
	return [
		{
			...CREDENTIAL,
			type: CREDENTIAL_TYPE,
			data: { secretId, secretKey, bucket, region, endpoint: 'custom', customDomain: url },
		},
		{
			...STORAGE,
			type: 's3',
			data: {
				...STORAGE_KEYS,
				endpoint: neighbours.storageUrl,
				region: 'local',
				forcePathStyle: true,
			},
		},
	];
}

/**
 * The id of an imported example: always the same, so that a second import replaces the first. As long
 * as n8n's own ids, because n8n stores no trigger state for ids of more than 21 characters.
 */
export function idOf(example: string): string {
	return createHash('sha256').update(example).digest('hex').slice(0, 16);
}

const examplesFolder = join(__dirname, '../../examples');

/** Names of the example workflows, without `.json`. */
export async function exampleNames(): Promise<string[]> {
	const files = await readdir(examplesFolder);
	return files.filter((file) => file.endsWith('.json')).map((file) => basename(file, '.json'));
}

/** All example workflows, changed to use the local services. */
export async function localWorkflows(places: LocalPlaces): Promise<LocalWorkflow[]> {
	const names = await exampleNames();
	return await Promise.all(
		names.map(async (name) => {
			const text = await readFile(join(examplesFolder, `${name}.json`), 'utf8');
			const { name: title, nodes, connections, settings } = jsonParse<LocalWorkflow>(text);
			const workflow = { id: idOf(name), name: title, nodes, connections, active: false, settings };
			for (const node of workflow.nodes) localise(node, places);
			return fedByTrigger(workflow, places);
		}),
	);
}

function localise(node: INode, { sandbox, neighbours }: LocalPlaces): void {
	const { parameters } = node;
	const isOwn = node.type === NODE_TYPE || node.type === TRIGGER_TYPE;
	if (isOwn || parameters.nodeCredentialType === CREDENTIAL_TYPE) {
		node.credentials = { [CREDENTIAL_TYPE]: CREDENTIAL };
	}
	if (node.type === 'n8n-nodes-base.s3') node.credentials = { s3: STORAGE };
	const { maskUrl, url } = parameters;
	if (typeof maskUrl === 'string') parameters.maskUrl = neighbours.fileUrl('forest-mask.png');
	if (typeof url === 'string' && url.includes('.myqcloud.com')) {
		parameters.url = `${sandbox.url}/`;
	}
	if (typeof url === 'string' && url.includes('//chat.')) parameters.url = neighbours.chatUrl;
}

/**
 * An upload that is started by hand has no file: as its note says, a node that provides one has to come
 * first. This adds one that downloads the sample image.
 */
function fedByTrigger(workflow: LocalWorkflow, { neighbours }: LocalPlaces): LocalWorkflow {
	const upload = workflow.nodes.find(
		({ type, parameters }) => type === NODE_TYPE && parameters.operation === 'upload',
	);
	const trigger = workflow.nodes.find(({ type }) => type === 'n8n-nodes-base.manualTrigger');
	if (!upload || !trigger) return workflow;
	const fetchImage: INode = {
		id: `${upload.id.slice(0, -1)}f`,
		name: 'Get an image',
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		position: [upload.position[0], upload.position[1]],
		parameters: {
			url: neighbours.fileUrl('still-life.jpg'),
			options: { response: { response: { responseFormat: 'file' } } },
		},
	};
	upload.position = [upload.position[0] + 220, upload.position[1]];
	const to = (node: INode) => ({
		main: [[{ node: node.name, type: 'main' as const, index: 0 }]],
	});
	return {
		...workflow,
		nodes: [...workflow.nodes, fetchImage],
		connections: {
			...workflow.connections,
			[trigger.name]: to(fetchImage),
			[fetchImage.name]: to(upload),
		},
	};
}
