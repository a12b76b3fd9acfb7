import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';

/** A tool as a chat model is told of it. */
export interface OfferedTool {
	readonly name: string;
	readonly description: string;
	/** JSON schema of what the model can fill in. */
	readonly parameters: {
		readonly properties?: Readonly<Record<string, { type?: string; description?: string }>>;
		readonly required?: readonly string[];
	};
}

interface ChatRequest {
	readonly stream?: boolean;
	readonly messages: ReadonlyArray<{ role: string; content: unknown }>;
	readonly tools?: ReadonlyArray<{ function: OfferedTool }>;
}

/** A chat model with OpenAI's interface that calls the tool it is offered, and repeats the answers. */
export interface FakeModel {
	/** For n8n's OpenAI credential. */
	readonly url: string;
	/** What it fills in when it is asked next, once for each call that it makes at a time. */
	willCall(inputs: readonly object[]): void;
	/** The tools of the last request. */
	readonly tools: readonly OfferedTool[];
	close(): Promise<void>;
}

async function readRequest(request: IncomingMessage): Promise<ChatRequest> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
	return JSON.parse(Buffer.concat(chunks).toString('utf8')) as ChatRequest;
}

export async function serveFakeModel(): Promise<FakeModel> {
	let inputs: readonly object[] = [];
	let tools: readonly OfferedTool[] = [];
	let calls = 0;

	function reply({ messages, tools: offered = [] }: ChatRequest): {
		message: object;
		reason: string;
	} {
		tools = offered.map((tool) => tool.function);
		const answers = messages.filter(({ role }) => role === 'tool');
		const [tool] = tools;
		if (answers.length > 0 || !tool) {
			const content = answers.map((answer) => `The tool answered: ${String(answer.content)}`);
			return { message: { role: 'assistant', content: content.join('\n') }, reason: 'stop' };
		}
		const toolCalls = inputs.map((input, index) => ({
			index,
			id: `call_${++calls}`,
			type: 'function',
			function: { name: tool.name, arguments: JSON.stringify(input) },
		}));
		const message = { role: 'assistant', content: null, tool_calls: toolCalls };
		return { message, reason: 'tool_calls' };
	}

	const server = createServer((request, response) => {
		void readRequest(request).then((chat) => {
			const { message, reason } = reply(chat);
			const head = { id: 'chat', created: 0, model: 'fake' };
			if (chat.stream !== true) {
				const choices = [{ index: 0, message, finish_reason: reason }];
				const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
				const body = { ...head, object: 'chat.completion', choices, usage };
				response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
				return;
			}
			const choices = [{ index: 0, delta: message, finish_reason: reason }];
			const chunk = { ...head, object: 'chat.completion.chunk', choices };
			response.writeHead(200, { 'Content-Type': 'text/event-stream' });
			response.end(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`);
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('The server has no port.');
	return {
		url: `http://127.0.0.1:${address.port}/v1`,
		willCall(next) {
			inputs = next;
		},
		get tools() {
			return tools;
		},
		async close() {
			server.close();
			server.closeAllConnections();
			await once(server, 'close');
		},
	};
}
