import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';
import type { StoredCredentials } from '../../dev/engine/credentials';
import { startEngine, type EngineItem, type WorkflowJson } from '../../dev/engine/engine';
import type { ObjectStoreAddress } from '../../dev/engine/objectStore';
import { digest } from './digest';

/** A process with n8n's engine, which storageChecks.ts starts. An error of its own ends it. */

/** Its argument, in JSON. */
export interface Settings {
	readonly objectStore: ObjectStoreAddress;
	readonly credentials: StoredCredentials;
}

/** A workflow to run, or files to read. */
export type Work =
	| { readonly workflow: WorkflowJson; readonly node: string; readonly input: EngineItem[] }
	| { readonly read: readonly IBinaryData[] };

export interface Done {
	/** What the node gave. */
	readonly items: INodeExecutionData[];
	/** SHA-256 of each file, in hex. */
	readonly digests: string[];
	/** What stopped the workflow. */
	readonly error?: string;
}

async function serve({ objectStore, credentials }: Settings): Promise<void> {
	const engine = await startEngine({ objectStore });
	const run = async (work: Work): Promise<Done> => {
		if ('read' in work) {
			const digestOf = async (file: IBinaryData) => digest(await engine.readBinary(file));
			return { items: [], digests: await Promise.all(work.read.map(digestOf)) };
		}
		const { workflow, node, input } = work;
		const result = await engine.run(workflow, { credentials, input, startNode: node });
		const { error } = result;
		const text = error && [error.message, error.description].filter(Boolean).join('\n');
		return { items: result.output(node), digests: [], error: text };
	};
	process.on('message', (work: Work) => {
		void run(work).then((done) => process.send?.(done));
	});
	process.once('disconnect', () => void engine.close().then(() => process.exit()));
	process.send?.('ready');
}

const [, , settings = ''] = process.argv;
void serve(JSON.parse(settings) as Settings);
