import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

import { checkRectangles } from '../../../cos/areas/rectangles';
import {
	checkWanted,
	type LabelFilter,
	type Search,
	type SearchRegion,
} from '../../../cos/detections/search';
import type { Language } from '../../../cos/requests/detection';
import type { Detection } from '../../../cos/responses/detections';
import { LABELS } from '../../shared/messages';
import {
	choiceField,
	oneOf,
	readNumber,
	readSwitch,
	readTexts,
	shownWhen,
	type Get,
} from '../../shared/parameters';
import { rectangleRows, readRectangleRows } from './rectangles';

type TextFilter = Exclude<LabelFilter, 'equals'>;

const textFilter = choiceField<TextFilter>({
	displayName: 'Text',
	name: 'textFilter',
	type: 'options',
	default: 'contains',
	description: 'Which of the lines of text that are found in the image are meant',
	options: [
		{ name: 'Any Text', value: 'any', description: 'Every line of text in the image' },
		{
			name: 'Contains One Of',
			value: 'contains',
			description: 'Lines that contain one of the texts below',
		},
		{
			name: 'Matches a Pattern',
			value: 'matches',
			description: 'Lines that, as a whole, match one of the patterns below',
		},
	],
});

const texts: INodeProperties = {
	displayName: LABELS.texts,
	name: 'texts',
	type: 'string',
	typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Text' },
	default: [],
	placeholder: 'e.g. shop-a.com',
	description:
		'What the watermark says. The whole line that it is in is repaired. In a pattern, * stands for any characters and ? for one: shop-?.com*, for example.',
	displayOptions: { show: { textFilter: ['contains', 'matches'] } },
};

const exactText: INodeProperties = {
	displayName: 'Exact Characters',
	name: 'exactText',
	type: 'boolean',
	default: false,
	description:
		'Whether every character has to be the very same. Otherwise upper and lower case, spaces, full-width characters, and characters that are easily misread count as equal, such as 0 and O, 1, l and I, or rn and m.',
	displayOptions: { show: { textFilter: ['contains', 'matches'] } },
};

const language = choiceField<Language>({
	displayName: 'Language',
	name: 'language',
	type: 'options',
	default: 'zh',
	description: 'The language that the text is read in',
	options: [
		{ name: 'Arabic', value: 'ara' },
		{ name: 'Automatic', value: 'auto' },
		{ name: 'Chinese and English', value: 'zh' },
		{ name: 'Chinese With Rare Characters', value: 'zh_rare' },
		{ name: 'Danish', value: 'dan' },
		{ name: 'Dutch', value: 'hol' },
		{ name: 'Finnish', value: 'fin' },
		{ name: 'French', value: 'fre' },
		{ name: 'German', value: 'ger' },
		{ name: 'Hindi', value: 'hi' },
		{ name: 'Hungarian', value: 'hun' },
		{ name: 'Italian', value: 'ita' },
		{ name: 'Japanese', value: 'jap' },
		{ name: 'Korean', value: 'kor' },
		{ name: 'Malay', value: 'may' },
		{ name: 'Mixed Languages', value: 'mix' },
		{ name: 'Norwegian', value: 'nor' },
		{ name: 'Portuguese', value: 'por' },
		{ name: 'Russian', value: 'rus' },
		{ name: 'Spanish', value: 'spa' },
		{ name: 'Swedish', value: 'swe' },
		{ name: 'Thai', value: 'tha' },
		{ name: 'Vietnamese', value: 'vie' },
	],
});

const logoFilter = choiceField<'any' | 'oneOf'>({
	displayName: 'Logos',
	name: 'logoFilter',
	type: 'options',
	default: 'any',
	description:
		'Which of the logos that are found in the image are meant. The service knows logos of e-commerce platforms.',
	options: [
		{ name: 'Any Logo', value: 'any', description: 'Every logo that the service knows' },
		{ name: 'One Of', value: 'oneOf', description: 'Logos with one of the names below' },
	],
});

const logoNames: INodeProperties = {
	displayName: LABELS.logoNames,
	name: 'logoNames',
	type: 'string',
	typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Name' },
	default: [],
	placeholder: 'e.g. Taobao',
	description:
		'Names as the service gives them: the mode Detect Logos and Text shows them. Upper and lower case do not matter.',
	displayOptions: { show: { logoFilter: ['oneOf'] } },
};

const minConfidence: INodeProperties = {
	displayName: 'Minimum Confidence',
	name: 'minConfidence',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 100 },
	default: 60,
	description:
		'How certain the service has to be of what it has found, from 0 to 100. What it is less certain of is left alone.',
};

