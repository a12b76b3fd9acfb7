import { FaultSelector, type FaultRule } from '../../../dev/sandbox/faults/faultRules';
import { readFaultRules } from '../../../dev/sandbox/faults/readFaultRules';
import { CallLog, type Call, type CallKind } from '../../../dev/sandbox/ledger/calls';
import { codeOf } from './codeOf';

const log = new CallLog();
const call = (kind: CallKind, key: string, method = 'GET'): Call =>
	Object.assign(log.begin({ method, host: 'localhost', requestId: '' }), { kind, key });

const delay = (ms: number) => ({ fault: 'delay', ms }) as const;
const one = delay(1);

const selectorWith = (...rules: FaultRule[]): FaultSelector => {
	const selector = new FaultSelector();
	selector.setRules(rules);
	return selector;
};
/** The milliseconds of the delay selected for each request, 0 for none. */
const delays = (selector: FaultSelector, ...calls: Call[]): number[] =>
	calls.map((request) => {
		const fault = selector.select(request);
		return fault?.fault === 'delay' ? fault.ms : 0;
	});
const repairs = (...keys: string[]) => keys.map((key) => call('repair-cloud', key, 'POST'));

it('without rules, or after their removal, there are no faults', () => {
	const selector = selectorWith({ fault: one });
	expect(delays(selector, ...repairs('a'))).toEqual([1]);
	selector.setRules([]);
	expect(delays(selector, ...repairs('a'))).toEqual([0]);
});

it.each<[condition: string, rule: Omit<FaultRule, 'fault'>, hits: number[]]>([
	['a method', { method: 'POST' }, [0, 1, 0]],
	['a kind', { kind: 'get' }, [1, 0, 0]],
	['several kinds', { kind: ['get', 'list'] }, [1, 0, 1]],
	['a key prefix', { keyPrefix: 'photos/' }, [1, 1, 0]],
	['a key pattern', { keyPattern: 'b\\.png$' }, [0, 1, 0]],
	['several conditions at once', { kind: 'get', keyPattern: 'b' }, [0, 0, 0]],
])('%s selects the matching requests', (_, rule, hits) => {
	const calls = [
		call('get', 'photos/a.png'),
		call('repair-cloud', 'photos/b.png', 'POST'),
		call('list', ''),
	];
	expect(delays(selectorWith({ ...rule, fault: one }), ...calls)).toEqual(hits);
});

it('nth and times count matching requests only', () => {
	const selector = selectorWith({ kind: 'repair-cloud', nth: 2, times: 2, fault: one });
	const [a, b, c, d] = [...repairs('a', 'b', 'c', 'd')];
	const other = call('get', 'a');
	const calls = [a, other, b, other, c, d].filter((each) => each !== undefined);
	expect(delays(selector, ...calls)).toEqual([0, 0, 1, 0, 1, 0]);
});

it('perKey counts the requests for each key separately', () => {
	const selector = selectorWith({ perKey: true, times: 1, fault: one });
	expect(delays(selector, ...repairs('a', 'b', 'a', 'b', 'c'))).toEqual([1, 1, 0, 0, 1]);
});

it('several faults are used in turn', () => {
	const selector = selectorWith({ times: 3, fault: [delay(1), delay(2)] });
	expect(delays(selector, ...repairs('a', 'a', 'a', 'a'))).toEqual([1, 2, 1, 0]);
});

it('the first rule with a fault wins, and later rules do not count the request', () => {
	const selector = selectorWith({ times: 1, fault: delay(1) }, { times: 1, fault: delay(2) });
	expect(delays(selector, ...repairs('a', 'a', 'a'))).toEqual([1, 2, 0]);
});

describe('with a rate', () => {
	const keys = Array.from({ length: 400 }, (_, index) => `${String(index)}.png`);
	const byKey = (seed: string, order: readonly string[]) => {
		const selector = selectorWith({ rate: 0.2, seed, fault: [delay(1), delay(2)] });
		const calls = repairs(...order, ...order);
		const hits = delays(selector, ...calls);
		const pairs = calls.map(({ key }, index) => [key, hits[index]] as const);
		return pairs.sort(([a], [b]) => a.localeCompare(b));
	};

	it('the same requests get the same faults in any order of arrival', () => {
		expect(byKey('seed', keys.toReversed())).toEqual(byKey('seed', keys));
	});

	it('a different seed selects different requests', () => {
		expect(byKey('another', keys)).not.toEqual(byKey('seed', keys));
	});

	it('about that share of the requests is selected, with all faults of the list', () => {
		const hits = byKey('seed', keys).map(([, fault]) => fault);
		const share = hits.filter((fault) => fault !== 0).length / hits.length;
		expect(share).toBeGreaterThan(0.15);
		expect(share).toBeLessThan(0.25);
		expect(new Set(hits)).toEqual(new Set([0, 1, 2]));
	});

	it('a repeated request is selected independently', () => {
		const selector = selectorWith({ rate: 0.5, fault: one });
		const hits = new Set(delays(selector, ...repairs(...Array.from({ length: 50 }, () => 'a'))));
		expect(hits).toEqual(new Set([0, 1]));
	});

	it('0 selects none and 1 selects all', () => {
		expect(delays(selectorWith({ rate: 0, fault: one }), ...repairs('a', 'b'))).toEqual([0, 0]);
		expect(delays(selectorWith({ rate: 1, fault: one }), ...repairs('a', 'b'))).toEqual([1, 1]);
	});
});

