import fc from 'fast-check';

import { assignResults } from '../../../../cos/responses/assignResults';
import type { FailedObject, ProcessedObject } from '../../../../cos/responses/uploadResult';

const OWN = 'photos-1250000000';
const OTHER = 'clean-1250000000';
const place = (key: string, bucket = OWN) => ({ key, bucket });
const object = (key: string, bucket = OWN): ProcessedObject => ({
	key,
	location: `${bucket}.cos.ap-chengdu.myqcloud.com/${key}`,
	etag: `${bucket} ${key}`,
});

/** The ETag that each place got, or the reason why it has none. */
function told(
	places: ReadonlyArray<ReturnType<typeof place>>,
	results: ProcessedObject[],
	failed?: FailedObject[],
): Array<string | undefined> {
	return assignResults(places, { results, failed }).map((one, index) => {
		expect(one.place).toBe(places[index]);
		return one.object?.etag ?? one.failed?.code;
	});
}

describe('the results of a call', () => {
	it('are told by key and bucket, in whatever order they come', () => {
		const places = [place('a'), place('a', OTHER), place('b'), place('b', OTHER), place('c')];
		const asked = places.map(({ bucket, key }) => `${bucket} ${key}`);
		fc.assert(
			fc.property(fc.shuffledSubarray(places, { minLength: 5 }), (order) => {
				expect(
					told(
						places,
						order.map(({ key, bucket }) => object(key, bucket)),
					),
				).toEqual(asked);
			}),
			{ numRuns: 120, seed: 12 },
		);
	});

	it('are told by key and bucket, whichever are missing', () => {
		const places = [place('a'), place('a', OTHER), place('b'), place('b', OTHER), place('c')];
		fc.assert(
			fc.property(fc.shuffledSubarray(places), (made) => {
				const expected = places.map((one) =>
					made.includes(one) ? `${one.bucket} ${one.key}` : undefined,
				);
				// Two of one key in different buckets are told apart only by their location.
				expect(
					told(
						places,
						made.map(({ key, bucket }) => object(key, bucket)),
					),
				).toEqual(expected);
			}),
			{ numRuns: 500, seed: 12 },
		);
	});

	it('are told by the key where a location is missing, or is that of a custom domain', () => {
		const [first, second] = [
			{ key: 'a', etag: '1' },
			{ key: 'b', location: 'img.example.com/b', etag: '2' },
		];
		expect(told([place('b', OTHER), place('a')], [first, second])).toEqual(['2', '1']);
	});

	it('may be named from the top of the bucket', () => {
		const [result] = assignResults([place('p/a')], { results: [object('/p/a')] });
		expect(result?.object).toMatchObject({ key: 'p/a', etag: `${OWN} /p/a` });
	});

	// The example of the specification asks for `bigpic_process.jpg` and gets `bigpic_process.jpeg`.
	it('are told in order when all are there and some have other keys', () => {
		expect(
			told(
				[place('a.jpg'), place('b'), place('c.jpg')],
				[object('b'), object('a.jpeg'), object('c.jpeg')],
			),
		).toEqual([`${OWN} a.jpeg`, `${OWN} b`, `${OWN} c.jpeg`]);
		expect(told([place('a'), place('b')], [{ etag: '1' }, { etag: '2' }])).toEqual(['1', '2']);
	});

	it('are not guessed when one is missing and another has a strange key', () => {
		expect(told([place('a'), place('b'), place('c')], [object('b'), object('x')])).toEqual([
			undefined,
			`${OWN} b`,
			undefined,
		]);
	});

	it('that are missing have the reason that is given for them', () => {
		const places = [place('a'), place('b'), place('c')];
		const failed = [
			{ key: 'c', code: 'C' },
			{ key: 'a', code: 'A' },
		];
		expect(told(places, [object('b')], failed)).toEqual(['A', `${OWN} b`, 'C']);
		expect(told(places, [object('b')], [{ code: '-1' }, { code: '-2' }])).toEqual([
			'-1',
			`${OWN} b`,
			'-2',
		]);
		expect(told(places, [object('b')], [{ code: '-1' }])).toEqual(['-1', `${OWN} b`, undefined]);
		expect(told(places, [object('b')], [{ key: 'x', code: '-1' }])).toEqual([
			undefined,
			`${OWN} b`,
			undefined,
		]);
	});
});
