import type { IDataObject, INodeParameters } from 'n8n-workflow';
import sharp from 'sharp';

import type { EngineItem, ExecutionResult } from '../../dev/engine/engine';
import type { Call, CallKind } from '../../dev/sandbox/ledger/calls';
import {
	byKey,
	LOGO,
	LOGO_POLYGON,
	NODE,
	openScene,
	image,
	IMAGE_SIZE,
	type Scene,
} from './bucketAndEngine';

/** What the tests of faults share: three images in a bucket, and how to ask for them. */

export const PNG = 'image/png';
export const REPAIRS: CallKind[] = ['repair-download', 'repair-upload', 'repair-cloud'];
export type Mode = 'download' | 'upload' | 'cloud';

/** A scene with the objects `0.png` to `2.png`, and the files that items bring along. */
export interface FaultScene {
	scene: Scene;
	/** PNG bytes of the image. */
	original: Buffer;
	/** PNG bytes, white over the logo. */
	mask: Buffer;
}

async function paintMask(): Promise<Buffer> {
	const black = { create: { ...IMAGE_SIZE, channels: 3, background: '#000' } } as const;
	const white = await sharp({ create: { ...black.create, ...LOGO, background: '#fff' } })
		.png()
		.toBuffer();
	return await sharp(black)
		.composite([{ input: white, left: LOGO.left, top: LOGO.top }])
		.png()
		.toBuffer();
}

export async function openFaultScene(): Promise<FaultScene> {
	const scene = await openScene({ binaryMode: 'filesystem' });
	const original = await image();
	for (const name of ['0', '1', '2']) await scene.sandbox.putObject(`${name}.png`, original, PNG);
	// The first repair takes the sandbox longer than the short timeouts of the tests.
	await scene.run(parameters('download', {}, { objectKey: byKey('0.png') }));
	return { scene, original, mask: await paintMask() };
}

/** An item for each number, with its image and a mask. */
export function itemsWith(
	{ original, mask }: Pick<FaultScene, 'original' | 'mask'>,
	numbers: readonly number[],
): EngineItem[] {
	return numbers.map((n) => ({
		json: { n },
		binary: {
			data: { content: original, mimeType: PNG, fileName: `${String(n)}.png` },
			mask: { content: mask, mimeType: PNG, fileName: 'mask.png' },
		},
	}));
}

export const parameters = (
	mode: Mode,
	options: INodeParameters = {},
	more: INodeParameters = {},
): INodeParameters => ({
	operation: mode,
	objectKey: byKey('={{ $json.n }}.png'),
	area: 'polygons',
	polygons: LOGO_POLYGON,
	options: { checkAreaFirst: false, retries: 1, timeout: 5, ...options },
	...more,
});
export const binaryMask = { area: 'mask', maskSource: 'binary', maskBinaryPropertyName: 'mask' };
export const goOn = { node: { onError: 'continueRegularOutput' } };

interface ErrorItem {
	message: string;
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
export const billed = (calls: readonly Call[]) => calls.filter((call) => call.billed).length;
