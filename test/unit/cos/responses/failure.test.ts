import fc from 'fast-check';

import {
	CLASS_OF_CODE,
	classify,
	classInBetween,
	retryOf,
	type FailureClass,
	type Retry,
} from '../../../../cos/responses/codes';
import { errNoOf, parseErrorBody, readFailure } from '../../../../cos/responses/failure';
import { FAILURE } from '../../../../nodes/shared/messages';
import table from '../vectors/failures.json';

const codes = table.codes.map(({ message = '', ...rest }) => ({ ...rest, message }));
const avoidedWords = /\b(?:errors?|problems?|failures?|mistakes?)\b/i;

/** What a code means, in the words that the node has for it. */
function explain(code: string, status: number, message?: string) {
	const failure = classify(code, status, message);
	return { class: failure, retry: retryOf(failure), ...FAILURE[failure] };
}

/** What an unknown code gets. */
function ofStatus(status: number) {
	return explain('SomethingUnheardOf', status);
}

function errorBody(code: string, message: string): string {
	return [
		'<?xml version="1.0" encoding="UTF-8"?>',
		'<Error>',
		`<Code>${code}</Code>`,
		`<Message>${message}</Message>`,
		'<Resource>/a.jpg</Resource>',
		'<RequestId>body-request</RequestId>',
		'<TraceId>body-trace</TraceId>',
		'</Error>',
	].join('\n');
}

describe.each(codes)('$status $code $message', ({ status, code, message, retry }) => {
	const failure = readFailure(status, {}, errorBody(code, message));

	it('keeps the service’s own status, code and words', () => {
		expect(failure).toMatchObject({ status, code, serviceMessage: message });
	});

	it('has a class of its own, with a message and advice', () => {
		expect(failure.class).toBe(classify(code, status, message));
		expect(failure.class).not.toBe('refused');
		const words = FAILURE[failure.class];
		expect(words.message).toMatch(/^[A-Z].{10,}[^.]$/);
		expect(words.advice).toMatch(/^[A-Z].{15,}\.$/);
		expect(words.message).not.toMatch(avoidedWords);
		expect(words.advice).not.toMatch(avoidedWords);
	});

	it(`may be repeated: ${retry}`, () => {
		expect(failure.retry).toBe(retry);
		expect(retryOf(failure.class)).toBe(retry);
	});
});

describe('the class of a failure', () => {
	it.each([...codes.map(({ status, code }) => [code, status] as const)])(
		'of %s does not depend on the status',
		(code, status) => {
			// The status 418 means nothing, so only the code itself can lead to another class.
			expect(classify(code, 418)).not.toBe(classify('SomethingUnheardOf', 418));
			expect(classify(code, 418)).toBe(classify(code, status));
			expect(classify(code, 418)).toBe(CLASS_OF_CODE[code]);
		},
	);

	it('differs from code to code, except where codes mean the same', () => {
		const names = [...new Set(codes.map(({ code }) => code))];
		for (const of of [
			(code: string) => explain(code, 400).class,
			(code: string) => explain(code, 400).message,
		]) {
			const sharing = new Map<string, string[]>();
			for (const code of names) sharing.set(of(code), [...(sharing.get(of(code)) ?? []), code]);
			const alike = [...sharing.values()].filter((list) => list.length > 1);
			const sorted = (lists: string[][]) => new Set(lists.map((list) => [...list].sort()));
			expect(sorted(alike)).toEqual(sorted(table.alike));
		}
	});

	it('has an example for every known code', () => {
		expect(new Set(Object.keys(CLASS_OF_CODE))).toEqual(new Set(codes.map(({ code }) => code)));
		expect(codes.length).toBeGreaterThanOrEqual(120);
	});

	it('has words for every class, and no class without a code or status', () => {
		const statuses = Array.from({ length: 400 }, (_, index) => 200 + index);
		const reachable = new Set<FailureClass>([
			...Object.values(CLASS_OF_CODE),
			...codes.map(({ code, status, message }) => classify(code, status, message)),
			...statuses.map((status) => classify('SomethingUnheardOf', status)),
			...statuses.map((status) => classInBetween(status)),
		]);
		expect(new Set(Object.keys(FAILURE))).toEqual(reachable);
	});

	it('tells an expired signature from a missing permission', () => {
		const denied = explain('AccessDenied', 403, 'Access Denied.');
		const expired = explain('AccessDenied', 403, 'Request has expired');
		expect(denied.class).toBe('notAllowed');
		expect(denied.advice).toContain('cos:GetObject');
		expect(expired).toMatchObject({ class: 'expiredSignature', retry: 'afterClock' });
		expect(expired.advice).toMatch(/clock/);
		expect(explain('AccessDenied', 403, 'REQUEST HAS EXPIRED.')).toEqual(expired);
	});

	it('of a redirect says that the bucket is elsewhere, but for 302, which leads to the original', () => {
		const elsewhere = { class: 'otherRegion', message: 'The bucket is in another region' };
		const refused = { class: 'refused', message: 'The service refused the request' };
		expect(ofStatus(301)).toMatchObject(elsewhere);
		expect(ofStatus(302)).toMatchObject({ class: 'sourceOverLimit', retry: 'never' });
		expect(ofStatus(302).message).toContain('32 MB');
		expect(ofStatus(307)).toMatchObject(elsewhere);
		expect(ofStatus(399)).toMatchObject(elsewhere);
		expect(ofStatus(204)).toMatchObject(refused);
		expect(ofStatus(299)).toMatchObject(refused);
	});

	it('is not an expired signature for other codes with the same words', () => {
		expect(classify('InvalidArgument', 400, 'Request has expired')).toBe('invalidValue');
		expect(explain('InvalidArgument', 400, 'Request has expired')).toEqual(
			explain('InvalidArgument', 400),
		);
	});

	it('names the permissions of all three modes', () => {
		const { advice } = explain('AccessDenied', 403);
		for (const action of ['cos:GetObject', 'ci:CreateImageRepairJob', 'cos:PutObject']) {
			expect(advice).toContain(action);
		}
	});
});

