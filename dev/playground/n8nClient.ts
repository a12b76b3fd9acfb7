import { parse } from 'flatted';
import type { IRunExecutionData, INodeExecutionData, ITaskData } from 'n8n-workflow';
import { setTimeout as sleep } from 'node:timers/promises';
import { newOwner, type Owner } from './owner';

/** The owner of every n8n whose folder lives no longer than this process. */
export const OWNER = newOwner();

/** An execution, with its data. */
export interface Execution {
	readonly id: string;
	readonly status: string;
	readonly workflowId: string;
	readonly mode: string;
	/** The error that stopped it. */
	readonly error: { readonly message: string; readonly description?: string } | undefined;
	/** All runs of a node. */
	runs(node: string): readonly ITaskData[];
	/** The items at a node's first output in its last run. */
	output(node: string): readonly INodeExecutionData[];
	/** Whether any node's run, or an error, is in the data. */
	readonly hasData: boolean;
}

/** An execution in n8n's list. */
export interface ExecutionSummary {
	readonly id: string;
	readonly status: string;
	readonly workflowId: string;
}

/** A workflow as n8n stores it. */
export interface StoredWorkflow {
	readonly id: string;
	readonly name: string;
	readonly versionId: string;
	readonly nodes: ReadonlyArray<{ name: string; type: string; parameters: object }>;
	readonly connections: Readonly<Record<string, object>>;
	/** State of its triggers between polls. */
	readonly staticData?: object | null;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** Milliseconds in which n8n has written the data of an execution that is over. */
const DATA_MS = 5000;

const FINAL = new Set(['success', 'error', 'crashed', 'canceled']);

/** Calls a running n8n the way its editor does. */
export class N8nClient {
	private cookie = '';

	constructor(
		readonly url: string,
		private readonly owner: Owner = OWNER,
	) {}

