import {
	checkInside,
	checkRectangles,
	needsImageSize,
	parsePolygons,
	rectanglesToPolygons,
	type Corner,
	type ImageSize,
	type Polygon,
	type Rectangle,
	type Unit,
} from '../../../cos/areas/areas';
import { checkObjectKey } from '../../../cos/location/endpoint';
import { checkImageUrl, type RepairArea } from '../../../cos/requests/imageRepair';
import { InvalidInput } from '../../../cos/invalidInput';
import { isRecord } from '../../../cos/values';
import { asText, readLocator } from '../item';

/** Where the mask image comes from. */
export type MaskSource =
	| { kind: 'url'; url: string }
	| { kind: 'object'; key: string }
	| { kind: 'binary'; field: string };

/** Area as chosen in the editor, checked as far as it can be without the image. */
export type AreaChoice =
	| { kind: 'automatic' }
	| { kind: 'polygons'; polygons: readonly Polygon[]; maskUrl?: string }
	| { kind: 'rectangles'; rectangles: readonly Rectangle[] }
	| { kind: 'mask'; source: MaskSource };

const CORNERS: readonly Corner[] = ['topLeft', 'topRight', 'bottomLeft', 'bottomRight'];
const UNITS: readonly Unit[] = ['pixels', 'percent'];

function readNumber(value: unknown): number {
	return typeof value === 'string' && value.trim() === '' ? NaN : Number(value);
}

/** An expression can give what the list does not offer; a guess would repair another place. */
function oneOf<T extends string>(known: readonly T[], value: unknown, where: string): T {
	const found = known.find((one) => one === value);
	if (found !== undefined) return found;
	throw new InvalidInput(
		'rectangles',
		`${where} is "${asText(value)}", which is not on the list`,
		`Choose from the list, or let the expression give one of these: ${known.join(', ')}.`,
	);
}

function readRectangle(fields: Record<string, unknown>, index: number): Rectangle {
	const where = `rectangle ${index + 1}`;
	return {
		corner: oneOf(CORNERS, fields.corner, `${where}, Measured From`),
		unit: oneOf(UNITS, fields.unit, `${where}, Unit`),
		horizontalDistance: readNumber(fields.left),
		verticalDistance: readNumber(fields.top),
		width: readNumber(fields.width),
		height: readNumber(fields.height),
	};
}

function readRectangles(collection: unknown): Rectangle[] {
	const rows = isRecord(collection) ? collection.rectangle : undefined;
	return Array.isArray(rows) ? rows.filter(isRecord).map(readRectangle) : [];
}

/** Both at once can only come from an expression or JSON: `{"polygons": …, "maskUrl": …}`. */
function readPolygons(value: unknown): AreaChoice {
	let given = value;
	if (typeof value === 'string' && value.trim() === '') {
		throw new InvalidInput(
			'polygons',
			'is empty',
			'Enter the corners of the logo, for example [[[608,794],[1024,794],[1024,842],[608,842]]], or choose Automatic as Area.',
		);
	}
	if (typeof value === 'string' && value.trim().startsWith('{')) {
		try {
			given = JSON.parse(value);
		} catch {
			// Told by parsePolygons, in the words for every other broken text.
		}
	}
	if (!isRecord(given) || !('polygons' in given)) {
		return { kind: 'polygons', polygons: parsePolygons(given) };
	}
	const polygons = parsePolygons(given.polygons);
	if (given.maskUrl === undefined) return { kind: 'polygons', polygons };
	const maskUrl = asText(given.maskUrl).trim();
	checkImageUrl(maskUrl, 'maskUrl');
	return { kind: 'polygons', polygons, maskUrl };
}

function readMask(get: (name: string) => unknown): MaskSource {
	const source = get('maskSource');
	if (source === 'binary')
		return { kind: 'binary', field: asText(get('maskBinaryPropertyName')).trim() };
	if (source === 'object') {
		const key = readLocator(get('maskObjectKey')).text;
		checkObjectKey(key, 'maskObjectKey');
		return { kind: 'object', key };
	}
	const url = asText(get('maskUrl')).trim();
	checkImageUrl(url, 'maskUrl');
	return { kind: 'url', url };
}

/**
 * Reads Area and the fields under it. Nothing is sent.
 *
 * @param get a field by its name: of the node, or of one row of Additional Results
 * @throws InvalidInput that names the field
 */
export function readAreaChoice(get: (name: string) => unknown): AreaChoice {
	switch (get('area')) {
		case 'polygons':
			return readPolygons(get('polygons'));
		case 'rectangles': {
			const rectangles = readRectangles(get('rectangles'));
			// Finds what is wrong whatever the image's size is, before any call.
			checkRectangles(rectangles);
			return { kind: 'rectangles', rectangles };
		}
		case 'mask':
			return { kind: 'mask', source: readMask(get) };
		default:
			return { kind: 'automatic' };
	}
}

/** What an area may need from the outside. Each is called at most when it is needed. */
export interface AreaHelp {
	/** Size of the image, or undefined where nothing but a check would come of it. */
	size: (needed: boolean) => Promise<ImageSize | undefined>;
	/** An address under which the service can fetch the mask. */
	maskAddress: (source: MaskSource) => Promise<string>;
}

/**
 * Turns the choice into what is sent.
 *
 * @throws InvalidInput when a shape does not fit the image
 */
export async function resolveArea(choice: AreaChoice, help: AreaHelp): Promise<RepairArea> {
	switch (choice.kind) {
		case 'automatic':
			return {};
		case 'mask':
			return { maskUrl: await help.maskAddress(choice.source) };
		case 'polygons': {
			const { polygons, maskUrl } = choice;
			// With a mask besides, the mask wins and the polygons mean nothing.
			const size = maskUrl === undefined ? await help.size(false) : undefined;
			if (size) checkInside(polygons, size);
			return { polygons, ...(maskUrl !== undefined && { maskUrl }) };
		}
		case 'rectangles': {
			const size = await help.size(choice.rectangles.some(needsImageSize));
			return { polygons: rectanglesToPolygons(choice.rectangles, size) };
		}
	}
}
