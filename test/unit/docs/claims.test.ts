import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { CLAIMS } from './claims';
import { readPage, ROOT } from './markdown';
import { statements } from './statements';

/** These sections only lead to other pages: their links are tested. */
const WITHOUT_CLAIMS = ['Resources', 'For developers'];

const said = readPage('README.md')
	.split(/^(?=## )/m)
	.filter((section) => !WITHOUT_CLAIMS.some((name) => section.startsWith(`## ${name}\n`)))
	.flatMap(statements);

test.each(said)('a test stands behind this sentence of the README: %s', (statement) => {
	const claim = CLAIMS.find((one) => one.statement === statement);
	expect(claim === undefined ? `not in claims.ts: ${statement}` : 'found').toBe('found');
	expect(claim?.tests.length).toBeGreaterThan(0);
});

test('no test stands behind a sentence that the README no longer has, and none is listed twice', () => {
	expect(CLAIMS.map(({ statement }) => statement).filter((one) => !said.includes(one))).toEqual([]);
	expect(new Set(CLAIMS.map(({ statement }) => statement)).size).toBe(CLAIMS.length);
});

const named = new Map<string, Set<string>>();
for (const [file, name] of CLAIMS.flatMap(({ tests }) => tests)) {
	named.set(file, (named.get(file) ?? new Set()).add(name));
}

test.each([...named])('the tests of %s that claims.ts names exist', (file, names) => {
	expect(file).toMatch(/^test\/(?:unit|conformance|engine|laws|load|n8n)\//);
	expect(existsSync(join(ROOT, file))).toBe(true);
	const text = readFileSync(join(ROOT, file), 'utf8').replace(/\\(['"`])/g, '$1');
	for (const name of names) expect(text.includes(name) ? name : `missing: ${name}`).toBe(name);
});
