import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import { startEngine, type Engine } from '../../dev/engine/engine';
import { CREDENTIAL_TYPE } from '../../dev/packageNames';
import { byKey, named, NODE, workflowOf } from './bucketAndEngine';

/** The process that endpoints.test.ts starts: for each request, repairs one image and tests credentials. */

export interface RealNamesRequest {
	credential: ICredentialDataDecryptedObject;
	/** Key of the image to repair, if any. */
	key?: string;
	/** Changes to the credential, for each test of it. */
	tests: ICredentialDataDecryptedObject[];
}

export interface RealNamesReport {
	/** JSON of the output item, if there was an image to repair. */
	run?: IDataObject;
	tests: Array<{ status: string; message: string }>;
}

async function reportOf(
	engine: Engine,
	{ credential, key, tests }: RealNamesRequest,
): Promise<RealNamesReport> {
	const report: RealNamesReport = { tests: [] };
	if (key !== undefined) {
		const result = await engine.run(
			workflowOf({
				operation: 'cloud',
				...named(key),
				resultKey: `${String(credential.endpoint)}/{name}.png`,
				area: 'mask',
				maskSource: 'object',
				maskObjectKey: byKey('mask.png'),
				downloadResult: true,
			}),
			{ credentials: { bucket: credential } },
		);
		if (result.error) throw result.error;
		report.run = result.output(NODE)[0]?.json;
	}
	for (const changes of tests) {
		report.tests.push(await engine.testCredential(CREDENTIAL_TYPE, { ...credential, ...changes }));
	}
	return report;
}

async function main(): Promise<void> {
	const requests = JSON.parse(process.argv[2] ?? '') as RealNamesRequest[];
	const engine = await startEngine();
	const reports: RealNamesReport[] = [];
	for (const request of requests) reports.push(await reportOf(engine, request));
	await engine.close();
	process.stdout.write(JSON.stringify(reports));
}

if (require.main === module) void main();
