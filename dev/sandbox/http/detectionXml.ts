import type { Corners, DetectionChange, Finds, FoundLogo, FoundText, Point } from './found';
import { writeXml, type XmlTree } from './xml';

type NumberStyle = NonNullable<DetectionChange['numbers']>;

function numberText(value: number, style: NumberStyle): string {
	switch (style) {
		case 'whole':
			return String(Math.round(value));
		case 'decimal':
			return value.toFixed(2);
		case 'spaced':
			return ` ${Math.round(value)} `;
	}
}

/** Degrees clockwise by which a text is turned, 0 to 360. */
function angleOf([[left, top], [right, bottom]]: Corners): number {
	return ((Math.atan2(bottom - top, right - left) * 180) / Math.PI + 360) % 360;
}

const distance = ([x0, y0]: Point, [x1, y1]: Point) => Math.hypot(x1 - x0, y1 - y0);

/**
 * The box of a text in the image after it was turned upright. How the service turns it is not documented: here
 * around the middle of the image, until this text is upright, on a canvas that holds all of it.
 */
function uprightBox({ corners }: FoundText, { width, height }: Finds<FoundText>) {
	const [[x, y], topRight, , bottomLeft] = corners;
	const radians = (-angleOf(corners) * Math.PI) / 180;
	const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
	const canvas = {
		width: Math.abs(width * cos) + Math.abs(height * sin),
		height: Math.abs(width * sin) + Math.abs(height * cos),
	};
	const [dx, dy] = [x - width / 2, y - height / 2];
	return {
		x: canvas.width / 2 + dx * cos - dy * sin,
		y: canvas.height / 2 + dx * sin + dy * cos,
		width: distance([x, y], topRight),
		height: distance([x, y], bottomLeft),
	};
}

/** What an `<OCR>` document says beside the texts. */
interface OcrDetails {
	readonly requestId: string;
	/** `language-type` */
	readonly language: string;
	readonly withCharacters: boolean;
}

/** The document of `ci-process=OCR`, with one `TextDetections` for each line of text. */
export function ocrXml(
	finds: Finds<FoundText>,
	{ requestId, language, withCharacters }: OcrDetails,
	{ numbers = 'whole', empty = false }: DetectionChange,
): string {
	if (empty) return writeXml({ Response: '' });
	const write = (value: number) => numberText(value, numbers);
	const pointXml = ([x, y]: Point): XmlTree => ({ X: write(x), Y: write(y) });
	const textXml = (found: FoundText): XmlTree => {
		const box = uprightBox(found, finds);
		const characters = withCharacters ? (found.characters ?? []) : [];
		return {
			DetectedText: found.text,
			Confidence: write(found.confidence),
			ItemPolygon: {
				...{ X: write(box.x), Y: write(box.y) },
				...{ Width: write(box.width), Height: write(box.height) },
			},
			Polygon: found.corners.map(pointXml),
			...(characters.length > 0 && {
				Words: characters.map(({ text, confidence, corners }) => ({
					Character: text,
					Confidence: write(confidence),
					WordCoordPoint: { WordCoordinate: corners.map(pointXml) },
				})),
			}),
		};
	};
	const [first] = finds.found;
	return writeXml({
		Response: {
			// [sic]
			Angel: (first ? angleOf(first.corners) : 0).toFixed(2),
			Language: language,
			PdfPageSize: 0,
			RequestId: requestId,
			...(finds.found.length > 0 && { TextDetections: finds.found.map(textXml) }),
		},
	});
}

/** The document of `ci-process=RecognizeLogo`, with one `LogoInfo` for each logo. */
export function logosXml(
	found: readonly FoundLogo[],
	{ numbers = 'whole', points = 2, empty = false }: DetectionChange,
): string {
	if (empty) return writeXml({ RecognitionResult: '' });
	const write = (value: number) => numberText(value, numbers);
	const logoXml = ({ name, score, corners: [first, second, third, fourth] }: FoundLogo) => ({
		Name: name,
		// [sic]
		Sorce: write(score),
		Location: {
			Point: (points === 2 ? [first, third] : [first, second, third, fourth]).map(
				([x, y]) => `${write(x)},${write(y)}`,
			),
		},
	});
	return writeXml({
		RecognitionResult: {
			Status: found.length > 0 ? 1 : 0,
			...(found.length > 0 && { LogoInfo: found.map(logoXml) }),
		},
	});
}
