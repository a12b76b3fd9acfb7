import {
	foreignRequest,
	isOfForeignPage,
	type Asked,
} from '../../../dev/sandbox/http/foreignRequest';

const ask = (method: string, headers: Asked['headers'], localPort = 5678): Asked => ({
	method,
	headers,
	socket: { localPort },
});
const HOST = '127.0.0.1:5678';

test.each(['127.0.0.1:5678', 'localhost:5678', 'LocalHost:5678', '[::1]:5678'])(
	'%s is this machine',
	(host) => expect(foreignRequest(ask('GET', { host }))).toBeUndefined(),
);

test.each([
	undefined,
	'',
	'evil.example',
	'evil.example:5678',
	'127.0.0.1',
	'127.0.0.1:5679',
	'localhost:80',
	'127.0.0.1:5678:5678',
	'127.0.0.1.evil.example:5678',
	'localhost.evil.example:5678',
	'evil.localhost:5678',
	'localhost.:5678',
	'evil@127.0.0.1:5678',
	'127.0.0.2:5678',
	'0.0.0.0:5678',
	'2130706433:5678',
	'127.1:5678',
	'::1:5678',
	' 127.0.0.1:5678',
	'127.0.0.1:5678, evil.example',
])('a request for the host %j is refused, whatever it asks for', (host) => {
	for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE']) {
		expect(foreignRequest(ask(method, { host, origin: `http://${host ?? ''}` }))).toBe(
			'This server is for this machine only, and was asked for under another name. Open http://127.0.0.1:5678 instead.',
		);
	}
});

test.each([
	'http://evil.example',
	'http://evil.example:5678',
	'https://127.0.0.1:5678',
	'http://127.0.0.1:5679',
	'http://localhost',
	'http://localhost:3000',
	'http://127.0.0.1:5678.evil.example',
	'http://127.0.0.1:5678/',
	'http://127.0.0.1:56789',
	'null',
	'',
])('a page of %j can neither read nor change anything', (origin) => {
	for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE']) {
		expect(foreignRequest(ask(method, { host: HOST, origin }))).toBe(
			'A page of another server sent this request, so nothing was done. Open http://127.0.0.1:5678 and do it there.',
		);
	}
});

test.each(['http://127.0.0.1:5678', 'http://localhost:5678', 'http://[::1]:5678'])(
	'a page of %s may do everything',
	(origin) => {
		for (const method of ['GET', 'POST', 'DELETE']) {
			// One name of the server is another site than the next to a browser.
			const headers = { host: HOST, origin, 'sec-fetch-site': 'cross-site' };
			expect(foreignRequest(ask(method, headers))).toBeUndefined();
		}
	},
);

test.each([
	['POST', 'cross-site', true],
	['POST', 'same-site', true],
	['PUT', 'cross-site', true],
	['DELETE', 'cross-site', true],
	['POST', 'same-origin', false],
	['POST', 'none', false],
	['POST', undefined, false],
	// A link on another page, or an image that it shows.
	['GET', 'cross-site', false],
	['HEAD', 'same-site', false],
])('without an origin, a %s that a browser calls %s is foreign: %s', (method, site, isForeign) => {
	const asked = ask(method, { host: HOST, 'sec-fetch-site': site });
	expect(foreignRequest(asked) !== undefined).toBe(isForeign);
	expect(isOfForeignPage(asked)).toBe(isForeign);
});

test('a server with names of its own has pages under them', () => {
	const host = 'examplebucket-1250000000.localhost:9000';
	const put = (origin: string) => isOfForeignPage(ask('PUT', { host, origin }, 9000));
	expect(put(`http://${host}`)).toBe(false);
	expect(put('http://127.0.0.1:9000')).toBe(false);
	expect(put('http://otherbucket-1250000000.localhost:9000')).toBe(true);
});

test("a connection that is closed already is nobody's", () => {
	const asked: Asked = { method: 'GET', headers: { host: '127.0.0.1:0' }, socket: {} };
	expect(foreignRequest(asked)).toBeDefined();
});
