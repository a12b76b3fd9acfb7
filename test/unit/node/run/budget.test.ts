import fc from 'fast-check';

import { Budget, payWith } from '../../../../nodes/ImageRepair/run/budget';
import { RepairFailed } from '../../../../nodes/shared/errors';

const budgetOf = (most: number, spent = 0) => {
	const told: number[] = [];
	return { budget: new Budget(most, spent, (count) => told.push(count)), told };
};

test('0 sets no limit', async () => {
	const { budget } = budgetOf(0, 1_000_000);
	for (let call = 0; call < 100; call++) expect(await budget.reserve()).toBeDefined();
});

test('what earlier rounds have spent counts', async () => {
	const { budget, told } = budgetOf(3, 2);
	const ticket = await budget.reserve();
	ticket?.spend();
	expect(told).toEqual([3]);
	expect(await budget.reserve()).toBeUndefined();
});

test('who comes when all places are taken gets the place of a call that is refused', async () => {
	const { budget } = budgetOf(1);
	const first = await budget.reserve();
	const second = budget.reserve();
	first?.giveBack();
	expect(await second).toBeDefined();
});

test('who comes when all places are taken goes without when they are spent', async () => {
	const { budget } = budgetOf(1);
	const first = await budget.reserve();
	const second = budget.reserve();
	first?.spend();
	expect(await second).toBeUndefined();
});

test('a call that may have been billed is made again only while there is room for one more', async () => {
	const { budget, told } = budgetOf(2);
	const ticket = await budget.reserve();
	expect(ticket?.another()).toBe(true);
	expect(ticket?.another()).toBe(false);
	ticket?.spend();
	expect(told.at(-1)).toBe(2);
	expect(await budget.reserve()).toBeUndefined();
});

test.each([
	['billed', 'yes', 1],
	['perhaps billed', 'perhaps', 1],
	['not billed', 'no', 0],
] as const)('a call that fails and was %s counts %s', async (_, billed, spent) => {
	const { budget, told } = budgetOf(1);
	const ticket = await budget.reserve();
	if (!ticket) throw new Error('No place was free.');
	const failed = new RepairFailed(new Error('any'), { billed });
	await expect(payWith(ticket, async () => await Promise.reject(failed))).rejects.toBe(failed);
	ticket.giveBack();
	expect(told).toEqual(spent === 0 ? [] : [spent]);
});

test('however many items run at a time and end as they may, no more is spent than allowed', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.integer({ min: 1, max: 8 }),
			fc.array(fc.record({ spends: fc.boolean(), turns: fc.nat(5) }), { maxLength: 30 }),
			async (most, calls) => {
				const { budget } = budgetOf(most);
				let spent = 0;
				let open = 0;
				const served = await Promise.all(
					calls.map(async ({ spends, turns }) => {
						const ticket = await budget.reserve();
						if (!ticket) return false;
						open++;
						expect(spent + open).toBeLessThanOrEqual(most);
						for (let turn = 0; turn < turns; turn++) await Promise.resolve();
						open--;
						if (spends) spent++;
						if (spends) ticket.spend();
						else ticket.giveBack();
						return true;
					}),
				);
				// Nobody goes without while there is money left.
				if (served.includes(false)) expect(spent).toBe(most);
			},
		),
	);
});
