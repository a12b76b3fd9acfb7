import { locateBucket } from '../../../../cos/location/endpoint';
import { checkPath, enteredKey, maskFolder } from '../../../../cos/location/enteredKey';
import type { InvalidReason } from '../../../../cos/invalidInput';
import { invalidInput } from '../thrown';

const BUCKET = 'examplebucket-1250000000';
const location = locateBucket({ bucket: BUCKET, region: 'ap-guangzhou', endpoint: 'default' });
const { origin } = location;
const host = new URL(origin).host;

it.each([
	['/photos/cat.jpg', 'photos/cat.jpg'],
	['photos/my cat .jpg', 'photos/my cat .jpg'],
	['a/ b.jpg', 'a/ b.jpg'],
	// What people paste.
	[`${origin}/photos/my%20cat.jpg`, 'photos/my cat.jpg'],
	[`  ${origin}/photos/cat.jpg\n`, 'photos/cat.jpg'],
	[`${origin}/cat.jpg?sign=q-sign-algorithm%3Dsha1`, 'cat.jpg'],
	[`${host}/photos/cat.jpg`, 'photos/cat.jpg'],
	[`https://${BUCKET}.cos.accelerate.myqcloud.com/cat.jpg`, 'cat.jpg'],
	// A folder that only begins like the bucket.
	[`${BUCKET}-old/cat.jpg`, `${BUCKET}-old/cat.jpg`],
	['examplebucket/cat.jpg', 'examplebucket/cat.jpg'],
])('a key entered as %j is %j', (text, key) => {
	expect(enteredKey(text, location)).toBe(key);
});

const PATH_REASONS: Array<[string, InvalidReason, string]> = [
	[' a.jpg', 'text.surrounded', 'begins with a space'],
	['a.jpg ', 'text.surrounded', 'ends with a space'],
	['a.jpg\n', 'text.surrounded', 'ends with a line break'],
	['a.jpg\r\n', 'text.surrounded', 'ends with a line break'],
	['\ta.jpg', 'text.surrounded', 'begins with a tab'],
	['a.jpg\u00a0', 'text.surrounded', 'ends with a no-break space'],
	['\u3000a.jpg', 'text.surrounded', 'begins with an ideographic space'],
	[' / a.jpg', 'text.surrounded', 'begins with a space'],
	['a\nb.jpg', 'text.control', 'holds a line break'],
	['a\u0007b.jpg', 'text.control', 'holds the invisible character U+0007'],
	['a\u009bb.jpg', 'text.control', 'holds the invisible character U+009B'],
	['\\a.jpg', 'path.backslash', 'has a backslash'],
	['photos\\cat.jpg', 'path.backslash', 'has a backslash'],
	['C:\\photos\\cat.jpg', 'path.localFile', 'is the path of a file on a computer'],
	['c:/photos/cat.jpg', 'path.localFile', 'is the path of a file on a computer'],
	['\\\\server\\cat.jpg', 'path.localFile', 'is the path of a file on a computer'],
	['file:///home/me/cat.jpg', 'path.localFile', 'is the path of a file on a computer'],
	[`${BUCKET}/cat.jpg`, 'path.bucketFirst', `begins with the name of the bucket, ${BUCKET}`],
	[`/${BUCKET}/cat.jpg`, 'path.bucketFirst', `begins with the name of the bucket, ${BUCKET}`],
	[`cos://${BUCKET}/cat.jpg`, 'path.bucketFirst', `begins with the name of the bucket, ${BUCKET}`],
];

it.each([
	...PATH_REASONS,
	['//a.jpg', 'key.leading', 'begins with a slash, which no key can'],
	['/', 'key.empty', 'is empty'],
	[`${origin}/folder/`, 'key.folder', '"folder/" is a folder'],
	['https://example.com/cat.jpg', 'objectUrl.otherHost', 'is the address of another host'],
] as Array<[string, InvalidReason, string]>)(
	'a key may not be entered as %j, the same in every field',
	(text, reason, what) => {
		for (const field of ['objectKey', 'storeAs', 'maskObjectKey'] as const) {
			const refusal = invalidInput(() => enteredKey(text, location, field));
			expect(refusal).toMatchObject({ field, reason });
			expect(refusal.what).toContain(what);
			expect(refusal.advice).toMatch(/^[A-Z].*\.$/s);
		}
	},
);

it.each([
	...PATH_REASONS,
	[`${origin}/clean/cat.jpg`, 'path.address', 'is an address'],
	['https://example.com/photos/', 'path.address', 'is an address'],
	[`${host}/clean/cat.jpg`, 'path.address', 'is an address'],
] as Array<[string, InvalidReason, string]>)(
	'where results are stored, and what is listed, may not be entered as %j',
	(text, reason, what) => {
		for (const field of ['resultKey', 'folder'] as const) {
			const refusal = invalidInput(() => {
				checkPath(text, location, field);
			});
			expect(refusal).toMatchObject({ field, reason });
			expect(refusal.what).toContain(what);
		}
	},
);

it('says what to enter instead', () => {
	const advice = (text: string) => invalidInput(() => enteredKey(text, location)).advice;
	expect(advice('photos\\cat.jpg')).toContain('photos/cat.jpg');
	expect(advice(`${BUCKET}/photos/cat.jpg`)).toContain('Leave it out: photos/cat.jpg.');
	expect(advice('C:\\cat.jpg')).toContain('Upload and Repair Image');
});

it.each([' a.jpg', 'a\\b.jpg', `${BUCKET}/a.jpg`])(
	'advises on By URL for %j only in Image, which alone has it',
	(text) => {
		const advice = (field: 'objectKey' | 'storeAs' | 'maskObjectKey') =>
			invalidInput(() => enteredKey(text, location, field)).advice;
		expect(advice('objectKey')).toContain('By URL');
		for (const field of ['storeAs', 'maskObjectKey'] as const) {
			expect(advice(field)).not.toContain('By URL');
		}
	},
);

it('says for each field what else an address of another host may be meant for', () => {
	const advice = (field: 'objectKey' | 'storeAs' | 'maskObjectKey') =>
		invalidInput(() => enteredKey('https://example.com/a.jpg', location, field)).advice;
	expect(advice('objectKey')).toContain('Public Image');
	expect(advice('maskObjectKey')).toContain('choose URL as Mask Source');
	expect(advice('storeAs')).toContain('Or enter a path');
});

describe('the folder of temporary masks', () => {
	it.each([
		['masks', 'masks/'],
		['/masks/', 'masks/'],
		['/', ''],
		['a'.repeat(813), `${'a'.repeat(813)}/`],
	])('%j is %j', (text, folder) => {
		expect(maskFolder(text, location)).toBe(folder);
	});

	it.each<[string, InvalidReason]>([
		['a'.repeat(814), 'key.tooLong'],
		['../masks', 'key.dotSegment'],
		['masks/./', 'key.dotSegment'],
		['cut \ud83d', 'key.characters'],
		['//masks', 'key.leading'],
		['masks ', 'text.surrounded'],
		['a\nb', 'text.control'],
		[`${origin}/masks/`, 'path.address'],
		['C:\\masks', 'path.localFile'],
		['my\\masks', 'path.backslash'],
		[`${BUCKET}/masks`, 'path.bucketFirst'],
	])('may not be %j', (text, reason) => {
		expect(invalidInput(() => maskFolder(text, location))).toMatchObject({
			field: 'temporaryMaskFolder',
			reason,
		});
	});
});
