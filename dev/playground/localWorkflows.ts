import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { IConnections, INode } from 'n8n-workflow';
import { isRecord } from '../../cos/values';
import { CREDENTIAL_TYPE, NODE_TYPE, TRIGGER_TYPE } from '../packageNames';
import type { SandboxAddress } from '../sandbox/sandbox';
import { STORAGE_KEYS, type Neighbours } from './neighbours';

/** A workflow as n8n's `import:workflow` takes it. */
export interface LocalWorkflow {
	id: string;
	name: string;
	nodes: INode[];
	connections: IConnections;
	/** Outputs that stand for those of nodes when a person executes the workflow. */
	pinData?: object;
	active: boolean;
	settings: object;
}

/** The local services that the example workflows use. */
export interface LocalPlaces {
	readonly sandbox: SandboxAddress;
	readonly neighbours: Pick<Neighbours, 'storageUrl' | 'chatUrl' | 'fileUrl' | 'mailPort'>;
}

const CREDENTIAL = { id: 'imageRepairLocal', name: 'Sample bucket on this machine' };
const STORAGE = { id: 's3StorageOfLocal', name: 'Sample storage on this machine' };

const MAIL = { id: 'mailboxOfLocal00', name: 'Sample mailbox on this machine' };

const HEADER_TYPE = 'httpHeaderAuth';
/** For a model that is not asked: its response is pinned. */
const MODEL = { id: 'modelKeyOfLocal0', name: 'No key: the response is pinned' };

/** What the cloud function and the webhook of the events of a bucket share. */
export const EVENT_SECRET = { header: 'X-Secret', value: 'playground-event-secret' };
const EVENTS = { id: 'eventSecretLocal', name: 'Secret of the sample cloud function' };
/** What the workflow for batches of an archive asks of a caller of its webhook. */
const BATCHES = { id: 'batchKeyOfLocal0', name: 'Key of the batches on this machine' };

/** Credentials for all services, as `import:credentials` takes them. */
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
		{
			...MAIL,
			type: 'smtp',
			data: {
				...{ host: '127.0.0.1', port: neighbours.mailPort, secure: false, disableStartTls: true },
				...{ user: '', password: '', hostName: '' },
			},
		},
		{
			...MODEL,
			type: HEADER_TYPE,
			data: { name: 'x-goog-api-key', value: 'none' },
		},
		{
			...EVENTS,
			type: HEADER_TYPE,
			data: { name: EVENT_SECRET.header, value: EVENT_SECRET.value },
		},
		{
			...BATCHES,
			type: HEADER_TYPE,
			data: { name: 'x-batch-key', value: 'playground-batches' },
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
export async function exampleNames(folder = examplesFolder): Promise<string[]> {
	const files = await readdir(folder);
	return files.filter((file) => file.endsWith('.json')).map((file) => basename(file, '.json'));
}

/** Why a file is no workflow; undefined for one that is. */
function faultOf(value: unknown): string | undefined {
	if (!isRecord(value)) return 'it is not an object';
	const { name, nodes, connections } = value;
	if (typeof name !== 'string') return 'it has no "name"';
	if (!Array.isArray(nodes)) return 'it has no list of "nodes"';
	if (!isRecord(connections)) return 'it has no "connections"';
	const isNode = (node: unknown) =>
		isRecord(node) &&
		['id', 'name', 'type'].every((field) => typeof node[field] === 'string') &&
		Array.isArray(node.position) &&
		isRecord(node.parameters);
	const broken = nodes.findIndex((node) => !isNode(node));
	return broken < 0 ? undefined : `node ${broken + 1} is not one`;
}

/** @throws Error that says why the file is no workflow */
async function readExample(folder: string, file: string): Promise<LocalWorkflow> {
	const value: unknown = JSON.parse(await readFile(join(folder, file), 'utf8'));
	const fault = faultOf(value);
	if (fault !== undefined) throw new Error(fault);
	// Checked as far as it is used here. The rest is n8n's to read.
	return value as LocalWorkflow;
}

export interface ExampleOptions {
	/** Where they are, if not in `examples/`. */
	readonly folder?: string;
	/** Takes a sentence for each file that is left out. Without it, such a file is an error. */
	readonly leaveOut?: (sentence: string) => void;
}

/**
 * All example workflows, changed to use the local services.
 *
 * @throws Error for a file that is no workflow, unless it may be left out
 */
export async function localWorkflows(
	places: LocalPlaces,
	{ folder = examplesFolder, leaveOut }: ExampleOptions = {},
): Promise<LocalWorkflow[]> {
	const workflows: LocalWorkflow[] = [];
	for (const example of await exampleNames(folder)) {
		const file = `${example}.json`;
		try {
			const { name, nodes, connections, pinData, settings } = await readExample(folder, file);
			const own = { id: idOf(example), active: false };
			const pinned = pinData && { pinData };
			const workflow = { ...own, name, nodes, connections, ...pinned, settings };
			for (const node of nodes) localise(node, places);
			workflows.push(fedByTrigger(workflow, places));
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			const sentence = `examples/${file} is no workflow that n8n can import: ${reason}.`;
			if (!leaveOut) throw new Error(sentence, { cause: error });
			leaveOut(`Left out: ${sentence}`);
		}
	}
	return workflows;
}

function localise(node: INode, { sandbox, neighbours }: LocalPlaces): void {
	const { parameters } = node;
	const isOwn = node.type === NODE_TYPE || node.type === TRIGGER_TYPE;
	if (isOwn || parameters.nodeCredentialType === CREDENTIAL_TYPE) {
		node.credentials = { [CREDENTIAL_TYPE]: CREDENTIAL };
	}
	if (parameters.genericAuthType === HEADER_TYPE) {
		const callsBatches = typeof parameters.url === 'string' && parameters.url.includes('batchUrl');
		node.credentials = { [HEADER_TYPE]: callsBatches ? BATCHES : MODEL };
	}
	if (parameters.authentication === 'headerAuth') {
		node.credentials = {
			[HEADER_TYPE]: parameters.path === 'clean-archive-batch' ? BATCHES : EVENTS,
		};
	}
	if (node.type === 'n8n-nodes-base.emailSend') node.credentials = { smtp: MAIL };
	if (node.type === 'n8n-nodes-base.s3') node.credentials = { s3: STORAGE };
	const { maskUrl, url } = parameters;
	if (typeof maskUrl === 'string') parameters.maskUrl = neighbours.fileUrl('forest-mask.png');
	if (typeof url === 'string') {
		parameters.url = url.replace(/https:\/\/[^/]*\.myqcloud\.com/, sandbox.url);
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
