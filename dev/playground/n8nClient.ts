import { parse } from 'flatted';
import type { IRunExecutionData, INodeExecutionData, ITaskData } from 'n8n-workflow';
import { setTimeout as sleep } from 'node:timers/promises';

/** Who owns an n8n of the playground. Everybody on this machine may know. */
export const OWNER = {
	email: 'you@example.com',
	password: 'Playground1',
	firstName: 'Play',
	lastName: 'Ground',
} as const;

/** An execution as n8n keeps it. */
export interface Execution {
	readonly id: string;
	readonly status: string;
	readonly workflowId: string;
	readonly mode: string;
	/** What stopped it. */
	readonly error: { readonly message: string; readonly description?: string } | undefined;
	/** All runs of a node. */
	runs(node: string): readonly ITaskData[];
	/** The items a node gave in its last run at its first output. */
	output(node: string): readonly INodeExecutionData[];
}

/** An execution as n8n lists it. */
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
	/** What its triggers have n8n keep from one poll to the next. */
	readonly staticData?: object | null;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

const FINAL = new Set(['success', 'error', 'crashed', 'canceled']);

/** Talks to a running n8n as its editor does. */
export class N8nClient {
	private cookie = '';

	constructor(readonly url: string) {}

	private async send(method: Method, path: string, body?: unknown): Promise<Response> {
		const answer = await fetch(this.url + path, {
			method,
			headers: {
				...(this.cookie !== '' && { Cookie: this.cookie }),
				...(body !== undefined && { 'Content-Type': 'application/json' }),
			},
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		for (const cookie of answer.headers.getSetCookie()) {
			if (cookie.startsWith('n8n-auth=')) this.cookie = cookie.split(';')[0] ?? '';
		}
		if (answer.ok) return answer;
		throw new Error(`${method} ${path}: ${answer.status} ${(await answer.text()).slice(0, 500)}`);
	}

	/** What n8n gives under `data`; its own API, so the shape is taken as said. */
	private async ask<Data>(method: Method, path: string, body?: unknown): Promise<Data> {
		const answer = (await (await this.send(method, `/rest${path}`, body)).json()) as { data: Data };
		return answer.data;
	}

	/** Makes the owner's account on a new n8n, or logs in on one that has it. */
	async signIn(): Promise<void> {
		const settings = await this.ask<{ userManagement: { showSetupOnFirstLoad?: boolean } }>(
			'GET',
			'/settings',
		);
		if (settings.userManagement.showSetupOnFirstLoad === true) {
			await this.ask('POST', '/owner/setup', OWNER);
			return;
		}
		const { email, password } = OWNER;
		await this.ask('POST', '/login', { email, emailOrLdapLoginId: email, password });
	}

	/** A file that the editor loads, such as an icon or the list of nodes. */
	async file(path: string): Promise<{ contentType: string; bytes: Buffer }> {
		const answer = await this.send('GET', path);
		return {
			contentType: answer.headers.get('content-type') ?? '',
			bytes: Buffer.from(await answer.arrayBuffer()),
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
			// n8n 1.x runs the workflow it is sent, 2.x the one it has.
			{ workflowData, triggerToStartFrom: { name: trigger } },
		);
		return executionId;
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

	/** The newest executions of a workflow first, at most 100. */
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
		// While an execution waits or runs, there may be no data yet.
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
		};
	}

	/**
	 * Waits until an execution is over.
	 *
	 * @throws Error when it is not in time
	 */
	async untilOver(id: string, timeoutMs = 120_000): Promise<Execution> {
		const end = Date.now() + timeoutMs;
		for (;;) {
			const execution = await this.execution(id);
			if (FINAL.has(execution.status)) return execution;
			if (Date.now() > end) throw new Error(`Execution ${id} is still "${execution.status}".`);
			await sleep(200);
		}
	}

	/** The bytes of a file in an item, by the id under which n8n stored it. */
	async binary(id: string): Promise<Buffer> {
		const answer = await this.send(
			'GET',
			`/rest/binary-data?id=${encodeURIComponent(id)}&action=download`,
		);
		return Buffer.from(await answer.arrayBuffer());
	}
}
