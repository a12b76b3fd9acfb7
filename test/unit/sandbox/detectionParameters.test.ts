import { readOcrParameters } from '../../../dev/sandbox/detect/detectionParameters';
import { codeOf } from './codeOf';

const read = (parameters: Record<string, string>) =>
	readOcrParameters(new Map(Object.entries({ 'ci-process': 'OCR', ...parameters })));

it('reads Chinese and English by default, without single characters', () => {
	expect(read({})).toEqual({ language: 'zh', withCharacters: false });
	expect(read({ type: 'general', 'language-type': 'jap', isword: 'true' })).toEqual({
		language: 'jap',
		withCharacters: true,
	});
	expect(read({ type: 'accurate', isword: 'true' }).withCharacters).toBe(true);
	expect(read({ type: 'fast', ispdf: 'true', 'pdf-pagenumber': '3' }).language).toBe('zh');
});

it.each<[what: string, parameters: Record<string, string>, code: string]>([
	['an unknown type', { type: 'best' }, 'InvalidArgument'],
	['an unknown language', { 'language-type': 'en' }, 'InvalidArgument'],
	['a language with another type', { type: 'fast', 'language-type': 'zh' }, 'InvalidArgument'],
	['characters with another type', { type: 'handwriting', isword: 'true' }, 'InvalidArgument'],
	['a flag that is none', { isword: '1' }, 'InvalidArgument'],
	['a page that is none', { 'pdf-pagenumber': '0' }, 'InvalidArgument'],
	['outlines of words', { 'enable-word-polygon': 'true' }, 'NotImplemented'],
])('refuses %s', (_, parameters, code) => {
	expect(codeOf(() => read(parameters))).toBe(code);
});
