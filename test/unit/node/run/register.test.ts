import type { BinaryImage } from '../../../../nodes/ImageRepair/binaryImage';
import { jobOf, type JobResult, type JobSource } from '../../../../nodes/ImageRepair/run/jobOf';
import { Register } from '../../../../nodes/ImageRepair/run/register';
import { objectKey } from '../../../../cos/location/objectKey';
import { resultKey, sourceAsResult } from '../../../../cos/location/resultKey';
import { InvalidParameter } from '../../../../nodes/shared/invalidParameter';

const BUCKET = 'examplebucket-1250000000';
const source = objectKey('a.jpg');
const ofKey = (key: string): JobSource => ({ kind: 'object', key });
const to = (fileid: string, from = source): JobResult => ({
	target: resultKey(fileid, from),
	area: { kind: 'automatic' },
});

const FACTS: BinaryImage['facts'] = {
	format: { name: 'PNG', mimeType: 'image/png', extensions: ['png'] },
	end: 'reached',
};

const file = (bytes: string, identity: string): BinaryImage => ({
	identity,
	md5: async () => await Promise.resolve(`md5 of ${bytes}`),
	field: 'data',
	label: 'Input Binary Field',
	size: bytes.length,
	contentType: 'image/png',
	fileName: 'a.png',
	open: async () => await Promise.resolve(Buffer.from(bytes)),
	facts: FACTS,
});
const ofFile = (bytes: string, identity: string): JobSource => ({
	kind: 'upload',
	key: source,
	image: file(bytes, identity),
});

const inBucket = (key: string, ...results: JobResult[]) => jobOf(BUCKET, ofKey(key), results);

/** Registers jobs all at once and tells in which order they were done, and what came of each. */
async function run(...jobs: Array<ReturnType<typeof jobOf>>) {
	const register = new Register<string>();
	const log: string[] = [];
	const results = await Promise.allSettled(
		jobs.map(
			async (job, index) =>
				await register.once(index, job, async () => {
					log.push(`${index} begins`);
					for (let turn = 0; turn < 20; turn++) await Promise.resolve();
					log.push(`${index} ends`);
					return `by ${index}`;
				}),
		),
	);
	return {
		log,
		results: results.map((result) => {
			if (result.status === 'fulfilled') return result.value;
			if (!(result.reason instanceof InvalidParameter)) throw result.reason;
			const { label, reason, values } = result.reason;
			return { label, reason, values };
		}),
	};
}

test('the same job is done once, and each item gets what came of it', async () => {
	const { log, results } = await run(
		inBucket('a.jpg', to('b.jpg')),
		inBucket('a.jpg', to('b.jpg')),
		inBucket('a.jpg', to('/b.jpg')),
	);
	expect(log).toEqual(['0 begins', '0 ends']);
	expect(results).toEqual([
		{ value: 'by 0' },
		{ value: 'by 0', sameAs: 0 },
		{ value: 'by 0', sameAs: 0 },
	]);
});

test.each([
	['another source', inBucket('other.jpg', to('/b.jpg', objectKey('other.jpg')))],
	[
		'another area',
		inBucket('a.jpg', {
			...to('b.jpg'),
			area: { kind: 'mask', mask: { kind: 'object', key: objectKey('mask.png') } },
		}),
	],
	['one more result', inBucket('a.jpg', to('c.jpg'), to('b.jpg'))],
])('%s under the same key is refused, and both items are named', async (_, other) => {
	const { log, results } = await run(inBucket('a.jpg', to('b.jpg')), other);
	expect(log).toEqual(['0 begins', '0 ends']);
	expect(results[1]).toEqual(
		expect.objectContaining({ reason: 'keyOfOtherItem', values: { key: 'b.jpg', other: 0 } }),
	);
});

test('the same key in another bucket is another object', async () => {
	const elsewhere = inBucket('other.jpg', {
		target: resultKey('/b.jpg', source, 'otherbucket-1250000000' as never),
		area: { kind: 'automatic' },
	});
	const { results } = await run(inBucket('a.jpg', to('b.jpg')), elsewhere);
	expect(results).toEqual([{ value: 'by 0' }, { value: 'by 1' }]);
});

test('who repairs what another item stores waits for it, and the other way round', async () => {
	const forward = await run(
		inBucket('a.jpg', to('b.jpg')),
		inBucket('b.jpg', to('c.jpg', objectKey('b.jpg'))),
	);
	expect(forward.log).toEqual(['0 begins', '0 ends', '1 begins', '1 ends']);
	const backward = await run(
		inBucket('b.jpg', to('c.jpg', objectKey('b.jpg'))),
		inBucket('a.jpg', to('b.jpg')),
	);
	expect(backward.log).toEqual(['0 begins', '0 ends', '1 begins', '1 ends']);
});

test('items with keys of their own run side by side', async () => {
	const { log } = await run(
		inBucket('a.jpg', to('b.jpg')),
		inBucket('a.jpg', to('c.jpg')),
		inBucket('d.jpg', { target: sourceAsResult(objectKey('d.jpg')), area: { kind: 'automatic' } }),
	);
	expect(log.slice(0, 3)).toEqual(['0 begins', '1 begins', '2 begins']);
});

test('files are the same by their bytes, whatever n8n calls them', async () => {
	const { results } = await run(
		jobOf(BUCKET, ofFile('one', 'id 1'), [to('b.jpg')]),
		jobOf(BUCKET, ofFile('one', 'id 2'), [to('b.jpg')]),
		jobOf(BUCKET, ofFile('two', 'id 3'), [to('b.jpg')]),
	);
	expect(results).toEqual([
		{ value: 'by 0' },
		{ value: 'by 0', sameAs: 0 },
		expect.objectContaining({ reason: 'keyOfOtherItem', label: 'Store As' }),
	]);
});

test('an item that failed has failed for each that asked for the same', async () => {
	const register = new Register<string>();
	const job = inBucket('a.jpg', to('b.jpg'));
	const failed = new Error('any');
	const work = async () => await Promise.reject<string>(failed);
	const first = register.once(0, job, work);
	const second = register.once(1, job, async () => await Promise.resolve('not called'));
	await expect(first).rejects.toBe(failed);
	await expect(second).rejects.toBe(failed);
});

describe('items come in their order, however long each has read what it asks for', () => {
	const done = async (index: number) => await Promise.resolve(`by ${index}`);

	test('the first one does the job', async () => {
		const register = new Register<string>();
		const job = inBucket('a.jpg', to('b.jpg'));
		const later = register.once(1, job, async () => await done(1));
		const first = register.once(0, job, async () => await done(0));
		expect([await first, await later]).toEqual([{ value: 'by 0' }, { value: 'by 0', sameAs: 0 }]);
	});

	test('the later one is refused', async () => {
		const register = new Register<string>();
		const later = register.once(1, inBucket('a.jpg', to('/c.jpg')), async () => await done(1));
		const first = register.once(0, inBucket('b.jpg', to('/c.jpg')), async () => await done(0));
		expect(await first).toEqual({ value: 'by 0' });
		await expect(later).rejects.toMatchObject({ values: { other: 0 } });
	});

	test('one that asks for nothing holds nobody up', async () => {
		const register = new Register<string>();
		const job = inBucket('a.jpg', to('b.jpg'));
		const last = register.once(2, job, async () => await done(2));
		register.leave(1);
		register.leave(0);
		expect(await last).toEqual({ value: 'by 2' });
	});
});
