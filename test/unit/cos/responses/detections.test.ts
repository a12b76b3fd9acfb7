import { parseLogos, parseTexts } from '../../../../cos/responses/detections';
import { UnreadableResponse } from '../../../../cos/responses/xml';

/** As Tencent's page on OCR shows it (1045/73116), with values of our own. */
const line = (text: string, more = '') => `<TextDetections>
	<DetectedText>${text}</DetectedText><Confidence>99</Confidence>
	<ItemPolygon><X>140</X><Y>167</Y><Width>123</Width><Height>64</Height></ItemPolygon>
	${more}
	<Words><Character>s</Character><Confidence>98</Confidence></Words>
</TextDetections>`;
const response = (lines: string) =>
	`<?xml version="1.0"?><Response><Angel>359.99</Angel><Language>zh</Language><PdfPageSize>0</PdfPageSize>
	<RequestId>a</RequestId>${lines}</Response>`;
const corner = (x: string | number, y: string | number) =>
	`<Polygon><X>${x}</X><Y>${y}</Y></Polygon>`;

describe('a response to OCR', () => {
	test('gives each line with the corners it has in the image', () => {
		const turned = corner(10, 20) + corner(40, 10) + corner(44, 19) + corner(14, 29);
		expect(parseTexts(response(line('shop-a.com', turned) + line(' b ')))).toEqual([
			{
				kind: 'text',
				label: 'shop-a.com',
				confidence: 99,
				corners: [
					[10, 20],
					[40, 10],
					[44, 19],
					[14, 29],
				],
			},
			{
				kind: 'text',
				label: 'b',
				confidence: 99,
				corners: [
					[140, 167],
					[263, 167],
					[263, 231],
					[140, 231],
				],
			},
		]);
	});

	test('may have numbers with spaces, decimals and signs', () => {
		const outside = corner(' -3 ', '-0.5') + corner('20.25', 0) + corner(20, 9) + corner('+0', 9);
		expect(parseTexts(response(line('a', outside)))[0]?.corners).toEqual([
			[-3, -0.5],
			[20.25, 0],
			[20, 9],
			[0, 9],
		]);
	});

	test('without a line says that there is no text', () => {
		expect(parseTexts(response(''))).toEqual([]);
	});

	test('gives hundreds of lines', () => {
		expect(parseTexts(response(line('a').repeat(500)))).toHaveLength(500);
	});

	test.each([
		['an empty document', '<Response/>', 'Response'],
		['another document', '<ListBucketResult/>', 'Response'],
		['no XML', 'nothing', 'XML'],
		['a document that is cut', response(line('a')).slice(0, 200), 'XML'],
		[
			'a line without a place',
			response('<TextDetections><DetectedText>a</DetectedText></TextDetections>'),
			'Polygon',
		],
		['a place that is no number', response(line('a', corner('x', 1).repeat(4))), 'X'],
	])('that is %s cannot be read', (_, xml, part) => {
		expect(() => parseTexts(xml)).toThrow(new UnreadableResponse(part));
	});
});

const logo = (name: string, points: string, score = '<Sorce>99</Sorce>') =>
	`<LogoInfo><Name>${name}</Name>${score}<Location>${points}</Location></LogoInfo>`;
const result = (logos: string, status = '<Status>1</Status>') =>
	`<RecognitionResult>${status}${logos}</RecognitionResult>`;
const point = (text: string) => `<Point>${text}</Point>`;

describe('a response to RecognizeLogo', () => {
	const BOX = [
		[10, 20],
		[40, 20],
		[40, 60],
		[10, 60],
	];

	test('takes two points as opposite corners, and more as an outline', () => {
		const two = logo('a', point('10,20') + point(' 40 , 60 '));
		const four = logo('b', BOX.map((corner) => point(corner.join(','))).join(''));
		expect(parseLogos(result(two + four))).toEqual([
			{ kind: 'logo', label: 'a', confidence: 99, corners: BOX },
			{ kind: 'logo', label: 'b', confidence: 99, corners: BOX },
		]);
	});

	test('may spell the score in another way, or have none', () => {
		const points = point('10,20') + point('40,60');
		const scores = [logo('a', points, '<Score>88.5</Score>'), logo('a', points, '')];
		expect(parseLogos(result(scores.join(''))).map(({ confidence }) => confidence)).toEqual([
			88.5,
			undefined,
		]);
	});

	test('says that there is none', () => {
		expect(parseLogos(result('', '<Status>0</Status>'))).toEqual([]);
	});

	test.each([
		['an empty document', '<RecognitionResult/>', 'Status'],
		['another document', '<Response><Status>0</Status></Response>', 'Status'],
		['a logo that is missing', result(''), 'LogoInfo'],
		['one point', result(logo('a', point('1,2'))), 'Point'],
		['no point', result(logo('a', '')), 'Point'],
		['a point of three', result(logo('a', point('1,2,3') + point('1,2'))), 'Point'],
		['a point that is no number', result(logo('a', point('1,x') + point('1,2'))), 'Point'],
	])('with %s cannot be read', (_, xml, part) => {
		expect(() => parseLogos(xml)).toThrow(new UnreadableResponse(part));
	});
});
