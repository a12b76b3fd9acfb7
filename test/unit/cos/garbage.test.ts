import fc from 'fast-check';

import { parseImageInfo } from '../../../cos/responses/imageInfo';
import { parsePolygons } from './areas/shapes';
import { complaint, isPrototypeClean, READERS } from './garbage';
import { invalidInput } from './thrown';

afterEach(() => {
	expect(isPrototypeClean()).toBe(true);
});

for (const visit of READERS) {
	visit((reader) => {
		const outcome = reader.throws
			? `gives the right type or throws ${reader.throws.name}`
			: 'always gives the right type';
		test(`${reader.name} ${outcome}, for 2,000 garbage inputs`, () => {
			fc.assert(
				fc.property(reader.input, (input) => {
					expect(complaint(reader, input)).toBeUndefined();
				}),
				{ numRuns: 2000, seed: 7 },
			);
		});
	});
}

describe('JSON with the names of object members', () => {
	const square = '[[0,0],[9,0],[9,9],[0,9]]';
	const box = '{"x":0,"y":0,"width":9,"height":9}';

	it.each([
		`{"__proto__":${box}}`,
		`{"constructor":{"prototype":${box}}}`,
		`[{"__proto__":{"x":0,"y":0}},{"__proto__":{"x":9,"y":0}},{"__proto__":{"x":9,"y":9}}]`,
		`{"__proto__":${square}}`,
		`{"__proto__":{"length":3,"0":[0,0],"1":[9,0],"2":[9,9]}}`,
	])('is not an area: %s', (text) => {
		const value: unknown = JSON.parse(text);
		for (const input of [text, value]) {
			expect(invalidInput(() => parsePolygons(input)).field).toBe('polygons');
		}
		expect('x' in {}).toBe(false);
	});

	it('is ignored beside a valid area', () => {
		const polygon = [
			[0, 0],
			[9, 0],
			[9, 9],
			[0, 9],
		];
		const text = `{"x":0,"y":0,"width":9,"height":9,"__proto__":{"polluted":1,"width":5}}`;
		expect(parsePolygons(text)).toStrictEqual([polygon]);
		expect('polluted' in {}).toBe(false);
	});

	it('does not reach image information', () => {
		const info = parseImageInfo(
			'{"width":"2","height":"3","__proto__":{"format":"png","polluted":1},"constructor":1}',
		);
		expect(info).toStrictEqual({ size: { width: 2, height: 3 } });
		expect(Object.getPrototypeOf(info)).toBe(Object.prototype);
		expect('polluted' in {}).toBe(false);
	});
});
