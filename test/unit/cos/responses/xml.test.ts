import {
	parseErrorBody,
	parseImageInfo,
	parseListBucketResult,
	parseUploadResult,
	UnreadableAnswer,
} from '../../../../cos/responses/xml';
import { thrownBy } from '../thrown';
import vectors from '../vectors/responses.json';

function uploadResult(key: string, object = ''): string {
	return `<UploadResult><OriginalInfo><Key>${key}</Key><Location>h/${key}</Location></OriginalInfo><ProcessResults><Object><Key>${key}</Key><Location>h/${key}</Location>${object}</Object></ProcessResults></UploadResult>`;
}

describe('the answer to an upload or cloud call', () => {
	it.each(vectors.uploadResults)('is read: $name', ({ xml, parsed }) => {
		expect(parseUploadResult(xml.join('\n'))).toStrictEqual(parsed);
	});

	it.each(vectors.uploadResults)(
		'is read the same with CRLF and a byte order mark: $name',
		(one) => {
			expect(parseUploadResult(`\ufeff${one.xml.join('\r\n')}`)).toStrictEqual(one.parsed);
		},
	);

	it('has results of one shape, whether there is one or several', () => {
		const object = (name: string) =>
			`<Object><Key>${name}</Key><Location>h/${name}</Location><ETag>"${name}"</ETag></Object>`;
		const answer = (...names: string[]) =>
			parseUploadResult(
				`<UploadResult><OriginalInfo><Key>k</Key><Location>h/k</Location></OriginalInfo><ProcessResults>${names.map(object).join('')}</ProcessResults></UploadResult>`,
			).results;
		const parsed = (name: string) => ({ key: name, location: `h/${name}`, etag: name });
		expect(answer('1')).toStrictEqual([parsed('1')]);
		expect(answer('1', '2', '3', '4', '5')).toStrictEqual(['1', '2', '3', '4', '5'].map(parsed));
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

	it('takes the first of a node that comes twice', () => {
		const twice = uploadResult('a', '<Size>1</Size><Size>2</Size>');
		expect(parseUploadResult(twice).results[0]?.size).toBe(1);
	});

	it('reads more character references than a page of a listing has', () => {
		const key = '&amp;'.repeat(5000) + '&#38;'.repeat(5000);
		expect(parseUploadResult(uploadResult(key)).results[0]?.key).toBe('&'.repeat(10_000));
	});

	it.each<[string, string, RegExp]>([
		['nothing', '', /not well-formed/],
		['spaces', '  \n', /not well-formed/],
		['plain text', 'OK', /not well-formed/],
		['JSON', '{"UploadResult":{}}', /not well-formed/],
		['an image', '\u0089PNG\r\n\u001a\n', /not well-formed/],
		['a cut answer', uploadResult('a').slice(0, -10), /not well-formed/],
		['crossed tags', '<UploadResult><a><b></a></b></UploadResult>', /not well-formed/],
		['text behind the end', `${uploadResult('a')}x`, /not well-formed/],
		['another document', '<Error><Code>x</Code></Error>', /not an UploadResult/],
		['an empty result', '<UploadResult/>', /not an UploadResult/],
		['no OriginalInfo', '<UploadResult><x/></UploadResult>', /not an UploadResult/],
		[
			'an empty OriginalInfo',
			'<UploadResult><OriginalInfo/></UploadResult>',
			/not an UploadResult/,
		],
		['a result without a key', uploadResult(''), /no Key/],
		[
			'a result without a location',
			'<UploadResult><OriginalInfo><Key>a</Key></OriginalInfo></UploadResult>',
			/no Location/,
		],
		['deep nesting', '<a>'.repeat(50_000) + '</a>'.repeat(50_000), /not well-formed/],
	])('is refused when it is %s', (_, xml, message) => {
		const thrown = thrownBy(() => parseUploadResult(xml));
		expect(thrown).toBeInstanceOf(UnreadableAnswer);
		expect(thrown).toMatchObject({
			name: 'UnreadableAnswer',
			message: expect.stringMatching(message) as string,
		});
	});
});

describe('a document type in an answer', () => {
	const bomb = [
		'<!DOCTYPE lolz [<!ENTITY lol "lol">',
		...Array.from(
			{ length: 9 },
			(_, level) => `<!ENTITY lol${level + 1} "${`&lol${level || ''};`.repeat(10)}">`,
		),
		']>',
		uploadResult('&lol9;'),
	].join('\n');
	const external =
		'<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]>' + uploadResult('&file;');

	it.each([
		['an entity bomb', bomb],
		['an entity that names a file', external],
		['an empty one', `<!DOCTYPE html>${uploadResult('a')}`],
		['one in small letters', `<!doctype html>${uploadResult('a')}`],
		['one after the declaration', `<?xml version="1.0"?>\n<!DOCTYPE x>${uploadResult('a')}`],
	])('is refused: %s', (_, xml) => {
		expect(thrownBy(() => parseUploadResult(xml))).toMatchObject({
			name: 'UnreadableAnswer',
			message: 'The answer declares a document type',
		});
		expect(thrownBy(() => parseListBucketResult(xml))).toBeInstanceOf(UnreadableAnswer);
		expect(parseErrorBody(xml)).toBeUndefined();
	});

	it('leaves an entity that nobody declared as the text it is', () => {
		expect(parseUploadResult(uploadResult('&lol9;')).results[0]?.key).toBe('&lol9;');
	});
});

describe('nodes with the names of object members', () => {
	it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'])(
		'are harmless: %s',
		(name) => {
			const node = `<${name}><polluted>yes</polluted><Key>x</Key></${name}>`;
			const documents = [
				uploadResult('a', node),
				node,
				`<UploadResult>${node}</UploadResult>`,
				`<ListBucketResult>${node}<Contents>${node}</Contents></ListBucketResult>`,
				`<Error>${node}</Error>`,
			];
			for (const xml of documents) {
				for (const parse of [parseUploadResult, parseListBucketResult, parseErrorBody]) {
					const thrown = thrownBy(() => {
						const parsed: unknown = parse(xml);
						expect(JSON.stringify([parsed])).not.toContain('polluted');
					});
					if (thrown !== undefined) expect(thrown).toBeInstanceOf(UnreadableAnswer);
				}
			}
			expect('polluted' in {}).toBe(false);
			expect(Object.prototype).not.toHaveProperty('Key');
			expect(Object.prototype).not.toHaveProperty('polluted');
		},
	);

	it('do not stand in for nodes that are absent', () => {
		expect(parseErrorBody('<Error><Code>A</Code></Error>')).toStrictEqual({
			code: 'A',
			message: '',
		});
		expect(thrownBy(() => parseUploadResult('<constructor/>'))).toBeInstanceOf(UnreadableAnswer);
	});
});

describe('a bucket listing', () => {
	const listing = [
		'<?xml version="1.0" encoding="UTF-8"?>',
		'<ListBucketResult>',
		'	<Name>examplebucket-1250000000</Name>',
		'	<EncodingType>url</EncodingType>',
		'	<Prefix>a%20b%2F</Prefix>',
		'	<Marker/>',
		'	<MaxKeys>2</MaxKeys>',
		'	<Delimiter>%2F</Delimiter>',
		'	<IsTruncated>true</IsTruncated>',
		'	<NextMarker>a%20b/%E4%B8%AD%2B%25.jpg</NextMarker>',
		'	<CommonPrefixes><Prefix>a%20b/1%262/</Prefix></CommonPrefixes>',
		'	<CommonPrefixes><Prefix>a%20b/%F0%9F%98%80/</Prefix></CommonPrefixes>',
		'	<Contents>',
		'		<Key>a%20b/%E4%B8%AD%2B%25.jpg</Key>',
		'		<LastModified>2025-09-09T20:02:20.000Z</LastModified>',
		'		<ETag>"fa2a3d6081c1037f154401a64eec4b19"</ETag>',
		'		<Size>288132</Size>',
		'		<Owner><ID>1250000000</ID><DisplayName>1250000000</DisplayName></Owner>',
		'		<StorageClass>STANDARD</StorageClass>',
		'	</Contents>',
		'</ListBucketResult>',
	].join('\n');

	it('gives decoded keys, folders and the marker of the next page', () => {
		expect(parseListBucketResult(listing)).toStrictEqual({
			name: 'examplebucket-1250000000',
			objects: [
				{
					key: 'a b/中+%.jpg',
					lastModified: '2025-09-09T20:02:20.000Z',
					etag: 'fa2a3d6081c1037f154401a64eec4b19',
					size: 288132,
					storageClass: 'STANDARD',
				},
			],
			folders: ['a b/1&2/', 'a b/😀/'],
			nextMarker: 'a b/中+%.jpg',
		});
	});

	it('has no next page when it is not truncated', () => {
		const last = listing.replace('>true<', '>false<');
		expect(parseListBucketResult(last)).not.toHaveProperty('nextMarker');
	});

	it('goes on behind the last entry, by its bytes, when the service names no marker', () => {
		const unnamed = listing.replace(/<NextMarker>.*<\/NextMarker>/, '<NextMarker/>');
		expect(parseListBucketResult(unnamed).nextMarker).toBe('a b/😀/');
		expect(parseListBucketResult(unnamed.replace('%F0%9F%98%80', '0')).nextMarker).toBe(
			'a b/中+%.jpg',
		);
	});

	it('is not taken for the whole when it goes on and does not say where', () => {
		const xml = '<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>';
		expect(thrownBy(() => parseListBucketResult(xml))).toMatchObject({
			name: 'UnreadableAnswer',
			message: 'The list of the bucket goes on, but the answer does not say where',
		});
	});

	it('is read the same with line breaks around its texts', () => {
		const spaced = listing
			.replace('>true<', '>\n\ttrue\n<')
			.replace('>examplebucket-1250000000<', '>\n\texamplebucket-1250000000\n<');
		expect(parseListBucketResult(spaced)).toStrictEqual(parseListBucketResult(listing));
	});

	it.each([
		'<ListBucketResult/>',
		'<ListBucketResult></ListBucketResult>',
		'<ListBucketResult>\n</ListBucketResult>',
		'<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>',
	])('may be empty: %j', (xml) => {
		expect(parseListBucketResult(xml)).toStrictEqual({ objects: [], folders: [] });
	});

	it('reads a full page of 1,000 objects in order, each ETag written with references', () => {
		const names = Array.from({ length: 1000 }, (_, index) => String(index).padStart(4, '0'));
		const xml = `<ListBucketResult>${names
			.map(
				(name) =>
					`<Contents><Key>${name}</Key><LastModified>t</LastModified><ETag>&quot;${name}&quot;</ETag></Contents>`,
			)
			.join('')}</ListBucketResult>`;
		expect(parseListBucketResult(xml).objects).toStrictEqual(
			names.map((name) => ({ key: name, lastModified: 't', etag: name, size: 0 })),
		);
	});

	it.each([
		['another document', '<Error/>', /not a ListBucketResult/],
		[
			'a key that is not percent-encoded',
			'<ListBucketResult><Contents><Key>100%</Key><LastModified>t</LastModified></Contents></ListBucketResult>',
			/not percent-encoded/,
		],
		[
			'an object without a key',
			'<ListBucketResult><Contents><Size>1</Size></Contents></ListBucketResult>',
			/no Key/,
		],
		[
			'an object without a date',
			'<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>',
			/no LastModified/,
		],
		[
			'a folder without a name',
			'<ListBucketResult><CommonPrefixes><x/></CommonPrefixes></ListBucketResult>',
			/no Prefix/,
		],
	])('is refused when it is %s', (_, xml, message) => {
		const thrown = thrownBy(() => parseListBucketResult(xml));
		expect(thrown).toBeInstanceOf(UnreadableAnswer);
		expect(thrown).toMatchObject({ message: expect.stringMatching(message) as string });
	});
});

describe('the body of a refusal', () => {
	it('gives code, message, resource and both ids', () => {
		expect(
			parseErrorBody(
				[
					'<?xml version="1.0" encoding="UTF-8"?>',
					'<Error>',
					'	<Code>NoSuchKey</Code>',
					'	<Message>The specified key does not exist.</Message>',
					'	<Resource>examplebucket-1250000000.cos.ap-chengdu.myqcloud.com/a&amp;b.jpg</Resource>',
					'	<RequestId>NWFjMzQ0MDZfOTBmYTUwXzZkZV8z</RequestId>',
					'	<TraceId>OGVmYzZiMmQzYjA2OWNhODk0</TraceId>',
					'</Error>',
				].join('\n'),
			),
		).toStrictEqual({
			code: 'NoSuchKey',
			message: 'The specified key does not exist.',
			resource: 'examplebucket-1250000000.cos.ap-chengdu.myqcloud.com/a&b.jpg',
			requestId: 'NWFjMzQ0MDZfOTBmYTUwXzZkZV8z',
			traceId: 'OGVmYzZiMmQzYjA2OWNhODk0',
		});
	});

	it('is read the same with line breaks around its texts', () => {
		const nodes = { Code: 'c', Message: 'm', RequestId: 'r', TraceId: 't', Endpoint: 'e' };
		const body = (space: string) =>
			`<Error>${Object.entries(nodes)
				.map(([name, text]) => `<${name}>${space}${text}${space}</${name}>`)
				.join('')}</Error>`;
		expect(parseErrorBody(body('\n\t'))).toStrictEqual(parseErrorBody(body('')));
	});

	it('gives the endpoint of a redirect', () => {
		expect(
			parseErrorBody(
				'<Error><Code>PermanentRedirect</Code><Endpoint> cos.ap-beijing.myqcloud.com </Endpoint></Error>',
			),
		).toStrictEqual({
			code: 'PermanentRedirect',
			message: '',
			endpoint: 'cos.ap-beijing.myqcloud.com',
		});
	});

	it.each(['', 'x', '<html><body>502</body></html>', '<Error/>', '<Error><Code/></Error>', '{}'])(
		'is none in %j',
		(body) => {
			expect(parseErrorBody(body)).toBeUndefined();
		},
	);

	it('is none when the code is only spaces', () => {
		expect(parseErrorBody('<Error><Code>  </Code></Error>')).toBeUndefined();
	});
});

describe('image information', () => {
	it('turns the texts of the service into numbers', () => {
		expect(
			parseImageInfo(
				'{"format":"jpeg","width":"960","height":"540","size":"158421","md5":"x","photo_rgb":"0x736246"}',
			),
		).toStrictEqual({ width: 960, height: 540, format: 'jpeg' });
	});

	it('does without a format, and takes numbers as they are', () => {
		expect(parseImageInfo('{"width":1,"height":2,"format":7,"frame_count":"1"}')).toStrictEqual({
			width: 1,
			height: 2,
		});
	});

	it.each([
		['', /not JSON/],
		['<xml/>', /not JSON/],
		['[]', /not an object/],
		['null', /not an object/],
		['"960x540"', /not an object/],
		['{}', /no width and height/],
		['{"width":"960"}', /no width and height/],
		['{"width":"0","height":"540"}', /no width and height/],
		['{"width":"-1","height":"540"}', /no width and height/],
		['{"width":"wide","height":"540"}', /no width and height/],
		['{"width":"1e999","height":"540"}', /no width and height/],
		['{"width":{"toString":false},"height":"540"}', /no width and height/],
		['{"width":["960"],"height":true}', /no width and height/],
		['{"__proto__":{"width":1,"height":1}}', /no width and height/],
	])('is refused when it is %s', (json, message) => {
		const thrown = thrownBy(() => parseImageInfo(json));
		expect(thrown).toBeInstanceOf(UnreadableAnswer);
		expect(thrown).toMatchObject({ message: expect.stringMatching(message) as string });
	});
});
