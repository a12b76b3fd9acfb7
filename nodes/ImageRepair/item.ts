import type {
	IBinaryData,
	IBinaryKeyData,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
} from 'n8n-workflow';

import type { Account } from '../../cos/signing/authorize';
import { isRecord } from '../../cos/values';
import type { ByteStream, Transport } from '../shared/transport';

/** One input item on its way through the node. */
export interface Item {
	functions: IExecuteFunctions;
	index: number;
	account: Account;
	transport: Transport;
}

/** An item that is done, and what came of it. */
export interface Done {
	/** Of a list, any number. */
	output: INodeExecutionData | INodeExecutionData[];
	how: 'repaired' | 'skipped' | 'checked' | 'listed';
}

/** A parameter of this item, expressions resolved; `null` where the current mode has none. */
export function parameter({ functions, index }: Item, name: string): unknown {
	return functions.getNodeParameter(name, index, null);
}

/** Text as an expression may give it: a number counts as its digits, all else as nothing. */
export function asText(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** A text parameter. Spaces around it are kept: they may be meant. */
export function textParameter(item: Item, name: string): string {
	return asText(parameter(item, name));
}

/** Name of the binary field that images are put into. */
export function outputField(item: Item): string {
	return textParameter(item, 'outputBinaryPropertyName') || 'data';
}

/** A resource locator, or its bare value: workflows that were not made in the editor hold that. */
export function readLocator(value: unknown): { mode?: unknown; text: string } {
	return isRecord(value)
		? { mode: value.mode, text: asText(value.value) }
		: { text: asText(value) };
}

/** A switch. */
export function switchParameter(item: Item, name: string): boolean {
	return parameter(item, name) === true;
}

/** One of the rarely used settings under Options; `undefined` when it was not added. */
export function option(item: Item, name: string): unknown {
	const options = parameter(item, 'options');
	return isRecord(options) ? options[name] : undefined;
}

/** Whether everything shall be checked and nothing paid for. */
export function isDryRun(item: Item): boolean {
	return option(item, 'dryRun') === true;
}

/** Where n8n keeps files within an item's JSON, in workflows with that binary data shape. */
const FILES_IN_JSON = '_files';

/** A file of the item, in either of n8n's shapes: beside the JSON, or within it. */
export function findBinary({ functions, index }: Item, field: string): IBinaryData | undefined {
	for (const path of [field, `${FILES_IN_JSON}.${field}`]) {
		try {
			return functions.helpers.assertBinaryData(index, path);
		} catch {
			// n8n says "not there" by throwing.
		}
	}
	return undefined;
}

/** n8n shows `undefined` as an empty field; an absent one is clearer. */
export function present(fields: IDataObject): IDataObject {
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** An output item with one file added to the files that came in, in the shape they came in. */
export function outputWithFiles(
	{ functions, index }: Item,
	json: IDataObject,
	files: IBinaryKeyData,
): INodeExecutionData {
	const input = functions.getInputData()[index];
	const filesInJson = input?.json[FILES_IN_JSON];
	return {
		json: filesInJson === undefined ? json : { ...json, [FILES_IN_JSON]: filesInJson },
		binary: { ...input?.binary, ...files },
		pairedItem: { item: index },
	};
}

/** Size in bytes, in whichever of n8n's storages the data is. */
export async function sizeOfBinary(
	functions: IExecuteFunctions,
	binary: IBinaryData,
): Promise<number> {
	if (binary.id) return (await functions.helpers.getBinaryMetadata(binary.id)).fileSize;
	return Buffer.byteLength(binary.data, 'base64');
}

/** The bytes, as a stream where n8n can stream them. May be asked for again. */
export async function openBinary(
	functions: IExecuteFunctions,
	binary: IBinaryData,
): Promise<Buffer | ByteStream> {
	if (binary.id) return await functions.helpers.getBinaryStream(binary.id);
	return Buffer.from(binary.data, 'base64');
}
