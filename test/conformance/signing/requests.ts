import fc from 'fast-check';

import { CHARACTER } from '../../character';
import { percentEncode } from '../../../cos/signing/encoding';

/** A request as its caller writes it: nothing encoded, and an object key without the slash of the path. */
export interface GeneratedRequest {
	method: 'GET' | 'PUT' | 'POST' | 'DELETE';
	key: string;
	query: Array<[name: string, value: string]>;
	headers: Array<[name: string, value: string]>;
	keyTime: { start: number; end: number };
	secretId: string;
	secretKey: string;
}

/** Whole code points only: half a surrogate pair has no UTF-8 and so no signature. */
const anyText = fc.string({ unit: CHARACTER, maxLength: 12 });

const oddPiece = fc.constantFrom(
	' ',
	'  ',
	'+',
	'%',
	'%2F',
	'%zz',
	"!'()*",
	'"',
	"'",
	'`',
	'&',
	'=',
	'?',
	'#',
	';',
	'~',
	'.',
	'..',
	'/',
	'//',
	'\\',
	'中文',
	'腾讯云',
	'😀',
	'👩‍👩‍👧',
	'é',
	'İ',
	'ß',
	'\t',
	'a',
	'B',
	'0',
	'photo',
	'.jpg',
);

const oddText = fc.oneof(
	{ weight: 4, arbitrary: fc.array(oddPiece, { maxLength: 6 }).map((pieces) => pieces.join('')) },
	{ weight: 1, arbitrary: anyText },
);

/** Some begin with one or two slashes, which belong to the key. */
export const objectKeys = fc
	.tuple(fc.constantFrom('', '', '/', '//', './', '../'), oddText)
	.map(([start, rest]) => start + rest);

/**
 * Query parameters, including those of Image Repair. The SDK keeps a query in a plain object, so:
 *
 * - names differ, and exclude `__proto__`, which a plain object treats in its own way, and
 *   `hasOwnProperty`, which the SDK calls on it;
 * - the documented algorithm sorts by the *encoded* name. The SDK lists names in that order too, but
 *   writes the parameters in the order of the *plain* lower-case names, so that its own list and text
 *   disagree for, say, `{` beside `a` (`sameOrder`).
 */
export const queries = fc
	.uniqueArray(
		fc.tuple(
			fc.oneof(
				fc.constantFrom(
					'ci-process',
					'MaskPic',
					'MaskPoly',
					'detect-url',
					'image_process',
					'0',
					'10',
					'9',
				),
				oddText.filter((name) => name !== ''),
			),
			fc.oneof(fc.constant(''), oddText),
		),
		{ selector: ([name]) => name, maxLength: 5 },
	)
	.filter((query) => query.every(([name]) => name !== '__proto__' && name !== 'hasOwnProperty'));

/** Whether the documented algorithm and the SDK write parameters of these names in the same order. */
export function sameOrder(names: string[]): boolean {
	const sorted = (form: (name: string) => string) =>
		[...names].sort((a, b) => {
			const [first, second] = [form(a), form(b)];
			return first === second ? 0 : first > second ? 1 : -1;
		});
	const byName = sorted((name) => name.toLowerCase());
	const byEncodedName = sorted((name) => percentEncode(name).toLowerCase());
	return byName.every((name, index) => name === byEncodedName[index]);
}

/** Headers that the SDK signs; it leaves all others out of the signature. */
const signedHeaders = fc.uniqueArray(
	fc.tuple(
		fc.constantFrom(
			'Cache-Control',
			'Content-Disposition',
			'Content-Encoding',
			'Content-Length',
			'Content-MD5',
			'Content-Type',
			'Expires',
			'Host',
			'If-Match',
			'If-Modified-Since',
			'Origin',
			'Range',
			'Pic-Operations',
			'pic-operations',
			'x-cos-acl',
			'X-Cos-Meta-Note',
			'x-cos-security-token',
			'x-ci-custom',
		),
		fc.oneof(
			oddText,
			fc.constant('{"rules":[{"fileid":"a b.jpg","rule":"ci-process=ImageRepair&MaskPoly=W10"}]}'),
			fc.constant('examplebucket-1250000000.cos.ap-beijing.myqcloud.com'),
			fc.constant('uin="100000000011"'),
			fc.constant('max-age=600, private; x="y"'),
		),
	),
	{ selector: ([name]) => name.toLowerCase(), maxLength: 8 },
);

const keyTimes = fc
	.tuple(fc.integer({ min: 1, max: 4_000_000_000 }), fc.integer({ min: 1, max: 86_400 }))
	.map(([start, seconds]) => ({ start, end: start + seconds }));

const credential = fc.stringMatching(/^[A-Za-z0-9]{16,36}$/);

export const requests: fc.Arbitrary<GeneratedRequest> = fc.record({
	method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE'),
	key: objectKeys,
	query: queries,
	headers: signedHeaders,
	keyTime: keyTimes,
	secretId: credential,
	secretKey: credential,
});