describe('an unknown code', () => {
	it('is shown whole, with all that the service said', () => {
		const words = `The bucket is not bound. ${'Bind it first. '.repeat(100)}`.trim();
		const failure = readFailure(400, {}, errorBody('BucketNotBoundToCI', words));
		expect(failure.code).toBe('BucketNotBoundToCI');
		expect(failure.serviceMessage).toBe(words);
		expect(failure.retry).toBe('never');
		expect(failure.class).toBe('refused');
		expect(FAILURE[failure.class].advice).toMatch(/Cloud Infinite.*bind this bucket/);
	});

	it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
		'may have the name of an object member: %s',
		(code) => {
			expect(explain(code, 418)).toEqual(ofStatus(418));
		},
	);

	it.each<[number, Retry, FailureClass, string]>([
		[301, 'never', 'otherRegion', 'The bucket is in another region'],
		[307, 'never', 'otherRegion', 'The bucket is in another region'],
		[400, 'never', 'refused', 'The service refused the request'],
		[403, 'never', 'notAllowed', 'The account may not do this'],
		[404, 'never', 'notFound', 'What was requested does not exist'],
		[409, 'never', 'refused', 'The service refused the request'],
		[413, 'never', 'tooLarge', 'The image is too large'],
		[429, 'later', 'tooManyRequests', 'The service asks for fewer requests'],
		[499, 'never', 'refused', 'The service refused the request'],
		[500, 'later', 'unavailable', 'The service is not available at the moment'],
		[502, 'later', 'unavailable', 'The service is not available at the moment'],
		[504, 'later', 'unavailable', 'The service is not available at the moment'],
		[599, 'later', 'unavailable', 'The service is not available at the moment'],
	])('is classed by its status %i', (status, retry, failure, message) => {
		const explanation = ofStatus(status);
		expect(explanation).toMatchObject({ class: failure, retry, message });
		expect(explanation.advice).toMatch(/^[A-Z].*\.$/);
		expect(`${explanation.message} ${explanation.advice}`).not.toMatch(avoidedWords);
	});

	it('may not be repeated with any 4xx except 429, and always later with any 5xx', () => {
		fc.assert(
			fc.property(
				fc.stringMatching(/^[A-Z][a-z]{9,20}$/),
				fc.integer({ min: 400, max: 599 }),
				(code, status) => {
					const expected = status >= 500 || status === 429 ? 'later' : 'never';
					expect(explain(`${code}Unheard`, status).retry).toBe(expected);
				},
			),
			{ numRuns: 500, seed: 9 },
		);
	});
});

