import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { EngineItem, ExecutionResult } from '../../dev/engine/engine';
import type { Call, CallKind } from '../../dev/sandbox/ledger/calls';
import {
	byKey,
	named,
	LOGO_POLYGON,
	logoMask,
	NODE,
	openScene,
	image,
	type Scene,
} from './bucketAndEngine';

/** Shared by the tests of faults: three images in a bucket, and the parameters that repair them. */

export const PNG = 'image/png';
export const REPAIRS: CallKind[] = ['repair-download', 'repair-upload', 'repair-cloud'];
export type Mode = 'download' | 'upload' | 'cloud';

/** A scene with the objects `0.png` to `2.png`. */
interface FaultScene {
	scene: Scene;
	original: Buffer;
	/** An input item for each number, with the image and a mask as binary data. */
	items: (...numbers: readonly number[]) => EngineItem[];
}

async function openFaultScene(): Promise<FaultScene> {
	const scene = await openScene({ binaryMode: 'filesystem' }, { quick: true });
	const original = await image();
	// Older than any result by more than the second that the service tells of each.
	const before = new Date(Date.now() - 60_000);
	for (const name of ['0', '1', '2']) {
		await scene.sandbox.putObject(`${name}.png`, original, PNG, before);
	}
	// The sandbox needs longer for its first repair than the short timeouts of the tests allow.
	await scene.run(parameters('download', {}, { objectKey: byKey('0.png') }));
	const mask = await logoMask();
	const items = (...numbers: readonly number[]) =>
		numbers.map((n) => ({
			json: { n },
			binary: {
				data: { content: original, mimeType: PNG, fileName: `${String(n)}.png` },
				mask: { content: mask, mimeType: PNG, fileName: 'mask.png' },
			},
		}));
	return { scene, original, items };
}

/** Opens a scene for the tests of a file, and clears its faults and calls before each test. */
export function useFaultScene(onOpen: (opened: FaultScene) => void): void {
	let scene: Scene;
	beforeAll(async () => {
		const opened = await openFaultScene();
		({ scene } = opened);
		onOpen(opened);
	});
	afterAll(async () => {
		await scene.close();
	});
	beforeEach(async () => {
		await scene.sandbox.clearFaults();
		await scene.sandbox.resetCalls();
	});
}

export const parameters = (
	mode: Mode,
	options: INodeParameters = {},
	more: INodeParameters = {},
): INodeParameters => ({
	operation: mode,
	...named('={{ $json.n }}.png'),
	area: 'polygons',
	polygons: LOGO_POLYGON,
	options: { checkAreaFirst: false, retries: 1, timeout: 5, ...options },
	...more,
});
export const binaryMask = { area: 'mask', maskSource: 'binary', maskBinaryPropertyName: 'mask' };
export const continueOnError = { node: { onError: 'continueRegularOutput' } };

interface ErrorItem {
	message: string;
	billed: string;
	requestId?: string;
	results?: IDataObject[];
	description: string;
	code: string;
	httpCode?: string;
	itemIndex: number;
}

export const errorOf = (result: ExecutionResult, item: number): ErrorItem | undefined => {
	const error = result.output(NODE)[item]?.json.error;
	return typeof error === 'object' ? (error as IDataObject & ErrorItem) : undefined;
};
export const repairsOf = (calls: readonly Call[], key: string) =>
	calls.filter((call) => call.key === key && REPAIRS.includes(call.kind));
export const countBilled = (calls: readonly Call[]) => calls.filter((call) => call.billed).length;
