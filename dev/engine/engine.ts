import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@n8n/backend-common';
import { Container } from '@n8n/di';
import { BinaryDataConfig, BinaryDataService, ErrorReporter } from 'n8n-core';
import {
	UserError,
	type IBinaryData,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type INodeCredentialTestResult,
	type INodeListSearchResult,
} from 'n8n-workflow';
import { activate, type Activation } from './activation';
import { createAdditionalData } from './additionalData';
import { RecordCredentialsHelper, type StoredCredentials } from './credentials';
import { listSearch, testCredential, type ListSearchRequest } from './editorCalls';
import {
	startExecution,
	toResult,
	type Execution,
	type ExecutionResult,
	type RunOptions,
} from './execution';
import { captureLog, logSettings } from './log';
import { openObjectStore, type ObjectStoreAddress } from './objectStore';
import { LoadedNodeTypes, loadTypes, type ExtraTypes } from './nodeTypes';
import { toWorkflow, type WorkflowJson } from './workflow';

export type { Execution, ExecutionResult } from './execution';
export type { EngineItem, WorkflowJson } from './workflow';

export interface EngineOptions {
	/** n8n's binary data mode: `default` keeps files in memory. */
	binaryMode?: 'default' | 'filesystem';
	/** Keeps files in this store instead, as n8n does in its mode `s3`. */
	objectStore?: ObjectStoreAddress;
	/** Folder for n8n's settings and binary data. By default a temporary one. */
	userFolder?: string;
	/** Folder of the built package to load. By default this repository; false loads none. */
	packageFolder?: string | false;
	/** Further nodes and credentials, besides the package and the standard nodes. */
	extra?: ExtraTypes;
}

export interface ActivationOptions {
	/** By ID. If there is only one, nodes that name no credential use it. */
	credentials?: StoredCredentials;
	/** The static data `saved()` by an earlier activation. */
	staticData?: IDataObject;
	/** Milliseconds that n8n allows for a poll. By default n8n's own value. */
	pollBudgetMs?: number;
}

export interface Engine {
	/** Starts a workflow without waiting for its end. */
	start(workflow: WorkflowJson, options?: RunOptions): Execution;
	/** Runs a workflow. Never rejects because of a node: see `status` and `error`. */
	run(workflow: WorkflowJson, options?: RunOptions): Promise<ExecutionResult>;
	/**
	 * Activates a workflow that starts with a polling trigger.
	 * @throws Error if the first poll fails
	 */
	activate(
		workflow: WorkflowJson,
		options?: ActivationOptions,
	): Promise<Activation<ExecutionResult>>;
	/** Reads a binary field of an item, whatever the binary data mode. */
	readBinary(binary: IBinaryData): Promise<Buffer>;
	/** The result the editor shows after a test of the credential. */
	testCredential(
		type: string,
		data: ICredentialDataDecryptedObject,
	): Promise<INodeCredentialTestResult>;
	/** One page of a resource locator's "From list". */
	listSearch(request: ListSearchRequest): Promise<INodeListSearchResult>;
	/** Everything n8n has logged, including debug messages and metadata. */
	log: readonly string[];
	/** Stops the engine and removes its temporary folder. */
	close(): Promise<void>;
}

const repository = join(__dirname, '../..');

/** n8n's services are singletons, so two engines in one process would share their binary data. */
let running = false;

/**
 * Starts n8n's execution engine in this process. There is no server and no database, but the
 * WorkflowExecute, request helpers, expressions and binary data are those of n8n-core.
 * @throws UserError if the package is not built or another engine is running
 */
export async function startEngine(options: EngineOptions = {}): Promise<Engine> {
	if (running) throw new UserError('Another engine is running in this process: close it first.');
	running = true;
	const ownFolder =
		options.userFolder === undefined ? await mkdtemp(join(tmpdir(), 'n8n-engine-')) : undefined;
	const removeOwnFolder = async () => {
		if (ownFolder !== undefined) await rm(ownFolder, { recursive: true, force: true });
	};
	try {
		return await openEngine(options, options.userFolder ?? ownFolder ?? '', removeOwnFolder);
	} catch (error) {
		running = false;
		await removeOwnFolder();
		throw error;
	}
}

async function openEngine(
	{ binaryMode = 'default', objectStore, packageFolder = repository, extra }: EngineOptions,
	userFolder: string,
	removeFolder: () => Promise<void>,
): Promise<Engine> {
	// Set before the first n8n service is created below, which reads them.
	Object.assign(process.env, { N8N_USER_FOLDER: userFolder, ...logSettings });
	const log = captureLog();
	const binaryData = await startBinaryData(objectStore ?? binaryMode, join(userFolder, 'storage'));
	const types = await loadTypes(packageFolder, extra).catch((error: unknown) => {
		log.stop();
		throw error;
	});
	let executions = 0;
	const nextExecutionId = () => String(++executions);
	const start: Engine['start'] = (workflow, options = {}) =>
		startExecution(types, workflow, nextExecutionId(), options);

	return {
		start,
		run: async (workflow, options) => await start(workflow, options).result,
		async activate(json, { credentials = {}, staticData, pollBudgetMs } = {}) {
			const nodeTypes = new LoadedNodeTypes(types.nodes);
			const workflow = toWorkflow(json, nodeTypes, credentials, staticData);
			const additionalData = createAdditionalData({
				credentialsHelper: new RecordCredentialsHelper(types.credentials, credentials),
				workflow,
				executionId: nextExecutionId(),
				mode: 'trigger',
			});
			return await activate({ workflow, additionalData, pollBudgetMs, toResult });
		},
		readBinary: async (binary) => await binaryData.getAsBuffer(binary),
		testCredential: async (type, data) => await testCredential(types, type, data),
		listSearch: async (request) => await listSearch(types, request),
		log: log.lines,
		async close() {
			log.stop();
			running = false;
			await removeFolder();
		},
	};
}

/** Registers a new binary data service with n8n's container. */
async function startBinaryData(
	place: 'default' | 'filesystem' | ObjectStoreAddress,
	localStoragePath: string,
): Promise<BinaryDataService> {
	const config = Container.get(BinaryDataConfig);
	const mode = typeof place === 'string' ? place : 's3';
	Object.assign(config, { mode, localStoragePath });
	const service = new BinaryDataService(
		config,
		Container.get(ErrorReporter),
		Container.get(Logger),
	);
	if (typeof place !== 'string') service.setManager('s3', await openObjectStore(place));
	await service.init();
	Container.set(BinaryDataService, service);
	return service;
}
