import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

import type { BucketLocation } from '../../cos/location/endpoint';
import { checkPath } from '../../cos/location/enteredKey';
import { keyPrefix, objectKey } from '../../cos/location/objectKey';
import { keyOfFileid } from '../../cos/location/resultKey';
import { isInRange, type ListRange } from '../../cos/requests/list';
import { formatOfFileName, REPAIRABLE_FORMATS } from '../../cos/images/format';
import { dateFolder, datePlaceholder, type DateFolder, type Day } from './dateFolder';
import { InvalidParameter } from './invalidParameter';
import { LABELS } from './messages';
import { readLocator, readSwitch, readTexts, shownWhen, someOf, type Get } from './parameters';
import { DEFAULT_RESULT_KEY, fillResultKey } from './resultKey';
import { resultKeyMatcher } from './resultKeyMatch';

const FOLDER_MODES = ['list', 'path', 'prefix'] as const;

const WHOLE_BUCKET = 'A single / means the whole bucket';
const BEGINNING = 'What the paths of the images begin with, which need not be a whole folder';
const DATES =
	'{yyyy}, {MM} and {dd} stand for year, month and day of today, in the time zone of the workflow (its settings)';

/** The part of the bucket that images are taken from. */
const folder = {
	displayName: 'Folder',
	name: 'folder',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'Where the images are in the bucket of the credential',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchFolders', searchable: true },
		},
		{
			displayName: 'By Path',
			name: 'path',
			type: 'string',
			placeholder: 'e.g. photos/2025',
			hint: WHOLE_BUCKET,
		},
		{
			displayName: 'By Prefix',
			name: 'prefix',
			type: 'string',
			placeholder: 'e.g. photos/2025-',
			hint: BEGINNING,
		},
	],
} satisfies INodeProperties;

/** As the trigger has it: with a date, a poll lists a day. */
const datedFolder: INodeProperties = {
	...folder,
	modes: folder.modes.map((mode) =>
		'hint' in mode ? { ...mode, hint: `${mode.hint}. ${DATES}.` } : mode,
	),
};

const includeSubfolders: INodeProperties = {
	displayName: 'Include Subfolders',
	name: 'includeSubfolders',
	type: 'boolean',
	default: true,
	description: 'Whether to include images in subfolders',
};

const fileTypes = {
	displayName: 'File Types',
	name: 'fileTypes',
	type: 'multiOptions',
	default: [],
	description:
		'Which images to take, by the extension of their key, upper or lower case. Without a choice, all that the service can repair.',
	options: REPAIRABLE_FORMATS.map(({ name, mimeType: value, extensions }) => ({
		name,
		value,
		description: extensions.map((extension) => `.${extension}`).join(', '),
	})).sort((a, b) => a.name.localeCompare(b.name)),
} satisfies INodeProperties;

const ignoreRepaired: INodeProperties = {
	displayName: 'Ignore Repaired Images',
	name: 'ignoreRepaired',
	type: 'boolean',
	default: true,
	description:
		'Whether to leave out images whose names match Result Keys to Ignore, so that results are not repaired and billed again',
};

const resultKeys: INodeProperties = {
	displayName: LABELS.ignoredResultKeys,
	name: 'resultKeys',
	type: 'string',
	typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Result Key' },
	default: [DEFAULT_RESULT_KEY],
	placeholder: 'e.g. {name}-repaired{extension}',
	description:
		'The Result Key of each Tencent Image Repair node that stores images here: an image is left out when its name matches this pattern',
	displayOptions: { show: { ignoreRepaired: [true] } },
};

const onlyWithoutResult: INodeProperties = {
	displayName: 'Only Without Result',
	name: 'onlyWithoutResult',
	type: 'boolean',
	default: false,
	description:
		'Whether to leave out images that have all their results, each stored after the image. The lists of the folder and of the results are compared, without a request for each image.',
};

const soughtResultKeys: INodeProperties = {
	displayName: LABELS.soughtResultKeys,
	name: 'soughtResultKeys',
	type: 'string',
	typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Result Key' },
	default: [DEFAULT_RESULT_KEY],
	placeholder: 'e.g. /cleaned/{name}{extension}',
	description:
		'The Result Key of the Tencent Image Repair node that repairs these images, and those of its Additional Results: an image is left out when all of them are there. Images whose names match one are results, and left out too.',
	displayOptions: { show: { onlyWithoutResult: [true] } },
};

/** An image that a result key is tried on. */
const EXAMPLE = 'folder/image.jpg';

/** How many images to give out; whoever gives them out adds when the field is shown. */
export const limit: INodeProperties = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	typeOptions: { minValue: 1, numberPrecision: 0 },
	default: 50,
	description: 'Max number of results to return',
};

/**
 * Folder and filters of the trigger and of Get Many Images.
 *
 * @param display when the fields are shown at all
 * @param hasDates whether Folder can hold a date
 */
