import * as fc from 'fast-check';

import type { CallKind } from '../../dev/sandbox/ledger/calls';
import type { Fault, FaultRule } from '../../dev/sandbox/faults/faultRules';

/** A random history: what users, the bucket and the network do, with all that chance decides. */
export interface History {
	/** of the sandbox's clock, from that of the node */
	clockOffsetSeconds: number;
	executions: HistoryExecution[];
	/** virtual milliseconds that every repair takes, unless a fault says otherwise */
	workMs: number;
	faults: FaultRule[];
	writes: Write[];
	/** connections that the bucket does not take, of those that executions make */
	refused: readonly Refused[];
}

/** `times` connections, beginning with the `nth`. */
export interface Refused {
	nth: number;
	times: number;
}

export type Mode = 'download' | 'upload' | 'cloud';

export interface HistoryExecution {
	mode: Mode;
	/** whether it starts together with the one before */
	atOnce: boolean;
	/** virtual milliseconds between the end of those before and its start */
	pauseMs: number;
	items: HistoryItem[];
	options: HistoryOptions;
	node: {
		onError?: 'continueRegularOutput' | 'continueErrorOutput';
		maxTries?: number;
	};
	/** virtual milliseconds after its start */
	cancelAfterMs?: number;
}

export interface HistoryOptions {
	skipExisting?: true;
	overwriteOriginal?: true;
	retries?: number;
	/** seconds */
	timeout?: number;
	maxConcurrency?: number;
	retryLostCalls?: true;
	maxBilledCalls?: number;
	downloadResult?: true;
	dryRun?: true;
	/** how many further results each item has */
	additionalResults?: number;
	/**
	 * other than polygons: the service is to find the logo, a mask is in the item or the bucket already, or text
	 * is looked for
	 */
	area?: 'automatic' | 'binaryMask' | 'storedMask' | 'text';
	/** Image and masks are looked at first. */
	checkAreaFirst?: true;
	/** What becomes of an upload whose key is taken, other than to overwrite. */
	ifKeyExists?: 'number' | 'fail';
}

export interface HistoryItem {
	/** number of the object: `SOURCES` of them are in the bucket, one more is not */
	source: number;
	/** number of the picture that an upload sends */
	picture: number;
	/** number of the result key; different items can share one */
	result: number;
	/** number of the area */
	area: number;
}

/** Somebody else changes a source. */
export interface Write {
	/** virtual milliseconds after the start of the first execution */
	atMs: number;
	source: number;
	/** null deletes it */
	picture: number | null;
}

export const SOURCES = 6;
export const PICTURES = 4;

/** Pixels of every picture. */
export const WIDTH = 120;
export const HEIGHT = 80;

/** As the parameter Polygons takes them. */
export const AREAS: ReadonlyArray<ReadonlyArray<ReadonlyArray<readonly [number, number]>>> = [
	[
		[
			[40, 30],
			[70, 30],
			[70, 46],
			[40, 46],
		],
	],
	[
		[
			[0, 0],
			[20, 0],
			[20, 20],
			[0, 20],
		],
	],
	[
		[
			[80, 50],
			[110, 50],
			[110, 70],
			[80, 70],
		],
	],
];

/** Which of the areas is found in a picture, by its MD5; -1 for those in which nothing is. */
export const foundIn = (md5: string): number => (parseInt(md5.slice(0, 2), 16) % 4) - 1;

/** A value, but for once in so many times. */
export const maybe = <Value>(
	value: fc.Arbitrary<Value>,
	freq = 2,
): fc.Arbitrary<Value | undefined> => fc.option(value, { nil: undefined, freq });

/** A value once in so many times. */
const rarely = <Value>(oneIn: number, value: fc.Arbitrary<Value>) =>
	fc.oneof(
		{ weight: oneIn - 1, arbitrary: fc.constant(undefined) },
		{ weight: 1, arbitrary: value },
	);

export const yes = fc.constant(true as const);

/** What is not `undefined`: a history is printed and compared without the rest. */
export function compact<Value extends object>(value: Value): Value {
	return Object.fromEntries(
		Object.entries(value).filter(([, field]) => field !== undefined),
	) as Value;
}

