import { CosFailure } from '../http/failure';

/** What the service reads, as the pages list it. */
const TYPES = ['general', 'accurate', 'efficient', 'fast', 'handwriting'] as const;

/** `zh` is Chinese and English, and the default; the others are read together with English. */
const LANGUAGES = [
	...['zh', 'zh_rare', 'auto', 'mix', 'jap', 'kor', 'spa', 'fre', 'ger', 'por', 'vie', 'may'],
	...['rus', 'ita', 'hol', 'swe', 'fin', 'dan', 'nor', 'hun', 'tha', 'hi', 'ara'],
] as const;

/** The parameters of `ci-process=OCR`, for each the values of `type` that it goes with. */
const GOES_WITH: Readonly<Record<string, readonly string[]>> = {
	'language-type': ['general'],
	ispdf: ['general', 'fast'],
	'pdf-pagenumber': ['general', 'fast'],
	isword: ['general', 'accurate'],
	'enable-word-polygon': ['general'],
};

/** Of both detectors. */
export const LOGO_PARAMETERS = ['ci-process', 'detect-url'] as const;
export const OCR_PARAMETERS = [...LOGO_PARAMETERS, 'type', ...Object.keys(GOES_WITH)];

/** What a request asks of `ci-process=OCR`, as far as the sandbox tells it apart. */
export interface OcrParameters {
	/** `language-type` */
	readonly language: string;
	/** whether each character has a place of its own */
	readonly withCharacters: boolean;
}

const invalid = (name: string, value: string, allowed: string) =>
	new CosFailure('InvalidArgument', `${name} must be ${allowed}, not "${value}".`);

function readFlag(name: string, query: ReadonlyMap<string, string>): boolean {
	const value = query.get(name) ?? 'false';
	if (value !== 'true' && value !== 'false') throw invalid(name, value, 'true or false');
	return value === 'true';
}

/**
 * Reads the parameters of `ci-process=OCR` (1045/73116).
 * @throws CosFailure `InvalidArgument`; `NotImplemented` for what only the sandbox does not do
 */
export function readOcrParameters(query: ReadonlyMap<string, string>): OcrParameters {
	const type = query.get('type') ?? 'general';
	if (!TYPES.some((known) => known === type)) throw invalid('type', type, TYPES.join(', '));
	for (const [name, types] of Object.entries(GOES_WITH)) {
		// The pages say of each which types it is for, not whether others ignore or refuse it.
		if (!query.has(name) || types.includes(type)) continue;
		throw new CosFailure('InvalidArgument', `${name} goes with the type ${types.join(' or ')}.`);
	}
	const language = query.get('language-type') ?? 'zh';
	if (!LANGUAGES.some((known) => known === language)) {
		throw invalid('language-type', language, LANGUAGES.join(', '));
	}
	const page = query.get('pdf-pagenumber') ?? '1';
	if (!/^[1-9]\d*$/.test(page)) throw invalid('pdf-pagenumber', page, 'a whole number from 1');
	readFlag('ispdf', query);
	if (readFlag('enable-word-polygon', query)) {
		throw new CosFailure('NotImplemented', 'The sandbox does not tell the outlines of words.');
	}
	return { language, withCharacters: readFlag('isword', query) };
}
