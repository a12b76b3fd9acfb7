import type { Point } from '../areas/points';
import { child, children, number, parseXml, text, UnreadableResponse, type XmlNode } from './xml';

/** What a detector has found, and where. */
export interface Detection {
	readonly kind: 'text' | 'logo';
	/** The text of a line, or the name of a logo; '' when the service gives none. */
	readonly label: string;
	/** 0 to 100; undefined when the service gives none. */
	readonly confidence?: number;
	/**
	 * In the pixels of the image that the detector was given, as they are stored, in the order of the outline.
	 * Not rounded; some may lie outside of the image.
	 */
	readonly corners: readonly Point[];
}

const SIGNED = /^\s*[+-]?\d+(?:\.\d+)?\s*$/;

/** @throws UnreadableResponse unless the text is a number, which may be negative */
function coordinate(value: string | undefined, name: string): number {
	if (value === undefined || !SIGNED.test(value)) throw new UnreadableResponse(name);
	return Number(value);
}

/** The corners of a line as they are in the image: a turned line keeps its angle. */
function polygonOf(line: XmlNode): Point[] {
	return children(line, 'Polygon').map((point) => [
		coordinate(text(point, 'X'), 'X'),
		coordinate(text(point, 'Y'), 'Y'),
	]);
}

function boxOf(line: XmlNode): Point[] {
	const box = child(line, 'ItemPolygon');
	if (!box) throw new UnreadableResponse('Polygon');
	const side = (name: string) => coordinate(text(box, name), name);
	const [left, top] = [side('X'), side('Y')];
	return cornersOf([left, top], [left + side('Width'), top + side('Height')]);
}

/** Of an upright rectangle, given two of its corners that lie opposite each other. */
function cornersOf([x1, y1]: Point, [x2, y2]: Point): Point[] {
	return [
		[x1, y1],
		[x2, y1],
		[x2, y2],
		[x1, y2],
	];
}

function detection(
	kind: Detection['kind'],
	label: string | undefined,
	confidence: number | undefined,
	corners: readonly Point[],
): Detection {
	return {
		kind,
		label: label?.trim() ?? '',
		...(confidence !== undefined && { confidence }),
		corners,
	};
}

/**
 * Reads a response to OCR.
 *
 * @returns one for each line of text; none when there is no text in the image
 * @throws UnreadableResponse when it is not what the specification says, or a line has no place
 */
export function parseTexts(xml: string): Detection[] {
	const response = child(parseXml(xml), 'Response');
	// A response without any text still tells how the image is turned, and its own request ID.
	if (!response) throw new UnreadableResponse('Response');
	return children(response, 'TextDetections').map((line) => {
		const polygon = polygonOf(line);
		const corners = polygon.length >= 3 ? polygon : boxOf(line);
		return detection('text', text(line, 'DetectedText'), number(line, 'Confidence'), corners);
	});
}

/** "x,y" in pixels. */
function pointOf(value: unknown): Point {
	const [x, y, more] = typeof value === 'string' ? value.split(',') : [];
	if (more !== undefined) throw new UnreadableResponse('Point');
	return [coordinate(x, 'Point'), coordinate(y, 'Point')];
}

/** How many points there are is not documented: two are opposite corners, and more an outline. */
function outlineOf(logo: XmlNode): Point[] {
	const given = child(logo, 'Location')?.Point;
	const list: unknown[] = Array.isArray(given) ? given : [given];
	const points = list.map(pointOf);
	const [first, second] = points;
	if (!first || !second) throw new UnreadableResponse('Point');
	return points.length === 2 ? cornersOf(first, second) : points;
}

/**
 * Reads a response to RecognizeLogo.
 *
 * @returns one for each logo; none when none is in the image
 * @throws UnreadableResponse when it is not what the specification says, or a logo has no place
 */
export function parseLogos(xml: string): Detection[] {
	const result = child(parseXml(xml), 'RecognitionResult');
	const status = result && number(result, 'Status');
	const logos = result ? children(result, 'LogoInfo') : [];
	if (status === undefined && logos.length === 0) throw new UnreadableResponse('Status');
	if (status !== undefined && status > 0 && logos.length === 0) {
		throw new UnreadableResponse('LogoInfo');
	}
	return logos.map((logo) =>
		// The page has it as "Sorce", which may be a slip of the page or of the service.
		detection(
			'logo',
			text(logo, 'Name'),
			number(logo, 'Sorce') ?? number(logo, 'Score'),
			outlineOf(logo),
		),
	);
}
