import { XMLParser } from 'fast-xml-parser';

import { parseErrorBody } from '../../../../cos/responses/failure';
import { parseListBucketResult } from '../../../../cos/responses/list';
import { parseUploadResult } from '../../../../cos/responses/uploadResult';
import { parseXml, UnreadableResponse } from '../../../../cos/responses/xml';
import { thrownBy, unreadable } from '../thrown';
import { uploadResult } from './documents';

describe('a document type in a response', () => {
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
		for (const parse of [parseXml, parseUploadResult, parseListBucketResult]) {
			expect(unreadable(() => parse(xml))).toMatchObject({
				name: 'UnreadableResponse',
				part: 'XML',
			});
		}
		expect(parseErrorBody(xml)).toBeUndefined();
	});

	it('is refused in every kind of document', () => {
		for (const root of ['UploadResult', 'ListBucketResult', 'Error']) {
			expect(unreadable(() => parseXml(`<!DOCTYPE x><${root}/>`)).part).toBe('XML');
		}
		expect(parseErrorBody('<Error><Code>A</Code></Error>')).toMatchObject({ code: 'A' });
		expect(parseErrorBody('<!DOCTYPE x><Error><Code>A</Code></Error>')).toBeUndefined();
	});

	it('is needed for an entity, which stays plain text without it', () => {
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
					if (thrown !== undefined) expect(thrown).toBeInstanceOf(UnreadableResponse);
				}
			}
			expect('polluted' in {}).toBe(false);
			expect(Object.prototype).not.toHaveProperty('Key');
			expect(Object.prototype).not.toHaveProperty('polluted');
		},
	);

	it('do not stand in for missing nodes', () => {
		expect(parseErrorBody('<Error><Code>A</Code></Error>')).toStrictEqual({
			code: 'A',
			message: '',
		});
		expect(unreadable(() => parseUploadResult('<constructor/>')).part).toBe('XML');
		expect(unreadable(() => parseUploadResult('<toString/>')).part).toBe('UploadResult');
	});
});

describe('a long body', () => {
	const long = 1_000_000;
	let parse: jest.SpyInstance;
	beforeEach(() => {
		parse = jest.spyOn(XMLParser.prototype, 'parse');
	});
	afterEach(() => {
		parse.mockRestore();
	});

	it('of which the rest is white space counts, and the parser does not go through it', () => {
		expect(parseXml(`<a><b>1</b></a>\n${' '.repeat(long)}`)).toEqual({ a: { b: '1' } });
		expect(parse).toHaveBeenCalledWith('<a><b>1</b></a>', true);
	});

	it('that is cut off is refused before the parser goes through it', () => {
		expect(unreadable(() => parseXml(`<a><b>${'1'.repeat(long)}`)).part).toBe('XML');
		expect(parse).not.toHaveBeenCalled();
	});

	it.each(['<a/> x', '<a/> <b', '<a/><a/', ' ', ''])('%j is no document', (xml) => {
		expect(unreadable(() => parseXml(xml)).part).toBe('XML');
	});
});
