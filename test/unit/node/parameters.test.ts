import type { INodeProperties } from 'n8n-workflow';

import {
	choiceField,
	numberOf,
	oneOf,
	readFilledText,
	readLocator,
	readNumber,
	readRows,
	readSwitch,
	readText,
	readTexts,
	shownWhen,
	someOf,
	type Get,
} from '../../../nodes/shared/parameters';
import { refusal } from './refusal';

const field = (more: Partial<INodeProperties> = {}): INodeProperties => ({
	displayName: 'Field',
	name: 'field',
	type: 'string',
	default: '',
	...more,
});
const given =
	(value: unknown): Get =>
	(name) =>
		name === 'field' ? value : undefined;

const choice = choiceField<'a' | 'b'>({
	displayName: 'Choice',
	name: 'field',
	type: 'options',
	default: 'a',
	options: [
		{ name: 'A', value: 'a' },
		{ name: 'B', value: 'b' },
	],
});

describe('a choice', () => {
	it.each([undefined, null])('that is %s takes the default', (value) => {
		expect(oneOf(choice, given(value))).toBe('a');
	});

	it.each(['', '-', 'AB', 0, ['a'], {}, 'constructor'])(
		'of %j is refused with what is allowed',
		(value) => {
			expect(refusal(() => oneOf(choice, given(value)))).toEqual({
				message: `Choice is ${JSON.stringify(value)}, which is not on the list`,
				advice: 'Choose from the list, or let the expression give one of these: a, b.',
			});
		},
	);

	it('is understood by its name, and however a model writes it', () => {
		const area = choiceField<'rectangles' | 'perMille'>({
			displayName: 'Area',
			name: 'field',
			type: 'options',
			default: 'rectangles',
			options: [
				{ name: 'Per Mille (0–1000)', value: 'perMille' },
				{ name: 'Rectangles', value: 'rectangles' },
			],
		});
		const read = (value: string) => oneOf(area, given(value));
		expect(['Rectangles', ' RECTANGLES '].map(read)).toEqual(['rectangles', 'rectangles']);
		const perMille = ['permille', 'per-mille', 'Per Mille (0-1000)', 'per_mille'];
		expect(perMille.map(read)).toEqual(perMille.map(() => 'perMille'));
	});

	it('names the row that it is in', () => {
		expect(refusal(() => oneOf(choice, given('c'), 'Row 2, Choice')).message).toMatch(
			/^Row 2, Choice is/,
		);
	});

	it('shows the beginning of a long value, and what JSON cannot write', () => {
		expect(refusal(() => oneOf(choice, given('x'.repeat(99)))).message).toBe(
			`Choice is "${'x'.repeat(39)}…, which is not on the list`,
		);
		expect(refusal(() => oneOf(choice, given(Symbol('s')))).message).toContain('Symbol(s)');
	});
});

describe('several choices', () => {
	it('are none when they are not set, and may be one without a list', () => {
		expect(someOf(choice, given(undefined))).toEqual([]);
		expect(someOf(choice, given('b'))).toEqual(['b']);
		expect(someOf(choice, given(['b', 'a']))).toEqual(['b', 'a']);
	});

	it('are refused for one that is not on the list', () => {
		expect(refusal(() => someOf(choice, given(['a', 'c']))).message).toBe(
			'Choice is "c", which is not on the list',
		);
	});
});

describe('a switch', () => {
	it.each([
		[true, true],
		[false, false],
		[1, true],
		[0, false],
		['true', true],
		['false', false],
		[' TRUE\n', true],
		['0', false],
	])('given as %j is %s', (value, expected) => {
		expect(readSwitch(field(), given(value))).toBe(expected);
	});

	it.each([true, false])('that is not set takes the default %s', (value) => {
		expect(readSwitch(field({ default: value }), given(null))).toBe(value);
	});

	it.each(['', 'yes', 'on', 2, -1, NaN, [], {}, 'toString'])('given as %j is refused', (value) => {
		expect(refusal(() => readSwitch(field(), given(value))).message).toMatch(
			/^Field is .*, which is neither on nor off$/,
		);
	});
});