export function imageFilterFields(
	display: IDisplayOptions = {},
	hasDates = false,
): INodeProperties[] {
	const place = hasDates ? datedFolder : folder;
	return shownWhen(display, [place, includeSubfolders, fileTypes, ignoreRepaired, resultKeys]);
}

/** Fields of Get Many Images: what has a result is left out. */
export function soughtFields(display: IDisplayOptions): INodeProperties[] {
	return shownWhen(display, [onlyWithoutResult, soughtResultKeys]);
}

/** Which images of the bucket are meant, as chosen in the editor. */
export interface ImageFilter extends ListRange {
	/** Of a folder for each date; its prefix holds placeholders then. */
	dates?: DateFolder;
	/** Whether an object is one of them, by its key. */
	isWanted: (object: { key: string }) => boolean;
	/** Whether it is left out for its type, whatever else speaks against it. */
	isOtherType: (object: { key: string }) => boolean;
	/** Whether not all types are wanted that can be repaired. */
	hasTypes: boolean;
}

/**
 * Whether an object is an image of a wanted type, by the extension of its key.
 *
 * @param types MIME types; none means all that can be repaired
 */
export function isImageOf(types: readonly string[], key: string): boolean {
	const format = formatOfFileName(key);
	if (!format || !REPAIRABLE_FORMATS.includes(format)) return false;
	return types.length === 0 || types.includes(format.mimeType);
}

/** Recognizes results by their keys. */
type Matcher = (key: string) => boolean;

function readResultKeys(get: Get, location: BucketLocation): Matcher[] {
	const templates = readTexts(resultKeys, get);
	// An empty list would ignore nothing, so it is refused like an empty key.
	return (templates.length === 0 ? [''] : templates).map((template) => {
		checkPath(template, location, 'ignoredResultKeys');
		return resultKeyMatcher(template);
	});
}

/** Where results are looked for, by their keys. */
export interface Sought {
	/** Of one result each: an image has all of them. */
	templates: readonly string[];
	isResult: Matcher;
}

/**
 * Reads Result Keys to Look For. Nothing is sent.
 *
 * @returns undefined unless only images without a result are wanted
 * @throws InvalidInput, InvalidParameter that names the field
 */
export function readSought(get: Get, location: BucketLocation): Sought | undefined {
	if (!readSwitch(onlyWithoutResult, get)) return undefined;
	const field = 'soughtResultKeys';
	const given = readTexts(soughtResultKeys, get);
	const templates = [...new Set(given.length === 0 ? [''] : given)];
	const matchers = templates.map((template) => {
		checkPath(template, location, field);
		const matcher = resultKeyMatcher(template, LABELS[field], onlyWithoutResult.displayName);
		// Under such a key no result can be, so that all images would be repaired again.
		objectKey(keyOfFileid(fillResultKey(template, EXAMPLE), EXAMPLE), field);
		return matcher;
	});
	return { templates, isResult: (key) => matchers.some((fits) => fits(key)) };
}

/**
 * Reads Folder and the filters under it. Nothing is sent.
 *
 * @param more.isResult recognizes results besides those to ignore
 * @param more.hasDates whether Folder can hold a date
 * @throws InvalidInput, InvalidParameter that names the field
 */
export function readImageFilter(
	get: Get,
	location: BucketLocation,
	{ isResult, hasDates = false }: { isResult?: Matcher; hasDates?: boolean } = {},
): ImageFilter {
	const { mode, text } = readLocator(folder, get, 'path', FOLDER_MODES);
	if (mode !== 'list') checkPath(text, location, 'folder');
	const prefix = keyPrefix(text, mode === 'prefix');
	// A folder of the list has the name that it has.
	const placeholder = mode === 'list' ? undefined : datePlaceholder(prefix);
	if (placeholder !== undefined && !hasDates) {
		throw new InvalidParameter(LABELS.folder, 'dateInList', { placeholder });
	}
	const types = someOf(fileTypes, get);
	const ignored = readSwitch(ignoreRepaired, get) ? readResultKeys(get, location) : [];
	const matchers = isResult ? [...ignored, isResult] : ignored;
	return {
		prefix,
		...(placeholder !== undefined && { dates: dateFolder(prefix) }),
		includeSubfolders: readSwitch(includeSubfolders, get),
		isWanted: ({ key }) => isImageOf(types, key) && !matchers.some((fits) => fits(key)),
		isOtherType: ({ key }) => !isImageOf(types, key),
		hasTypes: types.length > 0,
	};
}

/** The filter for the folder of one day. */
export function filterOn({ dates, ...filter }: ImageFilter, day: Day): ImageFilter {
	return dates ? { ...filter, prefix: dates.prefixOn(day) } : filter;
}

/**
 * Whether an object with this key would be found: by its folder, on whatever day, its file type, and as no
 * result.
 */
export function findsKey(filter: ImageFilter, key: string): boolean {
	const { dates, includeSubfolders, isWanted } = filter;
	if (!dates) return isInRange(filter, key) && isWanted({ key });
	const rest = dates.restOf(key);
	return rest !== undefined && (includeSubfolders || !rest.includes('/')) && isWanted({ key });
}
