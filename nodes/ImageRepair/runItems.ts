import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import pLimit from 'p-limit';

import { readAccount } from '../../credentials/account';
import { readCallSettings } from '../shared/callSettings';
import type { Done, Item } from './item';
import { Cancelled, itemFailure, nodeError } from '../shared/errors';
import { Tally } from '../shared/tally';
import { Transport } from '../shared/transport';

function errorItem(error: unknown, itemIndex: number): INodeExecutionData {
	// One field called `error` and nothing besides: that is how every version of n8n knows the item
	// belongs to the error output. Setting the item's own `error` would reduce this to the message.
	const failure: IDataObject = { ...itemFailure(error, itemIndex) };
	return { json: { error: failure }, pairedItem: { item: itemIndex } };
}

/**
 * Does the work for each input item, several at a time, and gives the output in input order.
 *
 * Without "continue on fail" the first item that fails stops the run: no further item is begun, and
 * the ones under way are waited for, so that nothing goes on behind n8n's back. A stopped execution
 * begins no further item either.
 *
 * @throws NodeApiError, NodeOperationError for the first failed item
 */
export async function runItems(
	functions: IExecuteFunctions,
	work: (item: Item) => Promise<Done>,
): Promise<INodeExecutionData[]> {
	const account = readAccount(await functions.getCredentials('tencentCloudInfiniteApi'));
	const settings = readCallSettings(functions.getNodeParameter('options', 0, {}));
	const tally = new Tally();
	const transport = new Transport(functions, account, settings, tally);
	const goOn = functions.continueOnFail();
	const failed: Array<{ index: number; error: unknown }> = [];
	const limit = pLimit(settings.maxConcurrency);

	const runItem = async (index: number): Promise<INodeExecutionData[]> => {
		if (functions.getExecutionCancelSignal()?.aborted === true) throw new Cancelled();
		if (failed.length > 0 && !goOn) return [];
		const { output, how } = await work({ functions, index, account, transport });
		tally[how]++;
		return [output].flat();
	};
	const outputs = await limit.map(functions.getInputData(), async (_, index) => {
		try {
			return await runItem(index);
		} catch (error) {
			tally.failed++;
			failed.push({ index, error });
			return [errorItem(error, index)];
		}
	});

	const first = failed.sort((a, b) => a.index - b.index)[0];
	if (first && !goOn) throw nodeError(functions.getNode(), first.error, first.index);
	functions.addExecutionHints(...tally.hints());
	return outputs.flat();
}
