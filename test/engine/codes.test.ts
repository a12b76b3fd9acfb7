import { classify, retryOf } from '../../cos/responses/codes';
import type { EngineItem, ExecutionResult } from '../../dev/engine/engine';
import type { Call } from '../../dev/sandbox/ledger/calls';
import type { Fault } from '../../dev/sandbox/faults/faultRules';
import { FAILURE } from '../../nodes/shared/messages';
import { shortenPauses } from '../quickSleep';
import table from '../unit/cos/vectors/failures.json';
import { image, NODE, openScene, type Scene } from './bucketAndEngine';
import { continueOnError, errorOf, parameters, PNG } from './faultScene';

/** Every documented code, as one item each: what a user is told, what is sent again, what is billed. */

interface Case {
	code: string;
	status: number;
	message: string;
	retry: string;
}

const cases: Case[] = table.codes.map(({ message = '', ...rest }) => ({ ...rest, message }));
const isErrNo = ({ code }: Case) => code.startsWith('-');

/** As a bucket with "4xx Image Setting" says it, and as others do. */
const asPlaceholder = ({ code }: Case): Fault => ({ fault: 'placeholder', errNo: Number(code) });
const asDocument = ({ status, code, message }: Case): Fault => ({
	fault: 'status',
	status,
	code,
	message,
});

let scene: Scene;
beforeAll(async () => {
	scene = await openScene({}, { quick: true });
	const original = await image();
	await Promise.all(
		cases.map(async (_, n) => {
			await scene.sandbox.putObject(`${String(n)}.png`, original, PNG);
		}),
	);
});
afterAll(async () => {
	await scene.close();
});

interface Run {
	result: ExecutionResult;
	callsOf: (n: number) => Call[];
}

/** Runs an item for each case, whose first call meets the fault. */
async function runAll(
	mode: 'download' | 'cloud',
	chosen: ReadonlyArray<readonly [n: number, fault: Fault]>,
): Promise<Run> {
	shortenPauses(100);
	await scene.sandbox.resetCalls();
	await scene.sandbox.setFaults(
		chosen.map(([n, fault]) => ({ keyPattern: `^${String(n)}\\.png$`, times: 1, fault })),
	);
	const items: EngineItem[] = chosen.map(([n]) => ({ json: { n } }));
	const result = await scene.run(parameters(mode, { retries: 1 }), items, continueOnError);
	expect(result.error).toBeUndefined();
	const calls = await scene.sandbox.calls();
	return { result, callsOf: (n) => calls.filter(({ key }) => key === `${String(n)}.png`) };
}

function expectTold({ result, callsOf }: Run, index: number, n: number, one: Case): void {
	const { code, status, message, retry } = one;
	const kind = classify(code, status, message);
	expect(retryOf(kind)).toBe(retry);
	const calls = callsOf(n);
	const billed = calls.filter((call) => call.billed).length;
	const error = errorOf(result, index);
	if (retry === 'later') {
		expect(error).toBeUndefined();
		expect([calls.length, billed]).toEqual([2, 1]);
		return;
	}
	expect([calls.length, billed]).toEqual([1, 0]);
	expect(error).toMatchObject({
		message: `${FAILURE[kind].message} (${String(n)}.png) [item ${String(index)}]`,
		code,
		billed: 'no',
	});
	const said = message === '' ? code : `${code}: ${message}`;
	expect(error?.description).toContain(FAILURE[kind].advice);
	expect(error?.description).toContain(`The service says: ${said}`);
	expect(result.output(NODE)[index]?.binary).toBeUndefined();
}

describe.each(['download', 'cloud'] as const)('in %s mode', (mode) => {
	test('every code of an error document has its own words, and is retried only if that can help', async () => {
		const run = await runAll(
			mode,
			cases.map((one, n) => [n, asDocument(one)]),
		);
		cases.forEach((one, n) => {
			expectTold(run, n, n, one);
		});
	});

	test('every X-ErrNo beside a placeholder with status 200 is a refusal, and nothing is output', async () => {
		const chosen = [...cases.entries()].filter(([, one]) => isErrNo(one));
		expect(chosen.length).toBeGreaterThan(45);
		const run = await runAll(
			mode,
			chosen.map(([n, one]) => [n, asPlaceholder(one)]),
		);
		chosen.forEach(([n, one], index) => {
			expectTold(run, index, n, one);
		});
	});
});