const work = fc
	.record({
		workMs: maybe(fc.constantFrom(300, 1500, 4000, 12_000)),
		visibleAfterMs: maybe(fc.constantFrom(500, 3000, 15_000), 3),
	})
	.map(compact);

const refusals = fc.constantFrom(
	{ status: 400, code: 'InvalidArgument' },
	{ status: 403, code: 'AccessDenied' },
	{ status: 404, code: 'NoSuchKey' },
	{ status: 429, code: 'TooManyRequests' },
	{ status: 500, code: 'InternalError' },
	{ status: 503, code: 'SlowDown' },
	{ status: 503, code: 'ServiceUnavailable', requestId: false },
	{ status: 200, code: 'SlowDown' },
	{ status: 403, code: 'AccessDenied', errNo: -164 },
	{ status: 404, errNo: -46614, body: 'empty' as const },
	{ status: 400, errNo: -447, body: 'empty' as const },
);
const gatewayStatus = fc.constantFrom(500, 502, 503, 504);
const gatewayBody = fc.constantFrom('html' as const, 'empty' as const, 'echo' as const);
const processed = fc.constantFrom<true | false | 'later' | 'original'>(
	true,
	false,
	'later',
	'original',
);

/**
 * Something that goes wrong with a repair. There is no refusal by the service after the work was done:
 * the law takes the service at its word (only successful calls are billed).
 */
const repairFault: fc.Arbitrary<Fault> = fc
	.tuple(
		fc.oneof(
			fc.record({ fault: fc.constant('work' as const) }),
			fc.record({
				fault: fc.constant('delay' as const),
				// With the work no time limit: which of the two is first would be chance.
				ms: fc.constantFrom(600, 2600, 9100),
				processed: fc.boolean(),
			}),
			refusals.map((refusal) => ({ fault: 'status' as const, ...refusal })),
			fc.record({
				fault: fc.constant('status' as const),
				status: gatewayStatus,
				body: gatewayBody,
				requestId: fc.boolean(),
				processed,
			}),
			fc.record({
				fault: fc.constant('status' as const),
				status: gatewayStatus,
				body: fc.constant('cut' as const),
				requestId: fc.constant(false),
				processed,
			}),
			fc.record({
				fault: fc.constant('reset' as const),
				processed,
			}),
			fc.record({ fault: fc.constant('reset' as const), at: fc.constant('request' as const) }),
			fc.record({
				fault: fc.constant('cut' as const),
				by: fc.constantFrom('reset' as const, 'end' as const),
			}),
			fc.record({
				fault: fc.constant('drip' as const),
				everyMs: fc.constant(1000),
				processed: fc.boolean(),
			}),
			fc.record({
				fault: fc.constant('xml' as const),
				shape: fc.constantFrom('malformed' as const, 'entities' as const, 'missing' as const),
			}),
			fc
				.record({
					fault: fc.constant('rules' as const),
					rules: fc.constantFrom([1], [2], [1, 2]),
					report: fc.constantFrom(
						'missing' as const,
						'object' as const,
						'withoutLocation' as const,
					),
					order: maybe(fc.constant('reversed' as const)),
					originalWithoutLocation: fc.boolean(),
					code: fc.constant('InternalError'),
					message: fc.constant('This rule failed'),
				})
				.map(compact),
			fc.constantFrom<Fault>(
				{ fault: 'placeholder' },
				{ fault: 'placeholder', errNo: -164 },
				{ fault: 'redirect', to: 'original' },
				{ fault: 'redirect', to: 'original', errNo: -156 },
			),
			fc.constant({ fault: 'gzip' as const }),
			fc.record({
				fault: fc.constant('framing' as const),
				as: fc.constantFrom('http1.0' as const, 'close' as const, 'short' as const, '206' as const),
				cut: fc.boolean(),
			}),
			fc.constantFrom<Fault>(
				{ fault: 'headers', headers: { 'x-cos-request-id': null } },
				{ fault: 'headers', headers: { Date: null } },
				{ fault: 'contentType', contentType: 'text/plain' },
			),
		),
		work,
	)
	.map(([fault, more]) => ({ ...fault, ...more }));

