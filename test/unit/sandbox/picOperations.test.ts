import { readMaskParameters } from '../../../dev/sandbox/repair/maskParameters';
import { readPicOperations, resultKey } from '../../../dev/sandbox/repair/picOperations';
import { codeOf } from './codeOf';

const bucket = 'examplebucket-1250000000';
const source = { bucket, key: 'p1/test1.jpg', buckets: new Set([bucket, 'other-1250000000']) };
const base64 = (text: string) => Buffer.from(text).toString('base64url');
const polygons = (value: unknown) => base64(JSON.stringify(value));
const square = [
	[0, 0],
	[9, 0],
	[9, 9],
	[0, 9],
];

const rule = (changes: Record<string, unknown> = {}) => ({
	fileid: 'out.jpg',
	rule: 'ci-process=ImageRepair',
	...changes,
});
const read = (value: unknown) => readPicOperations(JSON.stringify(value), source);

it('the example in the specification is accepted', () => {
	const header =
		'{"rules":[{"fileid":"test.jpg","rule":"ci-process=ImageRepair&MaskPic=aHR0cDovL3BldGVyLWd6LTEyNTE3MDQ3MDguY29zLmFwLWd1YW5nemhvdS5teXFjbG91ZC5jb20vcGljX21hc2suanBn"}]}';
	expect(readPicOperations(header, { ...source, key: 'filename.jpg' })).toEqual({
		isPicInfo: false,
		rules: [
			{
				bucket,
				key: 'test.jpg',
				mask: {
					kind: 'url',
					url: 'http://peter-gz-1251704708.cos.ap-guangzhou.myqcloud.com/pic_mask.jpg',
				},
			},
		],
	});
});

it('a header without rules is accepted', () => {
	expect(read({})).toEqual({ isPicInfo: false, rules: [] });
	expect(read({ is_pic_info: 1, rules: [] })).toEqual({ isPicInfo: true, rules: [] });
});

it('five rules are accepted, each with its own bucket', () => {
	const five = read({ rules: Array(5).fill(rule({ bucket: 'other-1250000000' })) });
	expect(five.rules).toHaveLength(5);
	expect(five.rules[4]).toMatchObject({ bucket: 'other-1250000000', key: 'p1/out.jpg' });
});

it.each([
	['six rules', { rules: Array(6).fill(rule()) }],
	['a rule that is a string', { rules: ['x'] }],
	['rules that are not a list', { rules: {} }],
	['an unknown field', { rules: [], extra: 1 }],
	['an unknown field of a rule', { rules: [rule({ key: 'a' })] }],
	['no fileid', { rules: [rule({ fileid: undefined })] }],
	['an empty fileid', { rules: [rule({ fileid: '' })] }],
	['a fileid that ends in a slash', { rules: [rule({ fileid: 'a/' })] }],
	['a fileid that is a single slash', { rules: [rule({ fileid: '/' })] }],
	[
		'a fileid that means a key with a slash at its beginning',
		{ rules: [rule({ fileid: '//x.jpg' })] },
	],
	['a fileid with a ".." segment', { rules: [rule({ fileid: '../a.jpg' })] }],
	['a fileid that is a number', { rules: [rule({ fileid: 1 })] }],
	['no ci-process', { rules: [rule({ rule: 'MaskPoly=abcd' })] }],
	['a different ci-process', { rules: [rule({ rule: 'ci-process=Other' })] }],
	[
		'a duplicate parameter',
		{ rules: [rule({ rule: 'ci-process=ImageRepair&ci-process=ImageRepair' })] },
	],
	['an unknown parameter', { rules: [rule({ rule: 'ci-process=ImageRepair&maskpoly=abcd' })] }],
	['spaces in the rule', { rules: [rule({ rule: 'ci-process = ImageRepair' })] }],
	['is_pic_info as a string', { is_pic_info: '1', rules: [] }],
	['is_pic_info 2', { is_pic_info: 2, rules: [] }],
	['a list', []],
])('%s is rejected', (_name, value) => {
	expect(codeOf(() => read(value))).toBe('InvalidArgument');
});

it('a header that is not JSON and a rule for an unknown bucket are rejected', () => {
	expect(() => readPicOperations('{rules:[]}', source)).toThrow('not JSON');
	expect(codeOf(() => read({ rules: [rule({ bucket: 'foreign-1' })] }))).toBe('NoSuchBucket');
});

