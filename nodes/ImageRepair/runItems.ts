import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import pLimit from 'p-limit';

import { readAccount } from '../../credentials/account';
import type { Account } from '../../cos/signing/authorize';
import { Cancelled, itemFailure, nodeError, RepairFailed, type ItemName } from '../shared/errors';
import { Tally } from '../shared/tally';
import { CREDENTIAL, Transport } from '../shared/transport';
import { goesOn } from './asTool';
import type { Done, Item } from './item';
import { readRunSettings } from './parameters/options';
import { Answers } from './run/answers';
import { Budget } from './run/budget';
import { Claims } from './run/claims';
import { Memory } from './run/memory';
import { Register } from './run/register';
import type { KeptOutcome, Outcome, Repairs } from './run/outcome';
import { soFar, type FailedItem } from './run/soFar';

/** What is put out for an item that failed, where the run goes on. */
function errorItem(functions: IExecuteFunctions, failed: FailedItem): INodeExecutionData {
	const { index, error, about } = failed;
	const failure = { billed: 'no', ...itemFailure(error, index, about) } as unknown as IDataObject;
	// Only by `error` and nothing besides does every version of n8n know that an item belongs to the error
	// output, where it adds the fields of the input item. Setting the item's own `error` would reduce this
	// to the message.
	const beside = functions.getNode().onError === 'continueErrorOutput' ? {} : { ...about };
	return { json: { ...beside, error: failure }, pairedItem: { item: index } };
}

/**
 * Reads each parameter once: an expression costs a millisecond in the server of n8n 2, and what it gives may be
 * another value each time (`$now`, `Math.random()`), so that an item would be told under another key than it has.
 */
function getterOf(functions: IExecuteFunctions, index: number): Item['get'] {
	const known = new Map<string, unknown>();
	return (name) => {
		if (!known.has(name)) {
			// `null` where the current mode has no such parameter.
			known.set(name, functions.getNodeParameter(name, index, null));
		}
		return known.get(name);
	};
}

/** An image that n8n keeps in memory, as part of the item itself. */
function isLarge(outcome: KeptOutcome): boolean {
	return 'image' in outcome && outcome.image.binary.id === undefined;
}

/** What the items of a run share. */
interface Run {
	account: Account;
	transport: Transport;
	repairs: Repairs;
	memory: Memory<KeptOutcome>;
	maxConcurrency: number;
}

/** @param get of the first item, which decides how the run goes */
async function prepare(functions: IExecuteFunctions, get: Item['get'], tally: Tally): Promise<Run> {
	const account = readAccount(await functions.getCredentials(CREDENTIAL));
	const settings = readRunSettings(get);
	const transport = new Transport(functions, account, settings, tally);
	const memory = new Memory<KeptOutcome>(functions, tally);
	const budget = new Budget(settings.maxBilledCalls, memory.spent, (spent) => {
		memory.spent = spent;
	});
	const register = new Register<Outcome>();
	const repairs: Repairs = {
		memory,
		budget,
		register,
		claims: new Claims(),
		maskSizes: new Answers(),
		maskFaults: new Answers(),
		maskCopies: new Answers(),
		imageInfos: new Answers(),
	};
	return { account, transport, repairs, memory, maxConcurrency: settings.maxConcurrency };
}

/** An error that names the temporary masks that an earlier try has left, where this try did not get to them. */
function withLeftMasks(error: unknown, memory: Memory<KeptOutcome>, index: number): unknown {
	const temporaryMasks = memory.masksOf(index).map(({ key }) => key);
	if (temporaryMasks.length === 0) return error;
	const failed = error instanceof RepairFailed ? error : new RepairFailed(error, { billed: 'no' });
	return failed.facts.temporaryMasks ? failed : failed.with({ temporaryMasks });
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
	const goOn = goesOn(functions);
	const failed: FailedItem[] = [];
	const getFirst = getterOf(functions, 0);
	const { parameters: entered } = functions.getNode();
	const asEntered: Item['get'] = (name) => entered[name];
	const prepared = await prepare(functions, getFirst, tally).then(
		(run) => ({ run }),
		(error: unknown) => ({ error }),
	);

	const runItem = async (index: number, about: ItemName): Promise<INodeExecutionData[]> => {
		if (failed.length > 0 && !goOn) return [];
		const isCancelled = functions.getExecutionCancelSignal()?.aborted === true;
		if ('error' in prepared) throw isCancelled ? new Cancelled() : prepared.error;
		const { account, transport, repairs } = prepared.run;
		// What an earlier try has sent is told even so; nothing more is sent.
		if (isCancelled && !repairs.memory.isRetry) throw new Cancelled();
		const get = index === 0 ? getFirst : getterOf(functions, index);
		const item = { functions, index, account, transport, tally, repairs, about, get, asEntered };
		const { output, how } = await work(item);
		tally[how]++;
		return [output].flat();
	};
	const limit = pLimit('run' in prepared ? prepared.run.maxConcurrency : 1);
	const outputs = await limit.map(functions.getInputData(), async (_, index) => {
		const about: ItemName = {};
		try {
			return await runItem(index, about);
		} catch (caught) {
			tally.failed++;
			const error = 'run' in prepared ? withLeftMasks(caught, prepared.run.memory, index) : caught;
			const failedItem = { index, error, about };
			failed.push(failedItem);
			return [errorItem(functions, failedItem)];
		} finally {
			if ('run' in prepared) prepared.run.repairs.register.leave(index);
		}
	});

	failed.sort((a, b) => a.index - b.index);
	const [first, ...others] = failed;
	const stops = first !== undefined && !goOn;
	// n8n tries again after an error, and when the first item of the output is one.
	const firstFailed = first?.index === 0;
	const memory = 'run' in prepared ? prepared.run.memory : undefined;
	memory?.end({ thrown: stops, firstFailed }, isLarge);
	if (stops) {
		const earlier = outputs.map((items, index) =>
			items.every(({ json }) => json.skipped === true) ? memory?.ofItem(index) : undefined,
		);
		const more = soFar(tally, outputs.flat(), others, earlier);
		throw nodeError(functions.getNode(), first.error, first.index, more, first.about);
	}
	functions.addExecutionHints(...tally.hints(functions.getInputData().length));
	return outputs.flat();
}