const searchIn = choiceField<SearchRegion['kind']>({
	displayName: 'Search In',
	name: 'searchIn',
	type: 'options',
	default: 'image',
	description: 'Where a mark has to be, by its center',
	options: [
		{
			name: 'Border of the Image',
			value: 'border',
			description: 'What is near a side of the image',
		},
		{ name: 'Rectangles', value: 'rectangles', description: 'What is inside of rectangles' },
		{ name: 'Whole Image', value: 'image', description: 'Anywhere' },
	],
});

const searchBorder: INodeProperties = {
	displayName: 'Border (Percent)',
	name: 'searchBorder',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 50 },
	default: 20,
	description:
		'How far the border goes in from each side, in percent of the width at the left and right, and of the height at the top and bottom',
	displayOptions: { show: { searchIn: ['border'] } },
};

const searchRectangles = rectangleRows({
	displayName: LABELS.searchRectangles,
	name: 'searchRectangles',
	description: 'Only what is inside these rectangles is repaired',
	displayOptions: { show: { searchIn: ['rectangles'] } },
});

const ofTexts = [textFilter, texts, exactText, language];
const ofLogos = [logoFilter, logoNames];
const ofBoth = [minConfidence, searchIn, searchBorder, searchRectangles];

/**
 * What is looked for in an image.
 *
 * @param text when text is looked for
 * @param logo when logos are looked for
 * @param either when any of the two is
 */
export function searchFields(
	text: IDisplayOptions,
	logo: IDisplayOptions,
	either: IDisplayOptions,
): INodeProperties[] {
	return [...shownWhen(text, ofTexts), ...shownWhen(logo, ofLogos), ...shownWhen(either, ofBoth)];
}

const lookFor = choiceField<'both' | Detection['kind']>({
	displayName: 'Look For',
	name: 'lookFor',
	type: 'options',
	default: 'both',
	description: 'What to find in the image. Text and logos are a call each.',
	options: [
		{ name: 'Logos', value: 'logo' },
		{ name: 'Logos and Text', value: 'both' },
		{ name: 'Text', value: 'text' },
	],
	displayOptions: { show: { operation: ['detect'] } },
});

/** What Detect Logos and Text asks for. */
export const detectProperties: INodeProperties[] = [
	lookFor,
	...searchFields(
		{ show: { '/operation': ['detect'], lookFor: ['both', 'text'] } },
		{ show: { '/operation': ['detect'], lookFor: ['both', 'logo'] } },
		{ show: { '/operation': ['detect'] } },
	).map((field) => (field.name === textFilter.name ? { ...field, default: 'any' } : field)),
];

/** The searches of Detect Logos and Text, one or two. */
export function readSearches(
	get: Get,
): Array<{ kind: 'text'; search: TextSearch } | { kind: 'logo'; search: Search }> {
	const kind = oneOf(lookFor, get);
	return [
		...(kind === 'logo' ? [] : [{ kind: 'text' as const, search: readTextSearch(get, 'any') }]),
		...(kind === 'text' ? [] : [{ kind: 'logo' as const, search: readLogoSearch(get) }]),
	];
}

function readRegion(get: Get): SearchRegion {
	const kind = oneOf(searchIn, get);
	switch (kind) {
		case 'image':
			return { kind };
		case 'border':
			return { kind, percent: readNumber(searchBorder, get) };
		case 'rectangles': {
			const rows = readRectangleRows(searchRectangles, get);
			return { kind, rectangles: checkRectangles(rows, 'searchRectangles') };
		}
	}
}

function readPlace(get: Get): Pick<Search, 'minConfidence' | 'region'> {
	return { minConfidence: readNumber(minConfidence, get), region: readRegion(get) };
}

/** Text that is looked for. */
export interface TextSearch extends Search {
	readonly language: Language;
}

/**
 * @param usual which lines are meant where nothing is chosen
 * @throws InvalidInput, InvalidParameter that names the field
 */
export function readTextSearch(get: Get, usual: TextFilter = textFilter.default): TextSearch {
	const filter = oneOf({ ...textFilter, default: usual }, get);
	const wanted = { filter, labels: readTexts(texts, get), exact: readSwitch(exactText, get) };
	return {
		wanted: checkWanted(wanted, 'texts'),
		language: oneOf(language, get),
		...readPlace(get),
	};
}

/** @throws InvalidInput, InvalidParameter that names the field */
export function readLogoSearch(get: Get): Search {
	const isAny = oneOf(logoFilter, get) === 'any';
	const filter = isAny ? ('any' as const) : ('equals' as const);
	const wanted = { filter, labels: readTexts(logoNames, get), exact: false };
	return { wanted: checkWanted(wanted, 'logoNames'), ...readPlace(get) };
}
