import fc from 'fast-check';

import { checkRectangles } from '../../../../cos/areas/rectangles';
import { asRead } from '../../../../cos/detections/lookAlikes';
import {
	checkWanted,
	isWanted,
	selectDetections,
	type LabelFilter,
	type SearchRegion,
} from '../../../../cos/detections/search';
import { InvalidInput } from '../../../../cos/invalidInput';
import type { Detection } from '../../../../cos/responses/detections';

const wanted = (filter: LabelFilter, labels: string[], exact = false) =>
	checkWanted({ filter, labels, exact }, 'texts');

describe('texts that OCR cannot tell apart are the same', () => {
	test.each([
		['SHOP-A.COM', 'shop-a.com'],
		['shop - a . com', 'shop-a.com'],
		['ｓｈｏｐ－ａ．ｃｏｍ', 'shop-a.com'],
		['sh0p-a.c0m', 'shop-a.com'],
		['shop—a。com', 'shop-a.com'],
		['I1lustration', 'illustration'],
		['modern', 'modem'],
		['5ALE 8Z', 'saleb2'],
		['ﬁnd', 'find'],
		['店铺　Ａ', '店铺a'],
	])('%s and %s', (one, other) => {
		expect(asRead(one)).toBe(asRead(other));
		expect(isWanted(one, wanted('contains', [other]))).toBe(true);
		expect(isWanted(one, wanted('contains', [other], true))).toBe(false);
	});

	test('and others are not', () => {
		expect(asRead('shop-a.com')).not.toBe(asRead('shop-b.com'));
		expect(asRead('店铺')).not.toBe(asRead('商店'));
	});
});

describe('a text is wanted', () => {
	test.each<[string, LabelFilter, string[], boolean]>([
		['anything', 'any', [], true],
		['www.shop-a.com 2026', 'contains', ['shop-a.com'], true],
		['www.shop-a.com', 'contains', ['shop-b.com', 'SHOP-A'], true],
		['www.shop-a.com', 'contains', ['shop-b.com'], false],
		['Taobao', 'equals', ['taobao'], true],
		['Taobao Global', 'equals', ['taobao'], false],
		['shop-a.com', 'matches', ['shop-?.com'], true],
		['shop-ab.com', 'matches', ['shop-?.com'], false],
		['see shop-a.com', 'matches', ['shop-?.com'], false],
		['see shop-a.com now', 'matches', ['*shop-?.com*'], true],
		['abcabc', 'matches', ['a*c'], true],
		['abcab', 'matches', ['a*c'], false],
		['', 'matches', ['*'], true],
		['$5', 'matches', ['$*'], true],
	])('%j, %s %j: %s', (label, filter, labels, is) => {
		expect(isWanted(label, wanted(filter, labels))).toBe(is);
	});

	test('a pattern without special characters means the text itself, whatever is in it', () => {
		const text = fc.string().filter((value) => value.trim() !== '' && !/[*?＊？]/.test(value));
		fc.assert(fc.property(text, (value) => isWanted(value, wanted('matches', [value.trim()]))));
	});

	test('a pattern of many stars takes no longer than others', () => {
		const pattern = `${'*a'.repeat(500)}b`;
		expect(isWanted('a'.repeat(5000), wanted('matches', [pattern]))).toBe(false);
	});

	test('by nothing is refused, unless any text is wanted', () => {
		expect(() => wanted('contains', [' ', ''])).toThrow(
			new InvalidInput('texts', 'labels.none', {}),
		);
		expect(wanted('any', ['left over']).labels).toEqual([]);
	});
});

describe('a detection counts', () => {
	const size = { width: 100, height: 200 };
	const at = (x: number, y: number, confidence?: number): Detection => ({
		kind: 'text',
		label: 'a',
		...(confidence !== undefined && { confidence }),
		corners: [
			[x - 5, y - 5],
			[x + 5, y - 5],
			[x + 5, y + 5],
			[x - 5, y + 5],
		],
	});
	const search = (region: SearchRegion, minConfidence = 0) => ({
		wanted: wanted('any', []),
		region,
		minConfidence,
	});
	const count = (found: Detection, region: SearchRegion, minConfidence?: number) =>
		selectDetections([found], search(region, minConfidence), size).length;

	test('from the minimum confidence on; one without any counts only where none is asked for', () => {
		const region = { kind: 'image' } as const;
		expect(count(at(50, 50, 60), region, 60)).toBe(1);
		expect(count(at(50, 50, 59.9), region, 60)).toBe(0);
		expect(count(at(50, 50), region, 60)).toBe(0);
		expect(count(at(50, 50), region, 0)).toBe(1);
	});

	test('in the border, in percent of each side, by its center', () => {
		const region = { kind: 'border', percent: 20 } as const;
		const places = [at(20, 100), at(21, 100), at(80, 100), at(79, 100), at(50, 40), at(50, 41)];
		expect(places.map((place) => count(place, region))).toEqual([1, 0, 1, 0, 1, 0]);
		expect(count(at(50, 160), region)).toBe(1);
	});

	test('in rectangles, also in those that stand out of the image', () => {
		const rectangles = checkRectangles([
			{
				corner: 'bottomRight',
				unit: 'pixels',
				horizontalDistance: 0,
				verticalDistance: 0,
				width: 500,
				height: 50,
			},
		]);
		const region = { kind: 'rectangles', rectangles } as const;
		expect(count(at(50, 150), region)).toBe(1);
		expect(count(at(50, 149), region)).toBe(0);
	});
});