describe('a number', () => {
	const whole = field({
		default: 5,
		typeOptions: { minValue: 1, maxValue: 9, numberPrecision: 0 },
	});

	it.each([
		[undefined, 5],
		[3, 3],
		[' 4 ', 4],
		[2.9, 2],
		['1e0', 1],
	])('given as %j is %d', (value, expected) => {
		expect(readNumber(whole, given(value))).toBe(expected);
	});

	it.each([
		['', 'Field is "", which is not a number'],
		['many', 'Field is "many", which is not a number'],
		[true, 'Field is true, which is not a number'],
		[NaN, 'Field is null, which is not a number'],
		[Infinity, 'Field is null, which is not a number'],
		[0, 'Field is less than 1'],
		[10, 'Field is more than 9'],
	])('given as %j is refused', (value, message) => {
		expect(refusal(() => readNumber(whole, given(value))).message).toBe(message);
	});

	it('without limits may be any', () => {
		expect(readNumber(field({ default: 0 }), given(-2.5))).toBe(-2.5);
	});

	it('that is checked later is not one when it is not one', () => {
		expect(numberOf(field({ default: 7 }), given(undefined))).toBe(7);
		expect(numberOf(field({ default: 7 }), given(''))).toBeNaN();
	});
});

describe('a text', () => {
	it('keeps its spaces; a number counts as its digits', () => {
		expect(readText(field(), given(' a '))).toBe(' a ');
		expect(readText(field(), given(2025))).toBe('2025');
		expect(readText(field({ default: 'x' }), given(undefined))).toBe('x');
	});

	it.each([true, [], {}])('given as %j is refused', (value) => {
		expect(refusal(() => readText(field(), given(value))).message).toBe(
			`Field is ${JSON.stringify(value)}, which is not text`,
		);
	});

	it('that has to be something takes the default when it is empty', () => {
		expect(readFilledText(field({ default: 'data' }), given(''))).toBe('data');
		expect(readFilledText(field({ default: 'data' }), given('file'))).toBe('file');
	});

	it('in a list may be one, several, or the default', () => {
		expect(readTexts(field({ default: ['d'] }), given(null))).toEqual(['d']);
		expect(readTexts(field(), given('one'))).toEqual(['one']);
		expect(readTexts(field(), given(['one', 2]))).toEqual(['one', '2']);
		expect(refusal(() => readTexts(field(), given(['one', {}]))).message).toBe(
			'Field is {}, which is not text',
		);
	});
});

describe('a resource locator', () => {
	const read = (value: unknown) => readLocator(field(), given(value), 'key', ['key', 'url']);

	it.each([
		[
			{ mode: 'url', value: 'https://a' },
			{ mode: 'url', text: 'https://a' },
		],
		[
			{ mode: 'key', value: 7 },
			{ mode: 'key', text: '7' },
		],
		[{ value: 'a' }, { mode: 'key', text: 'a' }],
		[{ mode: 'url' }, { mode: 'url', text: '' }],
		['a', { mode: 'key', text: 'a' }],
		[undefined, { mode: 'key', text: '' }],
	])('given as %j is %j', (value, expected) => {
		expect(read(value)).toEqual(expected);
	});

	it('of another mode, or without text, is refused', () => {
		expect(refusal(() => read({ mode: 'name', value: 'a' })).message).toBe(
			'Field is "name", which is not on the list',
		);
		expect(refusal(() => read({ mode: 'key', value: {} })).message).toBe(
			'Field is {}, which is not text',
		);
	});
});

describe('the rows of a collection', () => {
	const read = (value: unknown) => readRows(field(), 'row', given(value)).map((row) => row('x'));

	it('are read by their fields', () => {
		expect(read({ row: [{ x: 1 }, { x: 2 }] })).toEqual([1, 2]);
		expect(read({})).toEqual([]);
		expect(read(undefined)).toEqual([]);
	});

	it.each(['text', ['a'], { row: 'text' }, { row: ['a'] }])('given as %j are refused', (value) => {
		expect(refusal(() => read(value)).message).toMatch(
			/^Field is .*, which is not a list of rows$/,
		);
	});
});

test('fields keep their own conditions when they get a further one', () => {
	const own = field({ displayOptions: { show: { area: ['mask'] } } });
	expect(shownWhen({ show: { operation: ['upload'] } }, [own, field()])).toEqual([
		field({ displayOptions: { show: { operation: ['upload'], area: ['mask'] } } }),
		field({ displayOptions: { show: { operation: ['upload'] } } }),
	]);
	expect(shownWhen({}, [field()])).toEqual([field()]);
});
