import { CallLog, type Call, type CallKind } from '../../../dev/sandbox/ledger/calls';
import { FaultDesk, readFaultRules, type FaultRule } from '../../../dev/sandbox/faults/faultDesk';
import { codeOf } from './codeOf';

const log = new CallLog();
const call = (kind: CallKind, key: string, method = 'GET'): Call =>
	Object.assign(log.begin({ method, host: 'localhost', requestId: '' }), { kind, key });

const delay = (ms: number) => ({ fault: 'delay', ms }) as const;
const one = delay(1);

const deskWith = (...rules: FaultRule[]): FaultDesk => {
	const desk = new FaultDesk();
	desk.set(rules);
	return desk;
};
/** The milliseconds of the fault each request meets, 0 for none. */
const met = (desk: FaultDesk, ...calls: Call[]): number[] =>
	calls.map((request) => {
		const fault = desk.choose(request);
		return fault?.fault === 'delay' ? fault.ms : 0;
	});
const repairs = (...keys: string[]) => keys.map((key) => call('repair-cloud', key, 'POST'));

it('without rules nothing goes wrong, also when the rules are taken away', () => {
	const desk = deskWith({ fault: one });
	expect(met(desk, ...repairs('a'))).toEqual([1]);
	desk.set([]);
	expect(met(desk, ...repairs('a'))).toEqual([0]);
});

it.each<[what: string, rule: Omit<FaultRule, 'fault'>, hits: number[]]>([
	['a method', { method: 'POST' }, [0, 1, 0]],
	['a kind', { kind: 'get' }, [1, 0, 0]],
	['several kinds', { kind: ['get', 'list'] }, [1, 0, 1]],
	['the beginning of a key', { keyPrefix: 'photos/' }, [1, 1, 0]],
	['a pattern in the key', { keyPattern: 'b\\.png$' }, [0, 1, 0]],
	['all of them at once', { kind: 'get', keyPattern: 'b' }, [0, 0, 0]],
])('%s picks the requests', (_, rule, hits) => {
	const calls = [
		call('get', 'photos/a.png'),
		call('repair-cloud', 'photos/b.png', 'POST'),
		call('list', ''),
	];
	expect(met(deskWith({ ...rule, fault: one }), ...calls)).toEqual(hits);
});

it('nth and times count the requests that fit, and only those', () => {
	const desk = deskWith({ kind: 'repair-cloud', nth: 2, times: 2, fault: one });
	const [a, b, c, d] = [...repairs('a', 'b', 'c', 'd')];
	const other = call('get', 'a');
	const calls = [a, other, b, other, c, d].filter((each) => each !== undefined);
	expect(met(desk, ...calls)).toEqual([0, 0, 1, 0, 1, 0]);
});

it('perKey counts for each key by itself', () => {
	const desk = deskWith({ perKey: true, times: 1, fault: one });
	expect(met(desk, ...repairs('a', 'b', 'a', 'b', 'c'))).toEqual([1, 1, 0, 0, 1]);
});

it('several faults come one after the other', () => {
	const desk = deskWith({ times: 3, fault: [delay(1), delay(2)] });
	expect(met(desk, ...repairs('a', 'a', 'a', 'a'))).toEqual([1, 2, 1, 0]);
});

it('the first rule that has a fault wins, and the later ones do not count the request', () => {
	const desk = deskWith({ times: 1, fault: delay(1) }, { times: 1, fault: delay(2) });
	expect(met(desk, ...repairs('a', 'a', 'a'))).toEqual([1, 2, 0]);
});

describe('with a rate', () => {
	const keys = Array.from({ length: 400 }, (_, index) => `${String(index)}.png`);
	const byKey = (seed: string, order: readonly string[]) => {
		const desk = deskWith({ rate: 0.2, seed, fault: [delay(1), delay(2)] });
		const calls = repairs(...order, ...order);
		const hits = met(desk, ...calls);
		const pairs = calls.map(({ key }, index) => [key, hits[index]] as const);
		return pairs.sort(([a], [b]) => a.localeCompare(b));
	};

	it('the same requests meet the same faults, in whatever order the keys arrive', () => {
		expect(byKey('seed', keys.toReversed())).toEqual(byKey('seed', keys));
	});

	it('another seed hits others', () => {
		expect(byKey('another', keys)).not.toEqual(byKey('seed', keys));
	});

	it('about that share is hit, by every fault of the list', () => {
		const hits = byKey('seed', keys).map(([, fault]) => fault);
		const share = hits.filter((fault) => fault !== 0).length / hits.length;
		expect(share).toBeGreaterThan(0.15);
		expect(share).toBeLessThan(0.25);
		expect(new Set(hits)).toEqual(new Set([0, 1, 2]));
	});

	it('a request that comes again is drawn anew', () => {
		const desk = deskWith({ rate: 0.5, fault: one });
		const hits = new Set(met(desk, ...repairs(...Array.from({ length: 50 }, () => 'a'))));
		expect(hits).toEqual(new Set([0, 1]));
	});

	it('0 hits none and 1 hits all', () => {
		expect(met(deskWith({ rate: 0, fault: one }), ...repairs('a', 'b'))).toEqual([0, 0]);
		expect(met(deskWith({ rate: 1, fault: one }), ...repairs('a', 'b'))).toEqual([1, 1]);
	});
});

describe('rules as the control port gets them', () => {
	const codeOfRules = (rules: unknown) => codeOf(() => readFaultRules(JSON.stringify(rules)));

	it.each<[what: string, rule: object]>([
		['delay', { fault: delay(5) }],
		['status', { fault: { fault: 'status', status: 503, code: 'SlowDown', retryAfter: 3 } }],
		['redirect', { fault: { fault: 'redirect', status: 301, location: 'https://example.com/' } }],
		['reset', { fault: { fault: 'reset', at: 'request' } }],
		['cut', { fault: { fault: 'cut', by: 'end' } }],
		['drip', { fault: { fault: 'drip', everyMs: 5, processed: false } }],
		['contentType', { fault: { fault: 'contentType', contentType: 'text/plain' } }],
		['xml', { fault: { fault: 'xml', shape: 'missing', node: 'Object' } }],
		['every selector', { kind: ['put'], keyPattern: '^a', nth: 2, times: 1, fault: one }],
	])('%s is understood', (_, rule) => {
		expect(readFaultRules(JSON.stringify([rule]))).toEqual([rule]);
	});

	it.each<[what: string, rules: unknown]>([
		['no list', { fault: one }],
		['no fault', [{}]],
		['an empty list of faults', [{ fault: [] }]],
		['an unknown fault', [{ fault: { fault: 'explode' } }]],
		['a misspelt selector', [{ kinds: ['get'], fault: one }]],
		['a misspelt field', [{ fault: { ...one, procesed: true } }]],
		['a fault without what it needs', [{ fault: { fault: 'delay' } }]],
		['an unknown kind', [{ kind: 'gett', fault: one }]],
		['a pattern that is none', [{ keyPattern: '(', fault: one }]],
		['a rate above 1', [{ rate: 5, fault: one }]],
		['a location that is no URL', [{ fault: { fault: 'redirect', location: '/here' } }]],
		['a name of Object itself', [{ fault: { fault: 'constructor' } }]],
	])('%s is refused', (_, rules) => {
		expect(codeOfRules(rules)).toBe('InvalidArgument');
	});

	it('text that is not JSON is refused', () => {
		expect(codeOf(() => readFaultRules('{'))).toBe('InvalidArgument');
	});
});
