import { CosFailure } from '../http/failure';
import { LOSSY_QUALITY, type ImageFormat } from '../repair/formats';
import { readThumbnail, type Thumbnail } from './thumbnail';

/** A rectangle of the image, in pixels from its top left. */
export interface Cut {
	readonly kind: 'cut';
	readonly left: number;
	readonly top: number;
	readonly width: number;
	readonly height: number;
}

/** What an operation does to the pixels. */
type Shape = Thumbnail | Cut | { readonly kind: 'auto-orient' };

/** One `imageMogr2` of a chain. */
export interface MogrStep {
	readonly shape: Shape | undefined;
	/** whether metadata is removed */
	readonly strip: boolean;
	/** undefined: the format of the source */
	readonly format: ImageFormat | undefined;
	/** of JPG and lossy WebP, 1 to 100 */
	readonly quality: number;
}

const MODULE = 'imageMogr2';
/** "Up to 10 operations" ("Pipeline Operators", 1045/33727). */
const MAX_STEPS = 10;

const FORMATS: ReadonlyMap<string, ImageFormat> = new Map([
	['jpg', 'jpeg'],
	['png', 'png'],
	['webp', 'webp'],
	['gif', 'gif'],
	['bmp', 'bmp'],
]);
/** Formats and operations of the service that the sandbox does not have. */
const OTHER_FORMATS = new Set(['tiff', 'avif', 'heif', 'heic', 'tpg', 'yjpeg', 'svgc', 'apng']);
const OTHER_OPERATIONS = new Set([
	...['crop', 'iradius', 'rradius', 'scrop', 'gravity', 'rotate', 'flip', 'pad', 'size-limit'],
	...[
		'blur',
		'sharpen',
		'bright',
		'contrast',
		'grayscale',
		'interlace',
		'lquality',
		'cgif',
		'egif',
	],
]);
const OTHER_MODULES = new Set([
	'imageView2',
	'watermark',
	'imageSlim',
	'style',
	'exif',
	'imageAve',
]);

const FLAGS = new Set(['auto-orient', 'strip']);
const SHAPES = ['thumbnail', 'cut', 'auto-orient'];
const QUALITIES = ['quality', 'rquality'];

const invalid = (message: string) => new CosFailure('InvalidArgument', `${MODULE}: ${message}`);
const unsupported = (name: string) =>
	new CosFailure('NotImplemented', `${MODULE}: the sandbox does not support "${name}".`);

/** Whether the name of a query parameter is an operation as a whole, such as `imageMogr2/thumbnail/64x64`. */
export const isMogr = (name: string) => new RegExp(`^${MODULE}([/|]|$)`).test(name);

/** The operation of a request. @throws CosFailure `InvalidArgument` if there are several */
export function operationText(query: ReadonlyMap<string, string>): string {
	const [text = '', ...more] = [...query.keys()].filter(isMogr);
	if (more.length > 0) throw invalid('a request has one operation; join several by "|".');
	return text;
}

/** Splits `name/value/flag/name/value`. @throws CosFailure `InvalidArgument` for a name that is given twice */
function splitParameters(parts: readonly string[]): ReadonlyMap<string, string> {
	const parameters = new Map<string, string>();
	const words = parts.values();
	for (const name of words) {
		if (parameters.has(name)) throw invalid(`"${name}" is given twice.`);
		parameters.set(name, FLAGS.has(name) ? '' : (words.next().value ?? ''));
	}
	return parameters;
}

/** @throws CosFailure `InvalidArgument`, `NotImplemented` */
function checkName(name: string): void {
	if ([...SHAPES, ...QUALITIES, 'strip', 'format'].includes(name)) return;
	if (name === 'ignore-error') {
		throw invalid('the sandbox refuses ignore-error, which would hide failures.');
	}
	if (OTHER_OPERATIONS.has(name)) throw unsupported(name);
	throw invalid(`"${name}" is not one of its operations.`);
}