/** Something that goes wrong with a look, a download, a mask or its deletion. */
const otherFault: fc.Arbitrary<Fault> = fc.constantFrom<Fault>(
	{ fault: 'headers', headers: { Date: null } },
	{ fault: 'headers', headers: { 'Last-Modified': null } },
	{ fault: 'headers', headers: { Age: '300' }, dateOffsetSeconds: -300 },
	{ fault: 'headers', headers: { ETag: null } },
	{ fault: 'headers', headers: { 'x-cos-request-id': null } },
	{ fault: 'status', status: 403, code: 'AccessDenied' },
	{ fault: 'status', status: 404, code: 'NoSuchKey' },
	{ fault: 'status', status: 503, code: 'SlowDown' },
	{ fault: 'status', status: 502, body: 'html', requestId: false },
	{ fault: 'status', status: 500, body: 'echo', requestId: false },
	{ fault: 'reset' },
	{ fault: 'reset', processed: true },
	{ fault: 'cut', by: 'end' },
	{ fault: 'delay', ms: 3000 },
	{ fault: 'drip', everyMs: 1000 },
	{ fault: 'framing', as: 'short' },
	{ fault: 'gzip' },
);

export const REPAIRS: CallKind[] = ['repair-download', 'repair-upload', 'repair-cloud'];

const selection = fc
	.record({
		nth: maybe(fc.integer({ min: 1, max: 6 })),
		times: fc.constantFrom(1, 1, 1, 1, 2, 2, 3, 3, 50),
		perKey: maybe(yes),
	})
	.map(compact);

const faultRule: fc.Arbitrary<FaultRule> = fc.oneof(
	{
		weight: 3,
		arbitrary: fc
			.tuple(selection, repairFault)
			.map(([which, fault]) => ({ kind: REPAIRS, ...which, fault })),
	},
	{
		weight: 1,
		arbitrary: fc
			.tuple(
				fc.constantFrom<CallKind>(
					...(['head', 'head', 'get', 'put', 'delete', 'image-info', 'image-mogr'] as const),
					...(['detect-text', 'detect-text'] as const),
				),
				selection,
				otherFault,
			)
			.map(([kind, which, fault]) => ({ kind, ...which, fault })),
	},
);

/** Most histories are small: what they find is found soon, and costs little. */
const size = fc.oneof(
	{ weight: 14, arbitrary: fc.integer({ min: 1, max: 3 }) },
	{ weight: 4, arbitrary: fc.integer({ min: 4, max: 8 }) },
	{ weight: 1, arbitrary: fc.integer({ min: 9, max: 20 }) },
);

/** Few numbers, so that items share sources and keys, or many, so that they do not. */
const items = fc
	.tuple(size, fc.boolean(), fc.boolean())
	.chain(([most, sharedKeys, sharedSources]) => {
		const source = fc.integer({ min: 0, max: sharedSources ? 1 : SOURCES });
		const item = fc.record({
			source: fc.oneof(
				{ weight: 9, arbitrary: source },
				{ weight: 1, arbitrary: fc.constant(SOURCES) },
			),
			picture: fc.integer({ min: 0, max: PICTURES - 1 }),
			result: fc.integer({ min: 0, max: sharedKeys ? 2 : 999 }),
			area: fc.constantFrom(0, 0, 0, 1, 2),
		});
		return fc.array(item, { minLength: 1, maxLength: most, size: 'max' });
	});

const options: fc.Arbitrary<HistoryOptions> = fc
	.record({
		skipExisting: maybe(yes),
		overwriteOriginal: rarely(6, yes),
		retries: maybe(fc.integer({ min: 0, max: 4 })),
		timeout: maybe(fc.constantFrom(1, 2, 5, 30)),
		maxConcurrency: maybe(fc.constantFrom(1, 2, 20)),
		retryLostCalls: rarely(6, yes),
		maxBilledCalls: rarely(6, fc.integer({ min: 1, max: 6 })),
		downloadResult: rarely(4, yes),
		dryRun: rarely(20, yes),
		additionalResults: rarely(6, fc.constantFrom(1, 1, 1, 2, 4)),
		area: rarely(
			4,
			fc.constantFrom(
				'automatic',
				'binaryMask',
				'binaryMask',
				'storedMask',
				'text',
				'text',
				'text',
			),
		),
		checkAreaFirst: rarely(4, yes),
		ifKeyExists: rarely(4, fc.constantFrom('number', 'number', 'fail')),
	})
	.map(compact);