it.each([
	['p1/test1.jpg', '/p2/test2.jpg', 'p2/test2.jpg'],
	['p1/test1.jpg', 'p2/test2.jpg', 'p1/p2/test2.jpg'],
	['test1.jpg', 'test2.jpg', 'test2.jpg'],
	['p1/test1.jpg', 'p1/test1.jpg', 'p1/test1.jpg'],
	['p1/test1.jpg', '/p1/test1.jpg', 'p1/test1.jpg'],
	['p1//test1.jpg', 'x.jpg', 'p1//x.jpg'],
])('for the source %s, the fileid %s resolves to %s', (key, fileid, result) => {
	expect(resultKey(key, fileid)).toBe(result);
});

describe('mask parameters', () => {
	const readMask = (values: Record<string, string>) =>
		readMaskParameters(new Map(Object.entries(values)));

	it('accept one polygon or several, with or without padding, closed or not', () => {
		const one = { kind: 'polygons', polygons: [square] };
		expect(readMask({ MaskPoly: polygons(square) })).toEqual(one);
		expect(readMask({ MaskPoly: polygons([square]) })).toEqual(one);
		const text = JSON.stringify(square);
		const padded = Buffer.from(`${text} `)
			.toString('base64')
			.replace(/\+/g, '-')
			.replace(/\//g, '_');
		expect(padded).toMatch(/=$/);
		expect(readMask({ MaskPoly: padded })).toEqual(one);
		expect(readMask({ MaskPoly: padded.replace(/=+$/, '') })).toEqual(one);
		expect(readMask({ MaskPoly: polygons([...square, square[0]]) }).kind).toBe('polygons');
	});

	it('accept the polygons in the specification, which are clockwise', () => {
		const page =
			'[[[608, 794], [1024, 794], [1024, 842], [608, 842]],[[1295, 62], [1295, 30], [1597, 32],[1597,64]]]';
		expect(readMask({ MaskPoly: base64(page) })).toEqual({
			kind: 'polygons',
			polygons: JSON.parse(page) as unknown,
		});
	});

	it('prefer the mask image if both are given', () => {
		const url = 'https://127.0.0.1/mask.png?a=b';
		expect(readMask({ MaskPic: base64(url), MaskPoly: polygons(square) })).toEqual({
			kind: 'url',
			url,
		});
	});

	it('mean automatic detection if neither is given', () => {
		expect(readMask({})).toEqual({ kind: 'automatic' });
	});

	it.each([
		['counter-clockwise corners', polygons([...square].reverse()), 'counter-clockwise'],
		['two corners', polygons(square.slice(0, 2)), 'three corners'],
		[
			'no area',
			polygons([
				[0, 0],
				[5, 5],
				[9, 9],
			]),
			'no area',
		],
		[
			'a corner with three numbers',
			polygons([
				[0, 0],
				[9, 0],
				[9, 9, 1],
			]),
			'two numbers',
		],
		[
			'numbers as strings',
			polygons([
				[0, 0],
				[9, 0],
				['9', 9],
			]),
			'two numbers',
		],
		[
			'a negative number',
			polygons([
				[0, 0],
				[9, 0],
				[9, -1],
			]),
			'between',
		],
		[
			'a number over the limit',
			polygons([
				[0, 0],
				[50_001, 0],
				[9, 9],
			]),
			'between',
		],
		['mixed depths', polygons([[0, 0], [9, 0], square]), 'two numbers'],
		['four dimensions', polygons([[square]]), 'three corners'],
		['an empty list', polygons([]), 'matrix'],
		['a list of an empty list', polygons([[]]), 'three corners'],
		['an object', polygons({}), 'matrix'],
		['text that is not JSON', base64('[[1,2]'), 'JSON'],
		['the standard Base64 alphabet', 'W1s+/w==', 'URL-safe'],
		['an invalid character', 'W1s*', 'Base64'],
		['an empty value', '', 'Base64'],
		['bytes that are not UTF-8', '_w', 'UTF-8'],
	])('reject %s in MaskPoly', (_name, MaskPoly, message) => {
		expect(() => readMask({ MaskPoly })).toThrow(message);
	});

	it.each(['ftp://127.0.0.1/a.png', 'file:///etc/passwd', 'mask.png', 'javascript:1'])(
		'reject %s in MaskPic',
		(url) => {
			expect(() => readMask({ MaskPic: base64(url) })).toThrow('http or https');
		},
	);
});
