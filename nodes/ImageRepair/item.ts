import type {
	IBinaryData,
	IBinaryKeyData,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
} from 'n8n-workflow';

import type { Account } from '../../cos/signing/authorize';
import type { ItemName } from '../shared/errors';
import type { Get } from '../shared/parameters';
import type { Tally } from '../shared/tally';
import type { Transport } from '../shared/transport';
import type { Repairs } from './run/outcome';

/** One input item on its way through the node. */
export interface Item {
	functions: IExecuteFunctions;
	index: number;
	account: Account;
	transport: Transport;
	tally: Tally;
	/** What all items of the run share about repairs. */
	repairs: Repairs;
	/** What it is about, told as soon as it is known: for the message, if it fails. */
	about: ItemName;
	/** A parameter of this item. */
	get: Get;
	/** A parameter as the workflow holds it, which may be an expression. */
	asEntered: Get;
}

/** An item that is done, and what came of it. */
export interface Done {
	/** Of a list, any number. */
	output: INodeExecutionData | INodeExecutionData[];
	how: 'repaired' | 'skipped' | 'nothingFound' | 'checked' | 'detected' | 'listed' | 'overCap';
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

/** An output item without files. */
export function outputJson({ index }: Item, json: IDataObject): INodeExecutionData {
	return { json, pairedItem: { item: index } };
}

/** An output item with files added to those that came in, in the shape they came in. */
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
