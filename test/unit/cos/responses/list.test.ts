import { parseListBucketResult, storedAt } from '../../../../cos/responses/list';
import { unreadable } from '../thrown';

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

	it('continues after the last entry in byte order when the service names no marker', () => {
		const unnamed = listing.replace(/<NextMarker>.*<\/NextMarker>/, '<NextMarker/>');
		expect(parseListBucketResult(unnamed).nextMarker).toBe('a b/😀/');
		expect(parseListBucketResult(unnamed.replace('%F0%9F%98%80', '0')).nextMarker).toBe(
			'a b/中+%.jpg',
		);
	});

	it('sorts by bytes to find the last entry: an emoji comes after U+FFFF', () => {
		const contents = ['%F0%9F%98%80', '%EF%BF%BF', 'a'].map(
			(key) => `<Contents><Key>${key}</Key><LastModified>t</LastModified></Contents>`,
		);
		const xml = `<ListBucketResult>${contents.join('')}<IsTruncated>true</IsTruncated></ListBucketResult>`;
		expect(parseListBucketResult(xml).nextMarker).toBe('😀');
	});

	it('is refused when it is truncated without a place to continue', () => {
		const xml = '<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>';
		expect(unreadable(() => parseListBucketResult(xml))).toMatchObject({
			name: 'UnreadableResponse',
			part: 'NextMarker',
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
		['another document', '<Error/>', 'ListBucketResult'],
		[
			'a key that is not percent-encoded',
			'<ListBucketResult><Contents><Key>100%</Key><LastModified>t</LastModified></Contents></ListBucketResult>',
			'Key',
		],
		[
			'an object without a key',
			'<ListBucketResult><Contents><Size>1</Size></Contents></ListBucketResult>',
			'Key',
		],
		[
			'an object without a date',
			'<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>',
			'LastModified',
		],
		[
			'a folder without a name',
			'<ListBucketResult><CommonPrefixes><x/></CommonPrefixes></ListBucketResult>',
			'Prefix',
		],
		[
			'a marker that is not percent-encoded',
			'<ListBucketResult><IsTruncated>true</IsTruncated><NextMarker>%E4%B8</NextMarker></ListBucketResult>',
			'NextMarker',
		],
		['truncated', listing.slice(0, -10), 'XML'],
	])('is refused when it is %s', (_, xml, part) => {
		expect(unreadable(() => parseListBucketResult(xml))).toMatchObject({
			name: 'UnreadableResponse',
			message: part,
			part,
		});
	});
});

describe('the time at which an object was stored', () => {
	const object = { key: 'a', size: 1 };

	it('is read from the listing', () => {
		expect(storedAt({ ...object, lastModified: '2025-09-09T20:02:20.000Z' })).toBe(
			Date.UTC(2025, 8, 9, 20, 2, 20),
		);
	});

	it.each(['yesterday', '', '2025-13-01T00:00:00.000Z'])(
		'is refused when it is invalid, and not taken for the oldest of all: %j',
		(lastModified) => {
			expect(unreadable(() => storedAt({ ...object, lastModified }))).toMatchObject({
				name: 'UnreadableResponse',
				message: 'LastModified',
				part: 'LastModified',
			});
		},
	);
});
