import fc from 'fast-check';

import { explain, header, readFailure, type Explanation } from '../../../../cos/responses/failure';
import table from '../vectors/failures.json';

const codes = table.codes.map(({ message = '', ...rest }) => ({ ...rest, message }));
const avoidedWords = /\b(?:errors?|problems?|failures?|mistakes?)\b/i;

/** What a code nobody knows gets: an explanation that only repeats this is none of the code's own. */
function ofStatus(status: number): Explanation {
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

	it('says what happened and how to get unstuck', () => {
		expect(failure.what).toMatch(/^[A-Z].{10,}[^.]$/);
		expect(failure.advice).toMatch(/^[A-Z].{15,}\.$/);
		expect(failure.what).not.toMatch(avoidedWords);
		expect(failure.advice).not.toMatch(avoidedWords);
	});

	it(`may be repeated: ${retry}`, () => {
		expect(failure.retry).toBe(retry);
	});
});

describe('explanations', () => {
	it.each([
		...codes.map(({ status, code }) => [code, status] as const),
		...table.errNumbers.map((code) => [code, 400] as const),
	])('of %s do not fall back to what an unknown code gets', (code, status) => {
		// Under a status of no meaning, only an explanation of the code itself can differ.
		expect(explain(code, 418)).not.toEqual(ofStatus(418));
		expect(explain(code, 418)).toEqual(explain(code, status));
	});

	it('differ from code to code, but where codes mean the same', () => {
		const names = [...new Set([...codes.map(({ code }) => code), ...table.errNumbers])];
		const byText = new Map<string, string[]>();
		for (const code of names) {
			const { what } = explain(code, 400);
			byText.set(what, [...(byText.get(what) ?? []), code]);
		}
		const alike = [...byText.values()].filter((sharing) => sharing.length > 1);
		expect(new Set(alike)).toEqual(new Set(table.alike));
	});

	it('tell an expired signature from a missing permission', () => {
		const denied = explain('AccessDenied', 403, 'Access Denied.');
		const expired = explain('AccessDenied', 403, 'Request has expired');
		expect(denied.advice).toContain('cos:GetObject');
		expect(expired.advice).toMatch(/clock/);
		expect(explain('AccessDenied', 403, 'REQUEST HAS EXPIRED.')).toEqual(expired);
	});

	it('of a redirect say that the bucket is elsewhere, of an answer without one do not', () => {
		expect(ofStatus(300).what).toBe('The bucket is in another region');
		expect(ofStatus(399).what).toBe('The bucket is in another region');
		expect(ofStatus(204).what).toBe('The service refused the request');
	});

	it('do not take another code for an expired signature by its words', () => {
		expect(explain('InvalidArgument', 400, 'Request has expired')).toEqual(
			explain('InvalidArgument', 400),
		);
	});

	it.each(table.errNumbers)('of X-ErrNo %s have advice in plain words', (code) => {
		const { what, advice } = explain(code, 400);
		expect(what).toMatch(/^[A-Z].{10,}[^.]$/);
		expect(advice).toMatch(/^[A-Z].{15,}\.$/);
		expect(`${what} ${advice}`).not.toMatch(avoidedWords);
	});

	it('name the permissions of all three modes', () => {
		const { advice } = explain('AccessDenied', 403);
		for (const action of ['cos:GetObject', 'ci:CreateImageRepairJob', 'cos:PutObject']) {
			expect(advice).toContain(action);
		}
	});
});

