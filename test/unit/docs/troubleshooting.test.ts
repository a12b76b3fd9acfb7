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
	MISSING_RESULTS,
	PARAMETER,
	UNSAFE_CONNECTION,
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
	...Object.values(UNSAFE_CONNECTION),
	MISSING_RESULTS,
];

test('the troubleshooting page is up to date: run "npm run docs" after a change of messages', () => {
	expect(messages.length).toBeGreaterThan(120);
	expect(page).toBe(troubleshootingPage());
});

test.each(messages)(
	'"$message" is followed by advice in complete sentences',
	({ message, advice }) => {
		expect(message).not.toMatch(/[.!?]$/);
		expect(advice).toMatch(/^[A-Z].{8,}\.$/);
	},
);

test('no message uses an alarming word, or another word for image', () => {
	expect(page).not.toMatch(/\b(failure|mistake|problem|picture)\b/i);
});

test('a value can contain the syntax of a template', () => {
	expect(fill('"<key>" of <node>', { key: '<node>', node: '$&' })).toBe('"<node>" of $&');
});

/** The names of the placeholders in a text. */
type Placeholders<T extends string> = T extends `${string}<${infer Name}>${infer Rest}`
	? Name | Placeholders<Rest>
	: never;

/** Reasons without values have an index signature instead of names. */
type Names<Values> = string extends keyof Values ? never : keyof Values;

/** Placeholders for which a reason has no value. */
type Unfilled<Table, Values> = {
	[R in keyof Table & keyof Values]: Table[R] extends Message
		? Exclude<Placeholders<Table[R]['message' | 'advice']>, Names<Values[R]>>
		: never;
}[keyof Table & keyof Values];

test('every placeholder of a message has a value, according to the types', () => {
	// The example of an address is filled in by the field.
	const input: Array<Exclude<Unfilled<typeof INPUT, InvalidReasons>, 'example'>> = [];
	const parameter: Array<Unfilled<typeof PARAMETER, ParameterReasons>> = [];
	const connection: Array<Unfilled<typeof CONNECTION, ConnectionReasons>> = [];
	// A placeholder without a value would make an element type other than never, which does not compile.
	const unfilled: never[] = [...input, ...parameter, ...connection];
	expect(unfilled).toEqual([]);
});
