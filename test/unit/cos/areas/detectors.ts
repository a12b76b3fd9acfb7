import type { ShapeReading } from '../../../../cos/areas/shapes';
import type { Box, ImageSize } from '../../../../cos/areas/points';

type Unit = 'fractions' | 'perMille' | 'percent' | 'pixels';

/** A box as some detector gives it. */
export interface Detector {
	readonly name: string;
	/** What it counts in, as its names tell; undefined where they do not tell it. */
	readonly counts: Unit | undefined;
	/** The edges are in the detector's unit. */
	readonly give: (box: Box) => unknown;
	/** Whether `x`, `y` are a middle, whatever Origin is chosen. */
	readonly reading?: ShapeReading;
}

const extent = ({ left, top, right, bottom }: Box) => ({ w: right - left, h: bottom - top });
const pairs = ({ left, top, right, bottom }: Box): Array<[number, number]> => [
	[left, top],
	[right, top],
	[right, bottom],
	[left, bottom],
];
const points = (box: Box) => pairs(box).map(([x, y]) => ({ x, y }));
const capitals = (box: Box) => pairs(box).map(([X, Y]) => ({ X, Y }));
const aws = (box: Box) => ({
	Left: box.left,
	Top: box.top,
	Width: extent(box).w,
	Height: extent(box).h,
});
const sized = (box: Box) => ({
	x: box.left,
	y: box.top,
	width: extent(box).w,
	height: extent(box).h,
});
const tencent = (box: Box) => ({
	X: box.left,
	Y: box.top,
	Width: extent(box).w,
	Height: extent(box).h,
});
const middle = (box: Box) => ({
	x: (box.left + box.right) / 2,
	y: (box.top + box.bottom) / 2,
	width: extent(box).w,
	height: extent(box).h,
});
const OTHER_BOX: Box = { left: 0, top: 0, right: 3, bottom: 3 };

