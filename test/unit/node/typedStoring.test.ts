import { readAccount } from '../../../credentials/account';
import { typedStoring } from '../../../nodes/ImageRepair/parameters/results';

const { location } = readAccount({
	secretId: 'id',
	secretKey: 'key',
	bucket: 'own-1250000000',
	region: 'ap-guangzhou',
});
const objectKey = '={{ $json.key }}';
const storing = (parameters: Record<string, unknown>) =>
	typedStoring(
		(name) => ({ operation: 'cloud', objectKey, storeAs: objectKey, ...parameters })[name],
		location,
	);
/** Options with results besides the first. */
const more = (...result: object[]) => ({ options: { additionalResults: { result } } });

test.each(['download', 'getMany', undefined])('a node in mode %s stores nothing', (operation) => {
	expect(storing({ operation })).toBeUndefined();
});

test('a result key that is not set is the default of the field', () => {
	expect(storing({})).toEqual({
		uploads: false,
		overwritesOriginal: false,
		resultKeys: ['{name}-repaired{extension}'],
		isPartlyUnknown: false,
	});
	expect(storing(more({}))?.resultKeys).toEqual([
		'{name}-repaired{extension}',
		'{name}-repaired-2{extension}',
	]);
});

test('expressions and results in other buckets are left out', () => {
	const parameters = {
		resultKey: '={{ $json.key }}',
		...more(
			{ resultKey: 'clean/{name}.png' },
			{ resultKey: '={{ $json.name }}' },
			{ resultKey: 'else.png', destinationBucket: 'other-1250000000' },
		),
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

test('the own bucket as Destination Bucket counts as own', () => {
	const own = ' own-1250000000 ';
	expect(
		storing({
			resultKey: 'a.png',
			options: {
				destinationBucket: own,
				...more({ resultKey: 'b.png', destinationBucket: own }).options,
			},
		})?.resultKeys,
	).toEqual(['a.png', 'b.png']);
});

test('the key of a source is told when it is typed in', () => {
	expect(storing({ operation: 'upload', storeAs: 'in/a.jpg' })).toMatchObject({
		source: 'in/a.jpg',
		uploads: true,
		isPartlyUnknown: false,
	});
	expect(storing({ operation: 'upload' })).not.toHaveProperty('source');
});

test.each(['', 'in/', 'in/{date}/{id}{extension}'])(
	'Store As %j of an upload leaves the key open, but not its folder',
	(typed) => {
		const found = storing({ operation: 'upload', storeAs: typed });
		expect(found).toMatchObject({ uploads: true, isPartlyUnknown: true });
		expect(found).not.toHaveProperty('source');
		expect(found?.uploadedAs?.('image.jpg')).toMatch(
			typed === '' ? /^image\.jpg$/ : /^in\/.*\.jpg$/,
		);
	},
);

test.each<[what: string, parameters: Record<string, unknown>]>([
	['Overwrite Original', { overwriteOriginal: '={{ $json.over }}' }],
	['Result Key', { resultKey: '={{ $json.key }}' }],
	['Destination Bucket', { options: { destinationBucket: '={{ $json.bucket }}' } }],
	['Additional Results', more({ resultKey: '={{ $json.key }}' })],
	['Store As of an upload', { operation: 'upload' }],
])('an expression in %s leaves open where results go', (_, parameters) => {
	expect(storing(parameters)?.isPartlyUnknown).toBe(true);
});

test('an expression in Result Key leaves nothing open when results go to another bucket', () => {
	const options = { destinationBucket: 'other-1250000000' };
	expect(storing({ resultKey: '={{ $json.key }}', options })?.isPartlyUnknown).toBe(false);
});