/** At most one of several parameters. @throws CosFailure `InvalidArgument` */
function onlyOne(
	parameters: ReadonlyMap<string, string>,
	names: readonly string[],
): readonly [name: string, value: string] | undefined {
	const [given, ...more] = [...parameters].filter(([name]) => names.includes(name));
	if (more.length === 0) return given;
	// No page says in which order they are done.
	throw invalid(`one operation has one of ${names.join(', ')}; join several operations by "|".`);
}

function readShape(parameters: ReadonlyMap<string, string>): Shape | undefined {
	const [name, value = ''] = onlyOne(parameters, SHAPES) ?? [];
	switch (name) {
		case 'auto-orient':
			return { kind: 'auto-orient' };
		case 'cut':
			return readCut(value);
		case 'thumbnail':
			return readThumbnail(value);
		default:
			return undefined;
	}
}

function readCut(text: string): Cut {
	const numbers = /^(\d{1,6})x(\d{1,6})x(\d{1,6})x(\d{1,6})$/.exec(text)?.slice(1).map(Number);
	const [width = 0, height = 0, left = 0, top = 0] = numbers ?? [];
	if (width > 0 && height > 0) return { kind: 'cut', left, top, width, height };
	throw invalid(`cut must be <width>x<height>x<dx>x<dy> in pixels, not "${text}".`);
}

function readFormat(name: string | undefined): ImageFormat | undefined {
	if (name === undefined) return undefined;
	const format = FORMATS.get(name);
	if (format) return format;
	if (OTHER_FORMATS.has(name)) throw unsupported(`format/${name}`);
	throw invalid(`"${name}" is not a format.`);
}

/** `quality/90` is at most that of the source, `quality/90!` is just that, `rquality/90` is 90 % of it. */
function readQuality(parameters: ReadonlyMap<string, string>): number {
	const [name = '', value = ''] = onlyOne(parameters, QUALITIES) ?? [];
	if (name === '') return LOSSY_QUALITY;
	const [, digits, mark = ''] = /^(\d{1,3})(!?)$/.exec(value) ?? [];
	const number = Number(digits);
	if (digits === undefined || number > 100 || (mark === '!' && name === 'rquality')) {
		throw invalid(`${name} must be a number from 0 to 100, not "${value}".`);
	}
	const asked = name === 'rquality' ? Math.round((LOSSY_QUALITY * number) / 100) : number;
	return Math.max(1, mark === '!' ? asked : Math.min(LOSSY_QUALITY, asked));
}

function readStep(text: string): MogrStep {
	// A slash at the end is allowed: Tencent's own examples have one.
	const [module = '', ...parts] = text.replace(/\/$/, '').split('/');
	if (OTHER_MODULES.has(module)) throw unsupported(module);
	if (module !== MODULE) throw invalid(`each operation begins with ${MODULE}, not "${module}".`);
	const parameters = splitParameters(parts);
	if (parameters.size === 0) throw invalid('it has no operation.');
	for (const name of parameters.keys()) checkName(name);
	return {
		shape: readShape(parameters),
		strip: parameters.has('strip'),
		format: readFormat(parameters.get('format')),
		quality: readQuality(parameters),
	};
}

/**
 * Reads operations that are done one after the other: `imageMogr2/cut/200x80x10x10|imageMogr2/format/bmp`.
 * @throws CosFailure `InvalidArgument` for what the service does not know, or what it is not documented to do;
 * `NotImplemented` for what only the sandbox does not support
 */
export function readMogr(text: string): readonly MogrStep[] {
	const steps = text.split('|');
	if (steps.length > MAX_STEPS) {
		throw invalid(`${steps.length} operations, at most ${MAX_STEPS} are allowed.`);
	}
	const read = steps.map(readStep);
	const isEncodedBefore = steps.slice(0, -1).some((step) => /\/(format|r?quality)\//.test(step));
	if (isEncodedBefore) {
		throw unsupported('format and quality in any operation but the last');
	}
	return read;
}
