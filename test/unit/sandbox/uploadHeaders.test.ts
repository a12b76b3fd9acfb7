import { checkUploadHeaders } from '../../../dev/sandbox/bucket/uploadHeaders';
import { codeOf } from './codeOf';

const SSE = 'x-cos-server-side-encryption';
const kms = { [SSE]: 'cos/kms' };
const context = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
const tags = (count: number) => Array.from({ length: count }, (_, n) => `t${n}=`).join('&');

test.each([
	{},
	{ 'x-cos-storage-class': 'DEEP_ARCHIVE', 'x-cos-acl': 'bucket-owner-read' },
	{ 'x-cos-meta-taken-by': 'a person', 'x-cos-meta-a': 'x'.repeat(2000) },
	{ 'x-cos-tagging': 'a=b%20c&d=' },
	{ 'x-cos-tagging': tags(10) },
	{ [SSE]: 'AES256' },
	{ ...kms, [`${SSE}-cos-kms-key-id`]: 'id', [`${SSE}-context`]: context({ a: 'b' }) },
])('%j is accepted', (headers) => {
	expect(codeOf(() => checkUploadHeaders(headers))).toBe('accepted');
});

test.each([
	{ 'x-cos-storage-class': 'COLDEST' },
	{ 'x-cos-acl': 'public-read-write' },
	{ 'x-cos-forbid-overwrite': 'yes' },
	{ 'x-cos-meta-a_b': 'x' },
	{ 'x-cos-meta-a': 'x'.repeat(2048) },
	{ 'x-cos-tagging': 'a' },
	{ 'x-cos-tagging': '=b' },
	{ 'x-cos-tagging': 'a=b c' },
	{ 'x-cos-tagging': 'a=%' },
	{ 'x-cos-tagging': 'a=%26' },
	{ 'x-cos-tagging': 'a=b&a=c' },
	{ 'x-cos-tagging': tags(11) },
	{ 'x-cos-tagging': `${'k'.repeat(128)}=` },
	{ 'x-cos-tagging': `a=${'v'.repeat(256)}` },
	{ [SSE]: 'DES' },
	{ [SSE]: 'AES256', [`${SSE}-cos-kms-key-id`]: 'id' },
	{ ...kms, [`${SSE}-context`]: '{"a":"b"}' },
	{ ...kms, [`${SSE}-context`]: context(['a']) },
])('%j is an invalid argument', (headers) => {
	expect(codeOf(() => checkUploadHeaders(headers))).toBe('InvalidArgument');
});

test('keys of the customer are not supported', () => {
	const headers = { [`${SSE}-customer-algorithm`]: 'AES256' };
	expect(codeOf(() => checkUploadHeaders(headers))).toBe('NotImplemented');
});