describe('a code that nobody knows', () => {
	it('is shown whole, with all that the service said', () => {
		const words = `The bucket is not bound. ${'Bind it first. '.repeat(100)}`.trim();
		const failure = readFailure(400, {}, errorBody('BucketNotBoundToCI', words));
		expect(failure.code).toBe('BucketNotBoundToCI');
		expect(failure.serviceMessage).toBe(words);
		expect(failure.retry).toBe('never');
		expect(failure.advice).toMatch(/Cloud Infinite.*bind this bucket/);
	});

	it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
		'is one, though objects have a member of that name: %s',
		(code) => {
			expect(explain(code, 418)).toEqual(ofStatus(418));
		},
	);

	it.each<[number, string, string]>([
		[301, 'never', 'The bucket is in another region'],
		[307, 'never', 'The bucket is in another region'],
		[400, 'never', 'The service refused the request'],
		[403, 'never', 'The account may not do this'],
		[404, 'never', 'What was asked for does not exist'],
		[409, 'never', 'The service refused the request'],
		[413, 'never', 'The image is too large'],
		[429, 'later', 'The service asks for fewer requests'],
		[499, 'never', 'The service refused the request'],
		[500, 'later', 'The service is not available at the moment'],
		[502, 'later', 'The service is not available at the moment'],
		[504, 'later', 'The service is not available at the moment'],
		[599, 'later', 'The service is not available at the moment'],
	])('is explained by its status %i', (status, retry, what) => {
		const explanation = ofStatus(status);
		expect(explanation).toMatchObject({ retry, what });
		expect(explanation.advice).toMatch(/^[A-Z].*\.$/);
		expect(`${explanation.what} ${explanation.advice}`).not.toMatch(avoidedWords);
	});

	it('is never repeated under any 4xx but 429, and always later under any 5xx', () => {
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

describe('a refusal without the documented body', () => {
	it('of a proxy in HTML shows its beginning and the status', () => {
		const html = `\n<html><head><title>502 Bad Gateway</title></head><body>${'x'.repeat(1000)}</body></html>`;
		const failure = readFailure(502, {}, html);
		expect(failure.code).toBe('HTTP 502');
		expect(failure.serviceMessage).toBe(html.trim().slice(0, 300));
		expect(failure.retry).toBe('later');
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

	it('and without any body, as HEAD answers, still has an explanation', () => {
		expect(readFailure(404, {}, '')).toEqual({
			...explain('HTTP 404', 404),
			status: 404,
			code: 'HTTP 404',
			serviceMessage: '',
			requestId: undefined,
			traceId: undefined,
		});
	});

	it('but with X-ErrNo is explained by that', () => {
		const failure = readFailure(400, { 'x-errno': '-162' }, 'arrears');
		expect(failure).toMatchObject({
			code: '-162',
			what: 'The account is in arrears',
			serviceMessage: 'arrears',
			retry: 'never',
		});
	});

	it('but with an unknown X-ErrNo shows it', () => {
		expect(readFailure(400, { 'x-errno': '-99999' }, '').code).toBe('-99999');
	});

	it('and with an expired signature in X-ErrNo may be repeated with the clock set', () => {
		expect(readFailure(403, { 'x-errno': '-46619' }, '').retry).toBe('afterClock');
	});

	it('prefers the code of a documented body to X-ErrNo', () => {
		expect(readFailure(404, { 'x-errno': '-1' }, errorBody('NoSuchKey', 'gone')).code).toBe(
			'NoSuchKey',
		);
	});
});

describe('the ids and the clock of a refusal', () => {
	it('come from the headers', () => {
		const failure = readFailure(
			403,
			{
				'x-cos-request-id': 'header-request',
				'x-cos-trace-id': 'header-trace',
				date: 'Tue, 09 Sep 2025 20:02:20 GMT',
			},
			errorBody('RequestTimeTooSkewed', ''),
		);
		expect(failure).toMatchObject({
			requestId: 'header-request',
			traceId: 'header-trace',
			serviceTime: Date.UTC(2025, 8, 9, 20, 2, 20),
		});
	});

	it('come from the body where the headers have none', () => {
		expect(readFailure(403, {}, errorBody('AccessDenied', ''))).toMatchObject({
			requestId: 'body-request',
			traceId: 'body-trace',
		});
	});

	it.each([{}, { date: '' }, { date: 'soon' }, { date: 7 }])('are absent with %j', (headers) => {
		expect(readFailure(403, headers, '')).not.toHaveProperty('serviceTime');
	});
});

describe('the pause that a refusal asks for', () => {
	const date = 'Tue, 09 Sep 2025 20:02:20 GMT';

	it.each<[string, Record<string, string>, number | undefined]>([
		['in seconds', { 'retry-after': '7' }, 7000],
		['in many seconds', { 'retry-after': '120' }, 120_000],
		['of no time', { 'retry-after': '0' }, 0],
		['by a date that is now', { 'retry-after': date, date }, undefined],
		['by a date', { 'retry-after': 'Tue, 09 Sep 2025 20:02:50 GMT', date }, 30_000],
		['by a date that is over', { 'retry-after': 'Tue, 09 Sep 2025 20:02:00 GMT', date }, undefined],
		['by a date, of a service that does not tell its own', { 'retry-after': date }, undefined],
		['in words', { 'retry-after': 'soon', date }, undefined],
		['not at all', { date }, undefined],
	])('is read %s', (_, headers, milliseconds) => {
		expect(readFailure(503, headers, '').retryAfter).toBe(milliseconds);
	});
});

describe('a header of an answer', () => {
	it.each<[unknown, string | undefined]>([
		['one', 'one'],
		[['one', 'two'], 'one'],
		['', undefined],
		[[], undefined],
		[[''], undefined],
		[7, undefined],
		[undefined, undefined],
	])('that is %j is read as %j', (value, read) => {
		expect(header({ name: value }, 'name')).toBe(read);
	});

	it('is not a member every object has', () => {
		expect(header({}, 'constructor')).toBeUndefined();
	});
});
