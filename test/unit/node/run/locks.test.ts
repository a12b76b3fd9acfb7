import { withLocks } from '../../../../nodes/ImageRepair/run/locks';

const turns = async (count: number) => {
	for (let turn = 0; turn < count; turn++) await Promise.resolve();
};

test('under a common name, one works after the other, in the order in which they asked', async () => {
	const log: string[] = [];
	const work = (name: string) => async () => {
		log.push(`${name} begins`);
		await turns(20);
		log.push(`${name} ends`);
	};
	await Promise.all([
		withLocks(['a', 'b'], work('first')),
		withLocks(['b', 'c'], work('second')),
		withLocks(['c', 'a'], work('third')),
	]);
	expect(log).toEqual([
		...['first begins', 'first ends'],
		...['second begins', 'second ends'],
		...['third begins', 'third ends'],
	]);
});

test('under different names, they work side by side', async () => {
	let open = 0;
	let most = 0;
	const work = async () => {
		most = Math.max(most, ++open);
		await turns(20);
		open--;
	};
	await Promise.all([withLocks(['d'], work), withLocks(['e'], work), withLocks([], work)]);
	expect(most).toBe(3);
});

test('work that fails lets the next one begin', async () => {
	const failing = withLocks(['f'], async () => await Promise.reject(new Error('any')));
	await expect(failing).rejects.toThrow('any');
	expect(await withLocks(['f'], async () => await Promise.resolve('done'))).toBe('done');
});