describe('a failure without the documented body', () => {
	it('shows the beginning of the HTML of a proxy, and the status', () => {
		const html = `\n<html><head><title>502 Bad Gateway</title></head><body>${'x'.repeat(1000)}</body></html>`;
		const failure = readFailure(502, {}, html);
		expect(failure.code).toBe('HTTP 502');
		expect(failure.serviceMessage).toBe(html.trim().slice(0, 300));
		expect(failure.retry).toBe('later');
	});

	it.each(['\x89PNG\r\n\x1a\n\0\0', '\ufffdPNG', '\x1f\ufffd\b'])(
		'does not show bytes of an image as words: %j',
		(body) => {
			const failure = readFailure(200, { 'x-errno': '-6101' }, body);
			expect(failure).toMatchObject({ code: '-6101', serviceMessage: '' });
		},
	);

	it.each<[string, Record<string, string>, string]>([
		['a request id', { 'x-cos-request-id': 'NWU4' }, '<html></html>'],
		['X-ErrNo', { 'x-errno': '-162' }, ''],
		['a code', {}, errorBody('SlowDown', '')],
	])('comes from the service if it has %s', (_, headers, body) => {
		expect(readFailure(503, headers, body).ofService).toBe(true);
	});

	it.each(['', '<html>503</html>', '<Error><Message>busy</Message></Error>', '{"Code":"x"}'])(
		'comes from something in between without any: %j',
		(body) => {
			expect(readFailure(503, { server: 'gateway', 'x-cos-request-id': '' }, body).ofService).toBe(
				false,
			);
		},
	);

	it('shows no code and no request id that is too long to be one', () => {
		const long = 'a '.repeat(9000);
		const failure = readFailure(403, { 'x-cos-request-id': long }, errorBody(long, 'no'));
		expect(failure).toMatchObject({ code: 'HTTP 403', serviceMessage: 'no' });
		expect(failure).not.toHaveProperty('requestId');
		const { serviceMessage } = readFailure(403, {}, errorBody('AccessDenied', long));
		expect(serviceMessage.length).toBe(8192);
	});

	it('shows no code and no request id that repeats a secret', () => {
		const token = 'canary-security-token';
		const encoded = Buffer.from(token).toString('base64');
		const failure = readFailure(403, { 'x-cos-request-id': encoded }, errorBody(token, 'no'), [
			token,
		]);
		expect(failure).toMatchObject({ code: 'HTTP 403', serviceMessage: 'no', class: 'notAllowed' });
		expect(failure).not.toHaveProperty('requestId');
	});

	it.each([
		'Authorization: q-sign-algorithm=sha1',
		'GET /a?q-sign-time=1;2',
		'GET /a?Q-AK=AKIDx',
		'x-cos-security-token: t',
	])('that repeats %j shows nothing of it', (body) => {
		expect(readFailure(502, {}, `<html>${body}</html>`).serviceMessage).toBe('');
		expect(readFailure(403, {}, errorBody('AccessDenied', body)).serviceMessage).toBe('');
	});

	it('has a class even without any body, as after HEAD', () => {
		expect(readFailure(404, { 'x-cos-request-id': 'NWU4' }, '')).toStrictEqual({
			class: 'notFound',
			retry: 'never',
			status: 404,
			ofService: true,
			code: 'HTTP 404',
			hasCode: false,
			serviceMessage: '',
			requestId: 'NWU4',
		});
	});

	it('is classed by its X-ErrNo', () => {
		const failure = readFailure(400, { 'x-errno': '-162' }, 'arrears');
		expect(failure).toMatchObject({
			code: '-162',
			class: 'inArrears',
			serviceMessage: 'arrears',
			retry: 'never',
		});
		expect(FAILURE.inArrears.message).toBe('The account is in arrears');
	});

	it('shows an unknown X-ErrNo', () => {
		expect(readFailure(400, { 'x-errno': '-99999' }, '').code).toBe('-99999');
	});

	it('may be repeated with the clock set after an expired signature in X-ErrNo', () => {
		expect(readFailure(403, { 'x-errno': '-46619' }, '').retry).toBe('afterClock');
	});

	it.each<[errNo: string, code: string, shown: string]>([
		['-164', 'AccessDenied', '-164'],
		['-164', 'SomethingUnheardOf', '-164'],
		['-1', 'NoSuchKey', 'NoSuchKey'],
		['-1', 'SomethingUnheardOf', '-1'],
		['0', 'SomethingUnheardOf', 'SomethingUnheardOf'],
	])('beside X-ErrNo %s and the code %s has the more exact one', (errNo, code, shown) => {
		const failure = readFailure(403, { 'x-errno': errNo }, errorBody(code, ''));
		expect(failure).toMatchObject({ code: shown, class: classify(shown, 403) });
	});

	it.each<[value: string | undefined, errNo: string | undefined]>([
		[undefined, undefined],
		['', undefined],
		['0', undefined],
		[' 0 ', undefined],
		[' -164 ', '-164'],
		['broken', 'broken'],
	])('with X-ErrNo %j has the number %j', (value, errNo) => {
		expect(errNoOf(value === undefined ? {} : { 'x-errno': value })).toBe(errNo);
	});

	it.each<[number, FailureClass, Retry]>([
		[302, 'redirectInBetween', 'never'],
		[401, 'refusedInBetween', 'never'],
		[403, 'refusedInBetween', 'never'],
		[404, 'refusedInBetween', 'never'],
		[407, 'refusedInBetween', 'never'],
		[413, 'tooLargeInBetween', 'never'],
		[429, 'tooManyInBetween', 'later'],
		[500, 'unavailableInBetween', 'later'],
		[502, 'unavailableInBetween', 'later'],
	])(
		'of status %i without a mark of the service came from something in between',
		(status, kind, retry) => {
			expect(readFailure(status, {}, '<html></html>')).toMatchObject({ class: kind, retry });
			expect(readFailure(status, { 'x-cos-request-id': 'NWU4' }, '').class).not.toBe(kind);
		},
	);
});