const execution: fc.Arbitrary<HistoryExecution> = fc
	.record({
		mode: fc.constantFrom<Mode>('download', 'upload', 'cloud', 'cloud'),
		atOnce: fc.constantFrom(true, false, false),
		pauseMs: fc.constantFrom(0, 500, 3000, 20_000),
		items,
		options,
		node: fc
			.record({
				onError: fc.constantFrom(
					undefined,
					'continueRegularOutput' as const,
					'continueRegularOutput' as const,
					'continueErrorOutput' as const,
				),
				maxTries: maybe(fc.constantFrom(2, 2, 3, 5)),
			})
			.map(compact),
		cancelAfterMs: rarely(15, fc.constantFrom(0, 5, 400, 2000)),
	})
	.map(compact);

const write: fc.Arbitrary<Write> = fc.record({
	atMs: fc.constantFrom(0, 20, 20, 150, 300, 1000, 2500, 6000, 15_000),
	// Most of them of a source that items share, or it would seldom be replaced while it is repaired.
	source: fc.oneof(
		{ weight: 3, arbitrary: fc.integer({ min: 0, max: 1 }) },
		{ weight: 1, arbitrary: fc.integer({ min: 0, max: SOURCES - 1 }) },
	),
	picture: fc.oneof(
		{ weight: 5, arbitrary: fc.integer({ min: 0, max: PICTURES - 1 }) },
		{ weight: 1, arbitrary: fc.constant(null) },
	),
});

/** Other pictures under the keys of the items. */
const withOtherPictures = (all: readonly HistoryItem[]): HistoryItem[] =>
	all.map((item) => ({ ...item, picture: (item.picture + 1) % PICTURES }));

/** The same workflow again, as every night, for the same pictures or others of the same names; or another one. */
const executions = fc
	.tuple(
		fc.array(execution, { minLength: 1, maxLength: 3, size: 'max' }),
		fc.constantFrom('same', 'otherPictures', 'other', 'other'),
		fc.boolean(),
	)
	.map(([all, next, skip]) => {
		const [first] = all;
		if (!first || next === 'other') return all;
		const again = { ...first, cancelAfterMs: undefined };
		const asked = { ...again.options, ...(skip && { skipExisting: true as const }) };
		return all.map(({ atOnce, pauseMs }, number) => {
			const items =
				next === 'otherPictures' && number % 2 === 1 ? withOtherPictures(first.items) : first.items;
			return compact({ ...again, items, options: asked, atOnce, pauseMs });
		});
	});

const refused: fc.Arbitrary<readonly Refused[]> = fc.oneof(
	{ weight: 5, arbitrary: fc.constant([]) },
	{
		weight: 1,
		arbitrary: fc.array(
			fc.record({ nth: fc.integer({ min: 1, max: 12 }), times: fc.constantFrom(1, 1, 2, 3, 20) }),
			{ minLength: 1, maxLength: 2, size: 'max' },
		),
	},
);

const historyArbitrary: fc.Arbitrary<History> = fc.record({
	clockOffsetSeconds: fc.constantFrom(0, 0, 0, 0, 40, -40, 3600, -3600),
	workMs: fc.constantFrom(0, 300, 1500),
	executions,
	faults: fc.array(faultRule, { maxLength: 4, size: 'max' }),
	writes: fc.array(write, { maxLength: 2, size: 'max' }),
	refused,
});

/** Of Fibonacci hashing: 2 to the power of 32 by the golden ratio, made odd. */
const SPREAD = 0x9e3779b1;

/** The value of a seed. Without being spread, seeds that are close to one another would choose alike. */
export function sampleOf<Value>(arbitrary: fc.Arbitrary<Value>, seed: number): Value {
	const [value] = fc.sample(arbitrary, { seed: Math.imul(seed, SPREAD), numRuns: 1 });
	if (value === undefined) throw new Error('No value');
	return value;
}

/** The history of a seed. */
export const historyOf = (seed: number): History => sampleOf(historyArbitrary, seed);
