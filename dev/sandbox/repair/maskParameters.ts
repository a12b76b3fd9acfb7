import { CosFailure } from '../http/failure';

/** A corner `[x, y]` in pixels of the stored image, from its top left. */
export type Corner = readonly [x: number, y: number];

/** At least three corners, clockwise as seen on screen (y points down). */
export type Polygon = readonly Corner[];

/** The area to repair, as requested. */
export type MaskParameters =
	| { readonly kind: 'automatic' }
	| { readonly kind: 'polygons'; readonly polygons: readonly Polygon[] }
	| { readonly kind: 'url'; readonly url: string };

const MAX_COORDINATE = 50_000;

const invalid = (message: string) => new CosFailure('InvalidArgument', message);

/** Decodes UTF-8 text from URL-safe Base64 (RFC 4648 section 5), with or without padding. */
function decodeBase64(name: string, text: string): string {
	if (/[+/]/.test(text)) {
		throw invalid(`${name} must be URL-safe Base64, with "-" and "_" instead of "+" and "/".`);
	}
	const [, digits = '', padding = ''] = /^([A-Za-z0-9_-]*)(={0,2})$/.exec(text) ?? [];
	const padded = padding === '' || (digits.length + padding.length) % 4 === 0;
	if (digits === '' || digits.length % 4 === 1 || !padded) {
		throw invalid(`${name} is not URL-safe Base64.`);
	}
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(digits, 'base64url'));
	} catch {
		throw invalid(`${name} does not decode to UTF-8 text.`);
	}
}

function readCorner(value: unknown, where: string): Corner {
	const numbers: readonly unknown[] = Array.isArray(value) ? value : [];
	const [x, y, ...more] = numbers;
	if (typeof x !== 'number' || typeof y !== 'number' || more.length > 0) {
		throw invalid(`MaskPoly: ${where} must be [x, y], two numbers.`);
	}
	if (x < 0 || y < 0 || x > MAX_COORDINATE || y > MAX_COORDINATE) {
		throw invalid(`MaskPoly: ${where} [${x}, ${y}] must be between 0 and ${MAX_COORDINATE}.`);
	}
	return [x, y];
}

/** Twice the area; positive if the corners are clockwise with y pointing down. */
function signedArea(polygon: Polygon): number {
	return polygon.reduce((sum, [x, y], index) => {
		const [nextX, nextY] = polygon[(index + 1) % polygon.length] ?? [x, y];
		return sum + x * nextY - nextX * y;
	}, 0);
}

function readPolygon(value: unknown, name: string): Polygon {
	if (!Array.isArray(value) || value.length < 3) {
		throw invalid(`MaskPoly: ${name} must be a list of at least three corners.`);
	}
	const polygon = value.map((corner: unknown, index) =>
		readCorner(corner, `corner ${index + 1} of ${name}`),
	);
	const area = signedArea(polygon);
	if (area === 0) throw invalid(`MaskPoly: ${name} has no area.`);
	if (area < 0) {
		throw invalid(
			`MaskPoly: the corners of ${name} are counter-clockwise. Enter the coordinates of each point ` +
				'of the polygon in clockwise order.',
		);
	}
	return polygon;
}

/** Whether the first entry of a matrix is a corner: then the matrix is one polygon (2-D). */
const isCorner = (value: unknown) => Array.isArray(value) && !Array.isArray(value[0]);

/**
 * Parses the JSON of `MaskPoly`: one polygon (2-D matrix) or several (3-D matrix).
 * @throws CosFailure `InvalidArgument` with the polygon and the corner
 */
function readPolygons(json: string): readonly Polygon[] {
	let value: unknown;
	try {
		value = JSON.parse(json);
	} catch {
		throw invalid('MaskPoly does not decode to JSON.');
	}
	if (!Array.isArray(value) || value.length === 0) {
		throw invalid('MaskPoly must be a 2-D or 3-D matrix of coordinates.');
	}
	const matrices: unknown[] = isCorner(value[0]) ? [value] : value;
	return matrices.map((matrix, index) => readPolygon(matrix, `polygon ${index + 1}`));
}

function readMaskUrl(text: string): string {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
		throw invalid('MaskPic must be the http or https URL of an image.');
	}
	return text;
}

/**
 * Parses `MaskPic` and `MaskPoly`, both sent as URL-safe Base64. If both are given, both must be
 * valid and MaskPic takes precedence. If neither is given, the area is detected.
 * @throws CosFailure `InvalidArgument`
 */
export function readMaskParameters(parameters: ReadonlyMap<string, string>): MaskParameters {
	const maskPic = parameters.get('MaskPic');
	const maskPoly = parameters.get('MaskPoly');
	const polygons =
		maskPoly === undefined ? undefined : readPolygons(decodeBase64('MaskPoly', maskPoly));
	if (maskPic !== undefined) {
		return { kind: 'url', url: readMaskUrl(decodeBase64('MaskPic', maskPic)) };
	}
	return polygons ? { kind: 'polygons', polygons } : { kind: 'automatic' };
}