export const DETECTORS: readonly Detector[] = [
	{
		name: 'Gemini, box_2d with y first',
		counts: 'perMille',
		give: ({ left, top, right, bottom }) => [{ box_2d: [top, left, bottom, right], label: 'logo' }],
	},
	{
		name: 'Qwen-VL, bbox_2d',
		counts: undefined,
		give: ({ left, top, right, bottom }) => [
			{ bbox_2d: [left, top, right, bottom], label: 'logo' },
		],
	},
	{ name: 'AWS, a bare box', counts: 'fractions', give: aws },
	{ name: 'AWS, BoundingBox', counts: 'fractions', give: (box) => ({ BoundingBox: aws(box) }) },
	{
		name: 'AWS Rekognition, labels with instances',
		counts: 'fractions',
		give: (box) => ({
			Labels: [
				{ Name: 'Sky', Confidence: 99, Instances: [], Parents: [], Aliases: [{ Name: 'Air' }] },
				{
					Name: 'Logo',
					Confidence: 98.5,
					Instances: [{ BoundingBox: aws(box), Confidence: 97 }],
					Parents: [{ Name: 'Symbol' }],
				},
			],
			LabelModelVersion: '3.0',
		}),
	},
	{
		name: 'AWS Rekognition, text with its outline besides its box',
		counts: 'fractions',
		give: (box) => ({
			TextDetections: [
				{
					DetectedText: '[SALE]',
					Type: 'LINE',
					Id: 0,
					Geometry: { BoundingBox: aws(OTHER_BOX), Polygon: capitals(box), RotationAngle: 0 },
				},
			],
		}),
	},
	{
		name: 'Google Vision, vertices',
		counts: 'pixels',
		give: (box) => ({
			responses: [
				{
					logoAnnotations: [
						{
							mid: '/m/1',
							description: 'Logo',
							score: 0.9,
							boundingPoly: { vertices: points(box) },
						},
					],
					fullTextAnnotation: { text: '[SALE] {today', pages: [] },
				},
			],
		}),
	},
	{
		name: 'Google Vision, normalizedVertices',
		counts: 'fractions',
		give: (box) => ({
			responses: [
				{
					localizedObjectAnnotations: [
						{ name: 'Logo', boundingPoly: { vertices: [], normalizedVertices: points(box) } },
					],
				},
			],
		}),
	},
	{
		name: 'Azure, boundingPolygon',
		counts: 'pixels',
		give: (box) => ({
			readResult: { blocks: [{ lines: [{ text: 'a', boundingPolygon: points(box), words: [] }] }] },
			metadata: { width: 4000, height: 3000 },
		}),
	},
	{
		name: 'Azure, boundingBox of eight numbers',
		counts: 'pixels',
		give: (box) => ({
			analyzeResult: {
				readResults: [
					{ page: 1, angle: 0, width: 9, height: 9, lines: [{ boundingBox: pairs(box).flat() }] },
				],
			},
		}),
	},
	{
		name: 'Azure, {x, y, w, h}',
		counts: 'pixels',
		give: (box) => ({
			modelVersion: '2023-10-01',
			objectsResult: {
				values: [
					{
						boundingBox: { x: box.left, y: box.top, ...extent(box) },
						tags: [{ name: 'logo', confidence: 0.9 }],
					},
				],
			},
		}),
	},
	{
		name: 'Tencent OCR, Polygon besides ItemPolygon',
		counts: 'pixels',
		give: (box) => ({
			Response: {
				TextDetections: [
					{
						DetectedText: 'a',
						Confidence: 99,
						Polygon: capitals(box),
						ItemPolygon: tencent(OTHER_BOX),
					},
				],
				RequestId: 'x',
			},
		}),
	},
	{
		name: 'Tencent OCR, ItemPolygon',
		counts: 'pixels',
		give: (box) => [{ DetectedText: 'a', ItemPolygon: tencent(box) }],
	},
	{
		name: 'Hugging Face, {xmin, ymin, xmax, ymax}',
		counts: 'pixels',
		give: ({ left, top, right, bottom }) => [
			{ score: 0.9, label: 'logo', box: { xmin: left, ymin: top, xmax: right, ymax: bottom } },
		],
	},
	{
		name: 'the same in other spelling',
		counts: 'pixels',
		give: ({ left, top, right, bottom }) => [
			{ x_min: left, yMin: top, XMax: right, 'y-max': bottom },
		],
	},
	{
		name: 'YOLO, {x1, y1, x2, y2}',
		counts: 'pixels',
		give: ({ left, top, right, bottom }) => [
			{
				name: 'logo',
				class: 0,
				confidence: 0.9,
				box: { x1: left, y1: top, x2: right, y2: bottom },
				segments: { x: [1, 2, 3], y: [1, 2, 3] },
			},
		],
	},
	{
		name: 'YOLO, xyxy',
		counts: 'pixels',
		give: ({ left, top, right, bottom }) => ({ xyxy: [[left, top, right, bottom]] }),
	},
	{
		name: 'YOLO, xyxyn',
		counts: 'fractions',
		give: ({ left, top, right, bottom }) => ({ xyxyn: [left, top, right, bottom] }),
	},
	{
		name: 'Tesseract, {x0, y0, x1, y1}',
		counts: 'pixels',
		give: ({ left, top, right, bottom }) => ({
			text: 'a',
			bbox: { x0: left, y0: top, x1: right, y1: bottom },
		}),
	},
	{
		name: 'four corners in numbered fields',
		counts: 'pixels',
		give: (box) =>
			Object.fromEntries(
				pairs(box).flatMap(([x, y], index) => [
					[`x${index + 1}`, x],
					[`y${index + 1}`, y],
				]),
			),
	},
	{
		name: 'COCO, bbox',
		counts: 'pixels',
		give: (box) => ({
			images: [{ id: 1, width: 640, height: 480 }],
			categories: [{ id: 1, name: 'logo' }],
			annotations: [
				{
					id: 1,
					bbox: [box.left, box.top, extent(box).w, extent(box).h],
					segmentation: [],
					area: 5,
				},
			],
		}),
	},
	{
		name: 'COCO, segmentation',
		counts: 'pixels',
		give: (box) => ({
			annotations: [{ bbox: [1, 2, 3, 4], segmentation: [pairs(box).flat()] }],
		}),
	},
	{
		name: 'Roboflow, with the middle of the box',
		counts: 'pixels',
		give: (box) => ({
			inference_id: 'x',
			image: { width: 4000, height: 3000 },
			predictions: [{ ...middle(box), class: 'logo', class_id: 0, confidence: 0.9 }],
		}),
	},
	{
		name: 'Roboflow, with an outline besides the box',
		counts: 'pixels',
		give: (box) => [{ ...sized(OTHER_BOX), detection_id: 'x', points: points(box) }],
	},
	{
		name: 'a box with its middle, as chosen',
		counts: 'pixels',
		give: (box) => [middle(box)],
		reading: { origin: 'center' },
	},
	{
		name: 'Roboflow from the top left, as chosen',
		counts: 'pixels',
		give: (box) => [{ ...sized(box), class: 'logo', confidence: 0.9 }],
		reading: { origin: 'topLeft' },
	},
	{
		name: 'the output of this node',
		counts: 'pixels',
		give: (box) => [{ kind: 'text', label: 'a', confidence: 99, polygon: pairs(box) }],
	},
	{
		name: 'PaddleOCR, a box of pairs',
		counts: 'pixels',
		give: (box) => [{ box: pairs(box), text: 'a' }],
	},
	{ name: '{x, y, width, height}', counts: 'pixels', give: sized },
	{ name: '{left, top, right, bottom}', counts: 'pixels', give: (box) => [{ ...box }] },
];

const WHOLE: Readonly<Record<Unit, number>> = {
	fractions: 1,
	perMille: 1000,
	percent: 100,
	pixels: 0,
};

/** The edges of a box of pixels in another unit. */
export function inUnit({ left, top, right, bottom }: Box, unit: Unit, size: ImageSize): Box {
	const whole = WHOLE[unit];
	if (unit === 'pixels') return { left, top, right, bottom };
	const across = (value: number) => (value / size.width) * whole;
	const down = (value: number) => (value / size.height) * whole;
	return { left: across(left), top: down(top), right: across(right), bottom: down(bottom) };
}
