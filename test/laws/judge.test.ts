import type { LedgerEntry } from '../../dev/sandbox/ledger/ledger';
import { judge } from './judge';
import type { ExecutionRecord } from './runHistory';

/** Virtual Unix milliseconds. */
const CANCELLED_AT = 2_000;

const call = (finishedAt: number): LedgerEntry => ({
	number: 1,
	requestId: 'request',
	kind: 'repair-download',
	method: 'GET',
	bucket: 'bucket',
	key: 'h1/s0.png',
	arrivedAt: 500,
	finishedAt,
	source: { bucket: 'bucket', key: 'h1/s0.png', version: 1, md5: 'a' },
	asked: [{ bucket: '', key: '', area: 'automatic' }],
	results: [],
	billed: true,
	detected: false,
	answered: 'whole',
	status: 200,
	code: '',
	named: true,
	fault: '',
});

/** An execution that tells its only call as lost. n8n calls many a cancelled one failed, with a later end. */
const toldAsLost = (finishedAt: number, cancelledAt?: number): ExecutionRecord => ({
	number: 0,
	asked: {
		mode: 'download',
		atOnce: false,
		pauseMs: 0,
		items: [{ source: 0, picture: 0, result: 0, area: 0 }],
		options: { area: 'automatic' },
		node: {},
	},
	jobs: [
		{
			mode: 'download',
			key: 'h1/s0.png',
			picture: '',
			results: [{ key: '', area: 'automatic' }],
		},
	],
	status: 'error',
	startedAt: 0,
	endedAt: CANCELLED_AT + 100,
	...(cancelledAt !== undefined && { cancelledAt }),
	told: [],
	hint: '',
	thrown: 'Before the run stopped: 1 failed, 0 billed calls, 1 more may have been billed.',
	everything: '',
	calls: [call(finishedAt)],
});

function lawsBrokenBy(execution: ExecutionRecord): string[] {
	const { calls } = execution;
	const asked = {
		clockOffsetSeconds: 0,
		executions: [execution.asked],
		workMs: 0,
		faults: [],
		// Something goes wrong, so that a failure is no fault in itself.
		writes: [{ atMs: 0, source: 1, picture: null }],
		refused: [],
	};
	const rest = { versions: [], keys: [], bucket: 'bucket', secrets: [] };
	return judge({ asked, executions: [execution], calls, ...rest }).map(({ law }) => law);
}

test.each([
	['in the moment of a cancellation may be told as lost', 8, CANCELLED_AT, []],
	['long before a cancellation must not be told as lost', -200, CANCELLED_AT, ['5']],
	['without a cancellation must not be told as lost', 8, undefined, ['5']],
])('a response that ends %s', (_, after, cancelledAt, broken) => {
	expect(lawsBrokenBy(toldAsLost(CANCELLED_AT + after, cancelledAt))).toEqual(broken);
});
