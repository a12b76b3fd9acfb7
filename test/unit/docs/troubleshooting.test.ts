import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { allMessages } from './messages';
import { troubleshootingPage } from './troubleshootingPage';

const page = readFileSync(join(__dirname, '../../../docs/troubleshooting.md'), 'utf8');

test('the troubleshooting page lists every message of the code as it is (npm run docs)', () => {
	expect(allMessages().length).toBeGreaterThan(60);
	expect(page).toBe(troubleshootingPage());
});

test('every message says what to do', () => {
	for (const { message, advice } of allMessages()) {
		expect({ message, advice }).toEqual({
			message,
			advice: expect.stringMatching(/\w{3}/) as string,
		});
	}
});

test('no message uses the words that frighten', () => {
	expect(page).not.toMatch(/\b(failure|mistake|problem)\b/i);
});
