import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import pLimit from 'p-limit';

import { readAccount } from '../../credentials/account';
import type { Account } from '../../cos/signing/authorize';
import { Cancelled, itemFailure, nodeError } from '../shared/errors';
import { Tally } from '../shared/tally';
import { CREDENTIAL, Transport } from '../shared/transport';
import type { Done, Item } from './item';
import { readRunSettings } from './parameters/options';

function errorItem(error: unknown, itemIndex: number): INodeExecutionData {
	// One field called `error` and nothing besides: that is how every version of n8n knows the item
	// belongs to the error output. Setting the item's own `error` would reduce this to the message.
	const failure: IDataObject = { ...itemFailure(error, itemIndex) };
	return { json: { error: failure }, pairedItem: { item: itemIndex } };
}

function getterOf(functions: IExecuteFunctions, index: number): Item['get'] {
	// `null` where the current mode has no such parameter.
	return (name) => functions.getNodeParameter(name, index, null);
}

/** What the items of a run share. */
interface Run {
	account: Account;
	transport: Transport;
	maxConcurrency: number;
}

async function prepare(functions: IExecuteFunctions, tally: Tally): Promise<Run> {
	const account = readAccount(await functions.getCredentials(CREDENTIAL));
	const settings = readRunSettings(getterOf(functions, 0));
	const transport = new Transport(functions, account, settings, tally);
	return { account, transport, maxConcurrency: settings.maxConcurrency };
}

/**
 * Does the work for each input item, several at a time, and gives the output in input order.
 *
 * Without "continue on fail" the first item that fails stops the run: no further item is begun, and
 * the ones under way are waited for, so that nothing goes on behind n8n's back. A stopped execution
 * begins no further item either. What keeps the whole run from starting fails each of its items.
 *
 * @throws NodeApiError, NodeOperationError for the first failed item
 */
export async function runItems(
	functions: IExecuteFunctions,
	work: (item: Item) => Promise<Done>,
): Promise<INodeExecutionData[]> {
	const tally = new Tally();
	const goOn = functions.continueOnFail();
	const failed: Array<{ index: number; error: unknown }> = [];
	const prepared = await prepare(functions, tally).then(
		(run) => ({ run }),
		(error: unknown) => ({ error }),
	);

	const runItem = async (index: number): Promise<INodeExecutionData[]> => {
		if (functions.getExecutionCancelSignal()?.aborted === true) throw new Cancelled();
		if (failed.length > 0 && !goOn) return [];
		if ('error' in prepared) throw prepared.error;
		const { account, transport } = prepared.run;
		const get = getterOf(functions, index);
		const { output, how } = await work({ functions, index, account, transport, get });
		tally[how]++;
		return [output].flat();
	};
	const limit = pLimit('run' in prepared ? prepared.run.maxConcurrency : 1);
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
