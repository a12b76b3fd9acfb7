import { imageUrl } from '../../../../cos/location/imageUrl';
import { objectKey } from '../../../../cos/location/objectKey';
import { LANGUAGES, logoRequest, textRequest } from '../../../../cos/requests/detection';
import { encodeQuery } from '../../../../cos/signing/encoding';
import { areaFields } from '../../../../nodes/ImageRepair/parameters/area';

const stored = { kind: 'object', key: objectKey('photos/a b.jpg') } as const;
const elsewhere = {
	kind: 'public',
	url: imageUrl('https://example.com/a.jpg?b=c&d', 'imageUrl'),
} as const;

/** Queries as on Tencent's pages (1045/73116, 460/79736), and as its Go SDK sends them. */
test.each([
	[
		'text in a stored image',
		textRequest(stored, 'zh'),
		'photos/a b.jpg',
		'ci-process=OCR&type=general&language-type=zh',
	],
	['logos in a stored image', logoRequest(stored), 'photos/a b.jpg', 'ci-process=RecognizeLogo'],
	[
		'text in an image at an address',
		textRequest(elsewhere, 'rus'),
		'',
		'ci-process=OCR&type=general&language-type=rus&detect-url=https%3A%2F%2Fexample.com%2Fa.jpg%3Fb%3Dc%26d',
	],
	[
		'logos in an image at an address',
		logoRequest(elsewhere),
		'',
		'ci-process=RecognizeLogo&detect-url=https%3A%2F%2Fexample.com%2Fa.jpg%3Fb%3Dc%26d',
	],
])('%s is asked for by a GET without a body', (_, request, key, query) => {
	expect(request).toMatchObject({ method: 'GET', key, headers: {} });
	expect(encodeQuery(request.query)).toBe(query);
});

test('the editor offers every language that the service reads', () => {
	const language = areaFields().find(({ name }) => name === 'language');
	const values = (language?.options ?? []).map((option) => ('value' in option ? option.value : ''));
	expect([...values].sort()).toEqual([...LANGUAGES].sort());
});