	private async send(method: Method, path: string, body?: unknown): Promise<Response> {
		const response = await fetch(this.url + path, {
			method,
			headers: {
				...(this.cookie !== '' && { Cookie: this.cookie }),
				...(body !== undefined && { 'Content-Type': 'application/json' }),
			},
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		for (const cookie of response.headers.getSetCookie()) {
			if (cookie.startsWith('n8n-auth=')) this.cookie = cookie.split(';')[0] ?? '';
		}
		if (response.ok) return response;
		throw new Error(
			`${method} ${path}: ${response.status} ${(await response.text()).slice(0, 500)}`,
		);
	}

	/** The `data` of a response. Its shape is not checked. */
	private async ask<Data>(method: Method, path: string, body?: unknown): Promise<Data> {
		const response = (await (await this.send(method, `/rest${path}`, body)).json()) as {
			data: Data;
		};
		return response.data;
	}

	/** Creates the owner's account on a new n8n, or signs in to it. */
	async signIn(): Promise<void> {
		const settings = await this.ask<{ userManagement: { showSetupOnFirstLoad?: boolean } }>(
			'GET',
			'/settings',
		);
		if (settings.userManagement.showSetupOnFirstLoad === true) {
			await this.ask('POST', '/owner/setup', this.owner);
			return;
		}
		const { email, password } = this.owner;
		await this.ask('POST', '/login', { email, emailOrLdapLoginId: email, password });
	}

	/** A file the editor loads, such as an icon or the list of nodes. */
	async file(path: string): Promise<{ contentType: string; bytes: Buffer }> {
		const response = await this.send('GET', path);
		return {
			contentType: response.headers.get('content-type') ?? '',
			bytes: Buffer.from(await response.arrayBuffer()),
		};
	}

	async workflow(id: string): Promise<StoredWorkflow> {
		return await this.ask<StoredWorkflow>('GET', `/workflows/${id}`);
	}

	/**
	 * Starts a workflow at its trigger, as "Execute workflow" does.
	 *
	 * @returns the execution's id
	 */
	async start(workflowId: string, trigger: string): Promise<string> {
		const workflowData = await this.workflow(workflowId);
		const { executionId } = await this.ask<{ executionId: string }>(
			'POST',
			`/workflows/${workflowId}/run`,
			// n8n 1.x runs the workflow in the request, 2.x the stored one.
			{ workflowData, triggerToStartFrom: { name: trigger } },
		);
		return executionId;
	}

	/** Runs a failed execution again from the node that failed: "Retry" in the list of executions. */
	async retry(executionId: string): Promise<void> {
		await this.ask('POST', `/executions/${executionId}/retry`, { loadWorkflow: false });
	}

	/** Switches a workflow's triggers on: "Active" in 1.x, "Publish" in 2.x. */
	async activate(workflowId: string): Promise<void> {
		const { versionId } = await this.workflow(workflowId);
		try {
			await this.ask('POST', `/workflows/${workflowId}/activate`, { versionId });
		} catch (error) {
			if (!String(error).includes(': 404 ')) throw error;
			await this.ask('PATCH', `/workflows/${workflowId}`, { active: true, versionId });
		}
	}

	/** Renames the trigger of an active workflow, saves the workflow and publishes it. */
	async renameTrigger(workflowId: string, from: string, to: string): Promise<void> {
		const { nodes, connections, versionId } = await this.workflow(workflowId);
		const renamed = (name: string) => (name === from ? to : name);
		await this.ask('PATCH', `/workflows/${workflowId}`, {
			versionId,
			nodes: nodes.map((node) => ({ ...node, name: renamed(node.name) })),
			connections: Object.fromEntries(
				Object.entries(connections).map(([name, targets]) => [renamed(name), targets]),
			),
		});
		await this.activate(workflowId);
	}

	/** Switches a workflow's triggers off. */
	async deactivate(workflowId: string): Promise<void> {
		const { versionId } = await this.workflow(workflowId);
		try {
			await this.ask('POST', `/workflows/${workflowId}/deactivate`, {});
		} catch (error) {
			if (!String(error).includes(': 404 ')) throw error;
			await this.ask('PATCH', `/workflows/${workflowId}`, { active: false, versionId });
		}
	}

	/** The last 100 executions of a workflow, newest first. */
	async executions(workflowId: string): Promise<readonly ExecutionSummary[]> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const { results } = await this.ask<{ results: ExecutionSummary[] }>(
			'GET',
			`/executions?filter=${filter}&limit=100`,
		);
		return results;
	}

	async execution(id: string): Promise<Execution> {
		const raw = await this.ask<{
			id: string;
			status: string;
			workflowId: string;
			mode: string;
			data: string;
		}>('GET', `/executions/${id}`);
		// There may be no data yet while it is waiting or running.
		const data = parse(raw.data) as Partial<IRunExecutionData> | undefined;
		const runs = (node: string) => data?.resultData?.runData[node] ?? [];
		const { id: executionId, status, workflowId, mode } = raw;
		const error = data?.resultData?.error;
		return {
			id: executionId,
			status,
			workflowId,
			mode,
			error: error && {
				message: error.message,
				description: 'description' in error ? (error.description ?? undefined) : undefined,
			},
			runs,
			output: (node) => runs(node).at(-1)?.data?.main?.[0] ?? [],
			hasData: error !== undefined || Object.keys(data?.resultData?.runData ?? {}).length > 0,
		};
	}

	/**
	 * Waits for an execution to finish. n8n 1 writes its status first, and what its nodes gave after that, so
	 * an execution is over when its data is there too; one that ended before its first node has none.
	 *
	 * @throws Error when it takes too long
	 */
	async untilOver(id: string, timeoutMs = 120_000): Promise<Execution> {
		const end = Date.now() + timeoutMs;
		let endOfData = Infinity;
		for (;;) {
			const execution = await this.execution(id);
			const isFinal = FINAL.has(execution.status);
			if (isFinal) endOfData = Math.min(endOfData, Date.now() + DATA_MS);
			const isWritten = execution.hasData || Date.now() > endOfData;
			if (isFinal && isWritten) return execution;
			if (Date.now() > end) throw new Error(`Execution ${id} is still "${execution.status}".`);
			await sleep(200);
		}
	}

	/** The bytes of a file in an item, by n8n's id for it. */
	async binary(id: string): Promise<Buffer> {
		const response = await this.send(
			'GET',
			`/rest/binary-data?id=${encodeURIComponent(id)}&action=download`,
		);
		return Buffer.from(await response.arrayBuffer());
	}
}