describe('the request id and the clock of a failure', () => {
	it('come from the headers', () => {
		const failure = readFailure(
			403,
			{
				'x-cos-request-id': 'header-request',
				date: 'Tue, 09 Sep 2025 20:02:20 GMT',
			},
			errorBody('RequestTimeTooSkewed', ''),
		);
		expect(failure).toStrictEqual({
			class: 'clockOff',
			retry: 'afterClock',
			status: 403,
			ofService: true,
			code: 'RequestTimeTooSkewed',
			hasCode: true,
			serviceMessage: '',
			requestId: 'header-request',
			serviceTime: Date.UTC(2025, 8, 9, 20, 2, 20),
		});
	});

	it('come from the body where the headers have none', () => {
		expect(readFailure(403, {}, errorBody('AccessDenied', '')).requestId).toBe('body-request');
	});

	it.each([{}, { date: '' }, { date: 'soon' }, { date: 7 }])('are absent with %j', (headers) => {
		expect(readFailure(403, headers, '')).not.toHaveProperty('serviceTime');
	});
});

describe('the pause that a failure asks for', () => {
	const date = 'Tue, 09 Sep 2025 20:02:20 GMT';

	it.each<[string, Record<string, string>, number | undefined]>([
		['in seconds', { 'retry-after': '7' }, 7000],
		['in many seconds', { 'retry-after': '120' }, 120_000],
		['of no time', { 'retry-after': '0' }, 0],
		['by a date that is now', { 'retry-after': date, date }, undefined],
		['by a date', { 'retry-after': 'Tue, 09 Sep 2025 20:02:50 GMT', date }, 30_000],
		['by a date in the past', { 'retry-after': 'Tue, 09 Sep 2025 20:02:00 GMT', date }, undefined],
		['by a date, from a service without a clock', { 'retry-after': date }, undefined],
		['in words', { 'retry-after': 'soon', date }, undefined],
		['not at all', { date }, undefined],
	])('is read %s', (_, headers, milliseconds) => {
		expect(readFailure(503, headers, '').retryAfter).toBe(milliseconds);
	});
});

describe('the body of a failure', () => {
	it('gives code, message and request id, and leaves out the rest', () => {
		expect(
			parseErrorBody(
				[
					'<?xml version="1.0" encoding="UTF-8"?>',
					'<Error>',
					'	<Code>NoSuchKey</Code>',
					'	<Message>The specified key does not exist.</Message>',
					'	<Resource>examplebucket-1250000000.cos.ap-chengdu.myqcloud.com/a&amp;b.jpg</Resource>',
					'	<RequestId>NWFjMzQ0MDZfOTBmYTUwXzZkZV8z</RequestId>',
					'	<TraceId>OGVmYzZiMmQzYjA2OWNhODk0</TraceId>',
					'</Error>',
				].join('\n'),
			),
		).toStrictEqual({
			code: 'NoSuchKey',
			message: 'The specified key does not exist.',
			requestId: 'NWFjMzQ0MDZfOTBmYTUwXzZkZV8z',
		});
	});

	it('is read the same with line breaks around its texts', () => {
		const nodes = { Code: 'c', Message: 'm', RequestId: 'r' };
		const body = (space: string) =>
			`<Error>${Object.entries(nodes)
				.map(([name, text]) => `<${name}>${space}${text}${space}</${name}>`)
				.join('')}</Error>`;
		expect(parseErrorBody(body('\n\t'))).toStrictEqual(parseErrorBody(body('')));
		expect(parseErrorBody(body(''))).toStrictEqual({ code: 'c', message: 'm', requestId: 'r' });
	});

	it('may lack a message', () => {
		expect(
			parseErrorBody(
				'<Error><Code>PermanentRedirect</Code><Endpoint> cos.ap-beijing.myqcloud.com </Endpoint></Error>',
			),
		).toStrictEqual({ code: 'PermanentRedirect', message: '' });
	});

	it.each(['', 'x', '<html><body>502</body></html>', '<Error/>', '<Error><Code/></Error>', '{}'])(
		'is not found in %j',
		(body) => {
			expect(parseErrorBody(body)).toBeUndefined();
		},
	);

	it('is not found when the code is only spaces', () => {
		expect(parseErrorBody('<Error><Code>  </Code></Error>')).toBeUndefined();
	});
});
