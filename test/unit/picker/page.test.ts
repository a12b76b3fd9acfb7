import { readFileSync } from 'node:fs';

import { buildPage, PAGE_FILE } from '../../../picker/buildPage';
import { pickerRoute } from '../../../dev/sandbox/control/routes';

const committed = readFileSync(PAGE_FILE, 'utf8');

test('the committed page is up to date: run "npm run picker" after a change', async () => {
	const [fresh, again] = await Promise.all([buildPage(), buildPage()]);
	expect(fresh === again).toBe(true);
	expect(committed === fresh).toBe(true);
});

test('the page is smaller than 300 kB', () => {
	expect(Buffer.byteLength(committed)).toBeLessThan(300_000);
});

test('the page loads nothing else, and its policy forbids every connection', () => {
	const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(committed)?.[1];
	expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-\S+'; style-src 'sha256-\S+'; /);
	expect(policy).not.toMatch(/http|\*|unsafe|'self'/);
	const addresses = [...committed.matchAll(/\b(?:src|href|action)\s*=\s*"([^"]*)"/g)];
	expect(addresses.map(([, address = '']) => address.slice(0, 26))).toEqual([
		'data:image/svg+xml;base64,',
	]);
	// Names of XML namespaces and examples in texts look like URLs, but are not loaded.
	const urls = [...committed.matchAll(/https?:\/\/[\w.-]+[^\s"'`)]*/g)].map(([url]) => url);
	const NOT_LOADED = /^http:\/\/www\.w3\.org\/|^https:\/\/(?:images\.)?example\.com\b/;
	expect(urls.filter((url) => !NOT_LOADED.test(url))).toEqual([]);
	expect(committed).not.toMatch(/@import|url\((?!["']?data:)/);
});

test('the sandbox serves the committed page', async () => {
	const request = { query: new Map<string, string>(), contentType: undefined };
	const body = async () => Buffer.alloc(0);
	const response = await pickerRoute().handle({ ...request, method: 'GET', rest: '', body });
	expect(response).toEqual({
		bytes: readFileSync(PAGE_FILE),
		contentType: 'text/html; charset=utf-8',
	});
	expect(await pickerRoute().handle({ ...request, method: 'PUT', rest: '', body })).toBeUndefined();
});
