import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { objectKey } from '../../../../cos/location/objectKey';
import { resultKey } from '../../../../cos/location/resultKey';
import { jobOf } from '../../../../nodes/ImageRepair/run/jobOf';
import { Memory } from '../../../../nodes/ImageRepair/run/memory';
import { Tally } from '../../../../nodes/shared/tally';

const source = objectKey('a.jpg');
const jobTo = (fileid: string) =>
	jobOf('examplebucket-1250000000', { kind: 'object', key: source }, [
		{ target: resultKey(fileid, source), area: { kind: 'automatic' } },
	]);

interface Run {
	execution?: string;
	runIndex?: number;
	node?: { retryOnFail?: boolean; maxTries?: number };
}

/** What n8n keeps of a node while its execution lives; it may store it as JSON in between. */
class Context {
	private stored: IDataObject = {};

	open({ execution = '1', runIndex = 0, node = {} }: Run = {}): {
		memory: Memory<string>;
		tally: Tally;
	} {
		this.stored = JSON.parse(JSON.stringify(this.stored)) as IDataObject;
		const functions = {
			getContext: () => this.stored,
			getExecutionId: () => execution,
			evaluateExpression: () => runIndex,
			getNode: () => node,
		} as unknown as IExecuteFunctions;
		const tally = new Tally();
		return { memory: new Memory<string>(functions, tally), tally };
	}
}

const isLarge = (outcome: string) => outcome.length > 100;
const THROWN = { thrown: true, firstFailed: true };
const DONE = { thrown: false, firstFailed: false };
const FIRST_FAILED = { thrown: false, firstFailed: true };
const retried = { retryOnFail: true, maxTries: 3 };

test('what a try has brought is there for the next one, by the item and by the job', () => {
	const context = new Context();
	const first = context.open();
	first.memory.keep(4, jobTo('b.jpg'), 'repaired');
	first.memory.end(THROWN, isLarge);
	const { memory } = context.open();
	const kept = { outcome: 'repaired', sameExecution: true };
	expect(memory.find(4, jobTo('b.jpg'))).toEqual(kept);
	expect(memory.find(0, jobTo('b.jpg'))).toEqual(kept);
	expect(memory.find(0, jobTo('c.jpg'))).toBeUndefined();
});

test('within an execution an item is known although its result key has changed', () => {
	const context = new Context();
	const first = context.open();
	first.memory.keep(4, jobTo('at-12-00.jpg'), 'repaired');
	first.memory.end(THROWN, isLarge);
	expect(context.open().memory.find(4, jobTo('at-12-01.jpg'))?.outcome).toBe('repaired');
	expect(context.open({ execution: '2' }).memory.find(4, jobTo('at-12-01.jpg'))).toBeUndefined();
});

test('a later execution that continues this one is told that it is another', () => {
	const context = new Context();
	const first = context.open();
	first.memory.keep(0, jobTo('b.jpg'), 'repaired');
	first.memory.end(THROWN, isLarge);
	const { memory } = context.open({ execution: '2' });
	expect(memory.find(0, jobTo('b.jpg'))).toEqual({ outcome: 'repaired', sameExecution: false });
});

test('a loop begins anew in each round', () => {
	const context = new Context();
	const first = context.open();
	first.memory.keep(0, jobTo('b.jpg'), 'repaired');
	first.memory.end(THROWN, isLarge);
	expect(context.open({ runIndex: 1 }).memory.find(0, jobTo('b.jpg'))).toBeUndefined();
});

test('what was kept is let go when the node succeeds', () => {
	const context = new Context();
	const first = context.open();
	first.memory.keep(0, jobTo('b.jpg'), 'repaired');
	first.memory.end(DONE, isLarge);
	expect(context.open().memory.find(0, jobTo('b.jpg'))).toBeUndefined();
});

test('a first item that failed lets n8n try again, but not without Retry On Fail and not after the last try', () => {
	const context = new Context();
	const tries = [1, 2, 3].map(() => {
		const { memory } = context.open({ node: retried });
		const known = memory.find(0, jobTo('b.jpg')) !== undefined;
		memory.keep(0, jobTo('b.jpg'), 'repaired');
		memory.end(FIRST_FAILED, isLarge);
		return known;
	});
	expect(tries).toEqual([false, true, true]);
	expect(context.open({ node: retried }).memory.find(0, jobTo('b.jpg'))).toBeUndefined();

	const other = new Context();
	const { memory } = other.open();
	memory.keep(0, jobTo('b.jpg'), 'repaired');
	memory.end(FIRST_FAILED, isLarge);
	expect(other.open().memory.find(0, jobTo('b.jpg'))).toBeUndefined();
});

test('calls are counted over all tries of a run, and anew in the next run', () => {
	const context = new Context();
	const first = context.open();
	Object.assign(first.tally, { billed: 2, perhapsBilled: 1, retried: 3, failed: 1 });
	first.memory.end(THROWN, isLarge);
	const second = context.open();
	expect(second.tally).toMatchObject({ billed: 2, perhapsBilled: 1, retried: 3, failed: 0 });
	second.memory.end(DONE, isLarge);
	expect(context.open({ runIndex: 1 }).tally).toMatchObject({ billed: 0, perhapsBilled: 0 });
});

test('what was spent counts over all rounds of the execution', () => {
	const context = new Context();
	const first = context.open();
	first.memory.spent = 7;
	first.memory.end(DONE, isLarge);
	expect(context.open({ runIndex: 1 }).memory.spent).toBe(7);
});

test('what is too large to be stored with the execution is kept between tries only', () => {
	const context = new Context();
	const image = 'x'.repeat(101);
	for (const [index, known] of [undefined, image, image].entries()) {
		const { memory } = context.open({ node: retried });
		expect([index, memory.find(0, jobTo('b.jpg'))?.outcome]).toEqual([index, known]);
		memory.keep(0, jobTo('b.jpg'), image);
		memory.keep(1, jobTo('c.jpg'), 'small');
		memory.end(THROWN, isLarge);
	}
	const { memory } = context.open({ execution: '2' });
	expect(memory.find(0, jobTo('b.jpg'))).toBeUndefined();
	expect(memory.find(1, jobTo('c.jpg'))?.outcome).toBe('small');
});

test('the key that a try has sent a file under is that of the next try, whatever Object Key gives by then', () => {
	const context = new Context();
	const first = context.open();
	const kept = { key: 'in/k7m2xq4d.jpg', file: 'file', entered: 'in/12-00.jpg' };
	first.memory.keepKey(3, kept);
	first.memory.end(THROWN, isLarge);
	const { memory } = context.open();
	expect(memory.keyOf(3, 'file', 'in/12-01.jpg')).toEqual(kept);
	expect([3, 4].map((index) => memory.isOfOther(kept.key, index))).toEqual([false, true]);
	expect(memory.isOfOther('in/other.jpg', 4)).toBe(false);
	expect(memory.keyOf(3, 'other file', 'in/12-00.jpg')).toBeUndefined();
	expect(memory.keyOf(2, 'file', 'in/12-00.jpg')).toBeUndefined();
	const later = context.open({ execution: '2' }).memory;
	expect(later.keyOf(3, 'file', 'in/12-00.jpg')).toEqual(kept);
	expect(later.isOfOther(kept.key, 4)).toBe(false);
	expect(later.keyOf(3, 'file', 'in/12-01.jpg')).toBeUndefined();
});
