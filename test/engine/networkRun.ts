import { tinyImage } from '../../dev/sandbox/repair/tinyImage';
import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';

import { startEngine, type Engine } from '../../dev/engine/engine';
import { CREDENTIAL_TYPE } from '../../dev/packageNames';
import { named, NODE, workflowOf } from './bucketAndEngine';

/** Larger than what a connection takes at once. */
const LARGE_IMAGE = Buffer.concat([tinyImage('large'), Buffer.alloc(3_000_000)]);

/**
 * The process that network.test.ts starts, because n8n reads its proxy and its guard from the
 * environment: for each credential, runs each call, and tests the credential.
 */

export interface NetworkRequest {
	credential: ICredentialDataDecryptedObject;
	/** Parameters of each call; `{}` is a repair in the bucket. */
	calls: INodeParameters[];
}

export interface NetworkReport {
	calls: Array<{ message: string; description: string; code: string; hint: string }>;
	test: { status: string; message: string };
}

async function main(): Promise<void> {
	const requests = JSON.parse(process.argv[2] ?? '') as NetworkRequest[];
	const engine = await startEngine();
	const reports: NetworkReport[] = [];
	for (const request of requests) reports.push(await reportOf(engine, request));
	await engine.close();
	process.stdout.write(JSON.stringify(reports));
}

async function reportOf(
	engine: Engine,
	{ credential, calls }: NetworkRequest,
): Promise<NetworkReport> {
	const report: NetworkReport['calls'] = [];
	for (const parameters of calls) {
		const result = await engine.run(
			workflowOf(
				{
					operation: 'cloud',
					...named('a.png'),
					area: 'automatic',
					options: { retries: 1 },
					...parameters,
				},
				{ node: { onError: 'continueRegularOutput' } },
			),
			{
				credentials: { bucket: credential },
				input: [
					{
						json: {},
						binary: {
							data: { content: LARGE_IMAGE, mimeType: 'image/png', fileName: 'a.png' },
						},
					},
				],
			},
		);
		const error = result.output(NODE)[0]?.json.error as NetworkReport['calls'][number];
		report.push({ ...error, hint: result.hints(NODE)[0]?.message ?? '' });
	}
	return { calls: report, test: await engine.testCredential(CREDENTIAL_TYPE, credential) };
}

if (require.main === module) void main();
