import { parseUploadResult } from '../../../../cos/responses/uploadResult';
import { unreadable } from '../thrown';
import vectors from '../vectors/responses.json';
import { uploadResult } from './documents';

describe('the response to an upload or a repair in the bucket', () => {
	it.each(vectors.uploadResults)('is read: $name', ({ xml, parsed }) => {
		expect(parseUploadResult(xml.join('\n'))).toStrictEqual(parsed);
	});

	it.each(vectors.uploadResults)(
		'is read the same with CRLF and a byte order mark: $name',
		(one) => {
			expect(parseUploadResult(`\ufeff${one.xml.join('\r\n')}`)).toStrictEqual(one.parsed);
		},
	);

	it('always has a list of results, whether there is one or several', () => {
		const object = (name: string) =>
			`<Object><Key>${name}</Key><Location>h/${name}</Location><ETag>"${name}"</ETag></Object>`;
		const resultsOf = (...names: string[]) =>
			parseUploadResult(
				`<UploadResult><OriginalInfo><Key>k</Key><Location>h/k</Location></OriginalInfo><ProcessResults>${names.map(object).join('')}</ProcessResults></UploadResult>`,
			).results;
		const parsed = (name: string) => ({ key: name, location: `h/${name}`, etag: name });
		expect(resultsOf('1')).toStrictEqual([parsed('1')]);
		expect(resultsOf('1', '2', '3', '4', '5')).toStrictEqual(['1', '2', '3', '4', '5'].map(parsed));
	});

	it('keeps the results that were made, and tells of those that were not', () => {
		const objects = [
			'<Object><Key>1</Key><Location>h/1</Location></Object>',
			'<Object><Key>2</Key><Code>InternalError</Code><Message>Not done</Message></Object>',
			'<Object><Code>InvalidArgument</Code></Object>',
			'<Object><Key>4</Key><Location>h/4</Location><Code/></Object>',
		];
		const xml = `<UploadResult><OriginalInfo><Key>k</Key><Location>h/k</Location></OriginalInfo><ProcessResults>${objects.join('')}</ProcessResults></UploadResult>`;
		const { results, failed } = parseUploadResult(xml);
		expect(results.map(({ key }) => key)).toEqual(['1', '4']);
		expect(failed).toStrictEqual([
			{ key: '2', code: 'InternalError', message: 'Not done' },
			{ code: 'InvalidArgument' },
		]);
	});

	it.each<[string, string, object]>([
		[
			'the location of a result',
			'<OriginalInfo><Key>a</Key><Location>h/a</Location></OriginalInfo><ProcessResults><Object><Key>b</Key></Object></ProcessResults>',
			{ originalInfo: { key: 'a', location: 'h/a' }, results: [{ key: 'b' }] },
		],
		[
			'the key of a result',
			'<OriginalInfo><Key>a</Key></OriginalInfo><ProcessResults><Object><Key/><ETag>"e"</ETag></Object></ProcessResults>',
			{ originalInfo: { key: 'a' }, results: [{ etag: 'e' }] },
		],
		[
			'the results',
			'<OriginalInfo><Key>a</Key></OriginalInfo>',
			{ originalInfo: { key: 'a' }, results: [] },
		],
		[
			'the original',
			'<ProcessResults><Object><Key>b</Key><Location>h/b</Location></Object></ProcessResults>',
			{ originalInfo: {}, results: [{ key: 'b', location: 'h/b' }] },
		],
	])('is read without %s: the call was made', (_, nodes, parsed) => {
		expect(parseUploadResult(`<UploadResult>${nodes}</UploadResult>`)).toStrictEqual(parsed);
	});

	it.each(vectors.keys)('keeps a key as text: $name', ({ xml, text }) => {
		const { originalInfo, results } = parseUploadResult(uploadResult(xml));
		expect(originalInfo.key).toBe(text);
		expect(results[0]?.key).toBe(text);
		expect(results[0]?.location).toBe(`h/${text}`);
	});

	it.each([
		['<ETag>"abc"</ETag>', 'abc'],
		['<ETag>&quot;abc&quot;</ETag>', 'abc'],
		['<ETag>&#34;abc&#x22;</ETag>', 'abc'],
		['<ETag>\n"abc-12"\n</ETag>', 'abc-12'],
		['<ETag>abc</ETag>', 'abc'],
		['<ETag>""</ETag>', ''],
		['<ETag>"a"b</ETag>', '"a"b'],
		['<ETag>a"b"</ETag>', 'a"b"'],
		['<ETag/>', undefined],
	])('gives the ETag of %j without quotes', (xml, etag) => {
		expect(parseUploadResult(uploadResult('a', xml)).results[0]?.etag).toBe(etag);
	});

	it.each([
		['<Size>0</Size>', 0],
		['<Size> 12 </Size>', 12],
		['<Size>1.5</Size>', 1.5],
		['<Size>-1</Size>', undefined],
		['<Size>1e3</Size>', undefined],
		['<Size>0x10</Size>', undefined],
		['<Size>many</Size>', undefined],
		[`<Size>${'9'.repeat(400)}</Size>`, undefined],
		['<Size></Size>', undefined],
		['<Size><b>1</b></Size>', undefined],
	])('gives the size of %s as a number, or none', (xml, size) => {
		expect(parseUploadResult(uploadResult('a', xml)).results[0]?.size).toBe(size);
	});

	it('takes the first of a repeated node', () => {
		const twice = uploadResult('a', '<Size>1</Size><Size>2</Size>');
		expect(parseUploadResult(twice).results[0]?.size).toBe(1);
	});

	it('reads more character references than a page of a listing has', () => {
		const key = '&amp;'.repeat(5000) + '&#38;'.repeat(5000);
		expect(parseUploadResult(uploadResult(key)).results[0]?.key).toBe('&'.repeat(10_000));
	});

	it.each<[string, string, string]>([
		['empty', '', 'XML'],
		['spaces', '  \n', 'XML'],
		['plain text', 'OK', 'XML'],
		['JSON', '{"UploadResult":{}}', 'XML'],
		['an image', '\u0089PNG\r\n\u001a\n', 'XML'],
		['a truncated response', uploadResult('a').slice(0, -10), 'XML'],
		['crossed tags', '<UploadResult><a><b></a></b></UploadResult>', 'XML'],
		['followed by text', `${uploadResult('a')}x`, 'XML'],
		['another document', '<Error><Code>x</Code></Error>', 'UploadResult'],
		['an empty result', '<UploadResult/>', 'UploadResult'],
		['neither original nor results', '<UploadResult><x/></UploadResult>', 'UploadResult'],
		[
			'empty nodes',
			'<UploadResult><OriginalInfo/><ProcessResults/></UploadResult>',
			'UploadResult',
		],
		['deep nesting', '<a>'.repeat(50_000) + '</a>'.repeat(50_000), 'XML'],
	])('is refused when it is %s', (_, xml, part) => {
		expect(unreadable(() => parseUploadResult(xml))).toMatchObject({
			name: 'UnreadableResponse',
			message: part,
			part,
		});
	});
});
