import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { InvalidReasons } from '../../../cos/invalidInput';
import { troubleshootingPage } from '../../../dev/docs/troubleshooting';
import {
	CANCELLED,
	CONNECTION,
	CREDENTIAL_TEST,
	FAILURE,
	fill,
	FOREIGN_HOST,
	INPUT,
	PARAMETER,
	type ConnectionReasons,
	type Message,
	type ParameterReasons,
} from '../../../nodes/shared/messages';

const page = readFileSync(join(__dirname, '../../../docs/troubleshooting.md'), 'utf8');

const messages: Message[] = [
	...[INPUT, PARAMETER, FAILURE, CONNECTION].flatMap((table) => Object.values<Message>(table)),
	...Object.values(CREDENTIAL_TEST).filter((one) => typeof one !== 'string'),
	CANCELLED,
	FOREIGN_HOST,
];

test('the troubleshooting page lists every message as it is (npm run docs)', () => {
	expect(messages.length).toBeGreaterThan(120);
	expect(page).toBe(troubleshootingPage());
});

test.each(messages)(
	'"$message" is followed by advice in whole sentences',
	({ message, advice }) => {
		expect(message).not.toMatch(/[.!?]$/);
		expect(advice).toMatch(/^[A-Z].{8,}\.$/);
	},
);

test('no message uses a word that alarms, and all say image', () => {
	expect(page).not.toMatch(/\b(failure|mistake|problem|picture)\b/i);
});

test('a value may hold anything that a template does', () => {
	expect(fill('"<key>" of <node>', { key: '<node>', node: '$&' })).toBe('"<node>" of $&');
});

/** The values that a text has places for. */
type Places<T extends string> = T extends `${string}<${infer Name}>${infer Rest}`
	? Name | Places<Rest>
	: never;

/** Reasons without values have an index signature instead of names. */
type Names<Values> = string extends keyof Values ? never : keyof Values;

/** Places that the values of their reason do not fill. */
type Unfilled<Table, Values> = {
	[R in keyof Table & keyof Values]: Table[R] extends Message
		? Exclude<Places<Table[R]['message' | 'advice']>, Names<Values[R]>>
		: never;
}[keyof Table & keyof Values];

test('every message finds the values it needs, by its type', () => {
	const input: Array<Unfilled<typeof INPUT, InvalidReasons>> = [];
	const parameter: Array<Unfilled<typeof PARAMETER, ParameterReasons>> = [];
	const connection: Array<Unfilled<typeof CONNECTION, ConnectionReasons>> = [];
	// Each list could hold a name only if a message had a place for it that no value fills.
	const unfilled: never[] = [...input, ...parameter, ...connection];
	expect(unfilled).toEqual([]);
});