describe('reading rules', () => {
	const codeOfRules = (rules: unknown) => codeOf(() => readFaultRules(JSON.stringify(rules)));

	it.each<[name: string, rule: object]>([
		['delay', { fault: delay(5) }],
		['status', { fault: { fault: 'status', status: 503, code: 'SlowDown', retryAfter: 3 } }],
		['errNo', { fault: { fault: 'status', status: 403, errNo: -164, body: 'empty' } }],
		['original', { fault: { fault: 'redirect', to: 'original', errNo: -156 } }],
		['redirect', { fault: { fault: 'redirect', status: 301, location: 'https://example.com/' } }],
		['reset', { fault: { fault: 'reset', at: 'request' } }],
		['cut', { fault: { fault: 'cut', by: 'end' } }],
		['drip', { fault: { fault: 'drip', everyMs: 5, processed: false } }],
		['contentType', { fault: { fault: 'contentType', contentType: 'text/plain' } }],
		['xml', { fault: { fault: 'xml', shape: 'missing', node: 'Object' } }],
		['work', { fault: { fault: 'work', workMs: 5, visibleAfterMs: 6 } }],
		['later', { fault: { fault: 'status', status: 504, requestId: false, processed: 'later' } }],
		['original', { fault: { fault: 'reset', processed: 'original', workMs: 1 } }],
		['rules', { fault: { fault: 'rules', rules: [1, 3], report: 'object', code: 'Busy' } }],
		['withoutLocation', { fault: { fault: 'rules', rules: [2], report: 'withoutLocation' } }],
		['order', { fault: { fault: 'rules', rules: [], order: 'reversed' } }],
		['the original', { fault: { fault: 'rules', rules: [], originalWithoutLocation: true } }],
		[
			'shape and failing rules',
			{
				fault: { fault: 'rules', rules: [1], order: 'reversed', originalWithoutLocation: true },
			},
		],
		['list', { fault: { fault: 'list', as: 'emptyPages' } }],
		['flood', { fault: { fault: 'flood', processed: false } }],
		['original', { fault: { fault: 'original' } }],
		['result', { fault: { fault: 'result', as: 'elsewhere' } }],
		['placeholder', { fault: { fault: 'placeholder', errNo: -46618 } }],
		['headers', { fault: { fault: 'headers', headers: { Date: null, Age: '60' } } }],
		['gzip', { fault: { fault: 'gzip' } }],
		['framing', { fault: { fault: 'framing', as: 'http1.0', cut: true } }],
		['every condition', { kind: ['put'], keyPattern: '^a', nth: 2, times: 1, fault: one }],
	])('%s is accepted', (_, rule) => {
		expect(readFaultRules(JSON.stringify([rule]))).toEqual([rule]);
	});

	it.each<[name: string, rules: unknown]>([
		['a rule that is not in a list', { fault: one }],
		['no fault', [{}]],
		['an empty list of faults', [{ fault: [] }]],
		['an unknown fault', [{ fault: { fault: 'explode' } }]],
		['a misspelt condition', [{ kinds: ['get'], fault: one }]],
		['a misspelt field', [{ fault: { ...one, procesed: true } }]],
		['a fault with a missing field', [{ fault: { fault: 'delay' } }]],
		['an unknown kind', [{ kind: 'gett', fault: one }]],
		['an invalid pattern', [{ keyPattern: '(', fault: one }]],
		['a rate above 1', [{ rate: 5, fault: one }]],
		['a location that is not a URL', [{ fault: { fault: 'redirect', location: '/here' } }]],
		['a header that is not a text', [{ fault: { fault: 'headers', headers: { Age: 1 } } }]],
		['a redirect without an address', [{ fault: { fault: 'redirect', status: 302 } }]],
		[
			'a redirect to two addresses',
			[{ fault: { fault: 'redirect', to: 'original', location: 'https://example.com/' } }],
		],
		['an unknown original', [{ fault: { fault: 'redirect', to: 'orignal' } }]],
		['an errNo that is a text', [{ fault: { fault: 'status', status: 403, errNo: '-164' } }]],
		['no rules that fail', [{ fault: { fault: 'rules', rules: [] } }]],
		[
			'no rules without a Location',
			[{ fault: { fault: 'rules', rules: [], report: 'withoutLocation' } }],
		],
		[
			'an original as usual as the only shape',
			[{ fault: { fault: 'rules', rules: [], originalWithoutLocation: false } }],
		],
		['an unknown order', [{ fault: { fault: 'rules', rules: [1], order: 'random' } }]],
		['rule 0', [{ fault: { fault: 'rules', rules: [0], order: 'reversed' } }]],
		['an unknown list', [{ fault: { fault: 'list', as: 'forever' } }]],
		['a list without its kind', [{ fault: { fault: 'list' } }]],
		['a misspelt field of flood', [{ fault: { fault: 'flood', everyMs: 1 } }]],
		['a property name of Object.prototype', [{ fault: { fault: 'constructor' } }]],
	])('%s is rejected', (_, rules) => {
		expect(codeOfRules(rules)).toBe('InvalidArgument');
	});

	it('text that is not JSON is rejected', () => {
		expect(codeOf(() => readFaultRules('{'))).toBe('InvalidArgument');
	});
});
