import { typedStoring } from '../../../nodes/ImageRepair/parameters/results';

const storing = (parameters: Record<string, unknown>) =>
	typedStoring((name) => ({ operation: 'cloud', ...parameters })[name]);

test.each(['download', 'upload', 'getMany', undefined])(
	'a node in mode %s stores nothing that can be told before it runs',
	(operation) => {
		expect(storing({ operation })).toBeUndefined();
	},
);

test('a result key that is not set is the default of the field', () => {
	expect(storing({})).toEqual({
		overwritesOriginal: false,
		resultKeys: ['{name}-repaired{extension}'],
	});
	expect(storing({ additionalResults: { result: [{}] } })?.resultKeys).toEqual([
		'{name}-repaired{extension}',
		'{name}-repaired-2{extension}',
	]);
});

test('expressions and results in other buckets are left out', () => {
	const parameters = {
		resultKey: '={{ $json.key }}',
		additionalResults: {
			result: [
				{ resultKey: 'clean/{name}.png' },
				{ resultKey: '={{ $json.name }}' },
				{ resultKey: 'else.png', destinationBucket: 'other-1250000000' },
			],
		},
	};
	expect(storing(parameters)?.resultKeys).toEqual(['clean/{name}.png']);
	expect(
		storing({ resultKey: 'a.png', options: { destinationBucket: 'other-1250000000' } })?.resultKeys,
	).toEqual([]);
});

test('a switch that is an expression counts as off, and text as what it says', () => {
	expect(storing({ overwriteOriginal: '={{ $json.over }}' })?.overwritesOriginal).toBe(false);
	expect(storing({ overwriteOriginal: 'true' })?.overwritesOriginal).toBe(true);
});
