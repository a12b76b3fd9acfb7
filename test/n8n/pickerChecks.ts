import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { INodeParameters } from 'n8n-workflow';
import sharp from 'sharp';
import { encodeImage } from '../../dev/demo/image';
import { loadScenes } from '../../dev/demo/scenes';
import { NODE_TYPE } from '../../dev/packageNames';
import { PAGE_FILE } from '../../picker/buildPage';
import { fitView, toScreen } from '../../picker/geometry/view';
import { specimens } from '../corpus/corpus';
import { Endings } from '../../dev/playground/childProcess';
import { byKey, NODE, openScene, type Scene } from '../engine/bucketAndEngine';
import { changedPixels, encodeMarked, paintMarked, type MarkedImage } from './markedImage';
import { openChromium, openFirefox, type PickerBrowser } from './pickerBrowser';
import { PickerPage } from './pickerPage';
import type { Report } from './report';

type Point = readonly [number, number];

const imagesFolder = join(__dirname, '../../docs/images');
const SIZE = { width: 320, height: 214 };

/** The magenta shapes, which the user has to draw around. */
const WORD: readonly Point[] = [
	[211, 171],
	[305, 171],
	[305, 199],
	[211, 199],
];
const BADGE: readonly Point[] = [
	[20, 24],
	[51, 24],
	[51, 52],
	[20, 52],
];
const SEAL: readonly Point[] = [
	[121, 61],
	[167, 47],
	[198, 83],
	[171, 122],
	[129, 104],
];

const RECTANGLES = paintMarked(SIZE.width, SIZE.height, [WORD, BADGE]);
const ALL_SHAPES = paintMarked(SIZE.width, SIZE.height, [WORD, BADGE, SEAL]);

const CORNERS = ['Top Left', 'Top Right', 'Bottom Left', 'Bottom Right'].map(
	(name) => `${name} Corner`,
);
const UNITS: Readonly<Record<string, string>> = {
	'Percent of the Image': 'percent',
	Pixels: 'pixels',
};
const KEYS_OF_CORNERS: Readonly<Record<string, string>> = {
	'Nearest Corner': 'nearest',
	'Top Left Corner': 'topLeft',
	'Top Right Corner': 'topRight',
	'Bottom Left Corner': 'bottomLeft',
	'Bottom Right Corner': 'bottomRight',
};

const fileOf = (buffer: Buffer, name: string, mimeType = 'image/png') => ({
	name,
	mimeType,
	buffer,
});

let stored = 0;

/** Stores an image in the bucket, which the checks in both browsers share. @returns its key */
async function store(scene: Scene, image: Buffer): Promise<string> {
	const key = `picker/${++stored}`;
	await scene.sandbox.putObject(key, image, 'image/png');
	return key;
}

/** Repairs an image with the node in n8n's engine. */
async function repair(scene: Scene, image: Buffer, area: INodeParameters): Promise<Buffer> {
	const source = await store(scene, image);
	const result = await scene.run({
		operation: 'download',
		...area,
		objectKey: byKey(source),
	});
	assert.equal(result.error?.message, undefined);
	const binary = result.output(NODE)[0]?.binary?.data;
	assert.ok(binary);
	return await scene.engine.readBinary(binary);
}

/** Asserts that all marked pixels are repaired, and no others. */
async function assertRepaired(
	scene: Scene,
	image: MarkedImage,
	area: INodeParameters,
): Promise<void> {
	const file = await encodeMarked(image, 'png');
	const changed = await changedPixels(image, await repair(scene, file, area));
	assert.ok(image.marked.size > 1000);
	assert.deepEqual(
		[...changed].filter((pixel) => !image.marked.has(pixel)),
		[],
		'Pixels outside the drawn shapes have changed.',
	);
	assert.equal(changed.size, image.marked.size, 'Pixels inside the drawn shapes have not changed.');
}

/** The parameters of the node after a user has typed the rows into it. */
const parametersFrom = (rows: ReadonlyArray<Record<string, string>>): INodeParameters => ({
	area: 'rectangles',
	rectangles: {
		rectangle: rows.map(({ corner = '', unit = '', left, top, width, height }) => ({
			corner: KEYS_OF_CORNERS[corner] ?? '',
			unit: UNITS[unit] ?? '',
			left: Number(left),
			top: Number(top),
			width: Number(width),
			height: Number(height),
		})),
	},
});

async function openMarked(
	browser: PickerBrowser,
	address: string,
	image: MarkedImage,
): Promise<PickerPage> {
	const picker = await PickerPage.open(browser, address);
	await picker.openImage(fileOf(await encodeMarked(image, 'png'), 'marked.png'), SIZE);
	return picker;
}

async function checkRectangles(
	browser: PickerBrowser,
	address: string,
	scene: Scene,
): Promise<void> {
	const picker = await openMarked(browser, address, RECTANGLES);
	await picker.drawRectangle([211, 171], [305, 199]);
	// From the lower right to the upper left.
	await picker.drawRectangle([51, 52], [20, 24]);
	assert.deepEqual(await picker.polygons(), [WORD, BADGE]);
	for (const unit of Object.keys(UNITS)) {
		for (const from of ['Nearest Corner', ...CORNERS]) {
			await picker.tab('Rectangles');
			await picker.measure(from, unit);
			const rows = await picker.rows();
			assert.equal(rows.length, 2);
			if (from !== 'Nearest Corner') assert.ok(rows.every(({ corner }) => corner === from));
			else
				assert.deepEqual(
					rows.map(({ corner }) => corner),
					['Bottom Right Corner', 'Top Left Corner'],
				);
			assert.ok(rows.every((row) => row.unit === unit));
			await assertRepaired(scene, RECTANGLES, parametersFrom(rows));
		}
	}
	await picker.close();
}

async function checkPolygonsAndMask(
	browser: PickerBrowser,
	address: string,
	scene: Scene,
): Promise<void> {
	const picker = await openMarked(browser, address, ALL_SHAPES);
	await picker.drawRectangle([211, 171], [305, 199]);
	await picker.drawRectangle([20, 24], [51, 52]);
	await picker.drawPolygon(SEAL);

	const polygons = await picker.copied('Polygons');
	await assertRepaired(scene, ALL_SHAPES, { area: 'polygons', polygons });

	const mask = await picker.mask();
	assert.equal(mask.name, 'marked-mask.png');
	const maskKey = await store(scene, mask.bytes);
	await assertRepaired(scene, ALL_SHAPES, {
		area: 'mask',
		maskSource: 'object',
		maskObjectKey: byKey(maskKey),
	});
	await picker.close();
}

interface Snippet {
	nodes: Array<{ name: string; type: string; typeVersion: number; parameters: INodeParameters }>;
	connections: object;
}

/** Asserts that the copied node repairs the marked pixels once an image is chosen. */
async function assertSnippetRepairs(
	scene: Scene,
	text: string,
	image: MarkedImage,
	area: string,
): Promise<void> {
	const { nodes, connections } = JSON.parse(text) as Snippet;
	const [node] = nodes;
	assert.ok(node);
	assert.deepEqual(connections, {});
	assert.equal(node.type, NODE_TYPE);
	assert.equal('credentials' in node, false);
	assert.equal(node.parameters.area, area);
	await assertRepaired(scene, image, node.parameters);
}

async function checkSnippet(browser: PickerBrowser, address: string, scene: Scene): Promise<void> {
	const picker = await openMarked(browser, address, RECTANGLES);
	await picker.drawRectangle([211, 171], [305, 199]);
	await picker.drawRectangle([20, 24], [51, 52]);
	await assertSnippetRepairs(scene, await picker.copied('Node'), RECTANGLES, 'rectangles');
	await picker.openImage(fileOf(await encodeMarked(ALL_SHAPES, 'png'), 'all.png'), SIZE);
	await picker.drawPolygon(SEAL);
	await assertSnippetRepairs(scene, await picker.copied('Node'), ALL_SHAPES, 'polygons');
	await picker.close();
}

const cornersOfBox = (left: number, top: number, right: number, bottom: number) => [
	[left, top],
	[right, top],
	[right, bottom],
	[left, bottom],
];

async function checkEditing(browser: PickerBrowser, address: string): Promise<void> {
	const picker = await openMarked(browser, address, ALL_SHAPES);
	await picker.drawRectangle([30, 30], [80, 70]);
	await picker.drag([80, 70], [90, 100]);
	assert.deepEqual(await picker.polygons(), [cornersOfBox(30, 30, 90, 100)]);
	await picker.drag([60, 60], [70, 50]);
	assert.deepEqual(await picker.polygons(), [cornersOfBox(40, 20, 100, 90)]);
	// Near the corner of the image, so that it snaps to it.
	await picker.drag([60, 60], [22, 42]);
	assert.deepEqual(await picker.polygons(), [cornersOfBox(0, 0, 60, 70)]);
	await picker.page.getByRole('button', { name: 'Snap to the bottom right corner' }).click();
	assert.deepEqual(await picker.polygons(), [cornersOfBox(260, 144, 320, 214)]);

	await picker.drawPolygon(SEAL);
	// The middle of the first side.
	await picker.drag([144, 54], [140, 20]);
	assert.deepEqual((await picker.polygons())[1], [SEAL[0], [140, 20], ...SEAL.slice(1)]);
	await picker.stage.focus();
	await picker.press('Delete');
	assert.deepEqual((await picker.polygons())[1], SEAL);
	await picker.page.getByRole('button', { name: 'Delete Rectangle 1' }).click();
	assert.deepEqual(await picker.polygons(), [SEAL]);
	const undo = picker.page.getByRole('button', { name: 'Undo', exact: true });
	for (let steps = 0; (await undo.isEnabled()) && steps < 20; steps++) await undo.click();
	await picker.page.getByText('Nothing drawn yet').waitFor();
	const redo = picker.page.getByRole('button', { name: 'Redo', exact: true });
	for (let steps = 0; (await redo.isEnabled()) && steps < 20; steps++) await redo.click();
	assert.deepEqual(await picker.polygons(), [SEAL]);

	const x = picker.page.getByLabel('x of corner 3 of Polygon 1 in pixels');
	await picker.page
		.getByRole('button', { name: /^Polygon 1/ })
		.last()
		.click();
	await picker.enter(x, '240');
	assert.deepEqual((await picker.polygons())[0]?.[2], [240, 83]);
	await picker.enter(x, '100000');
	assert.equal(await x.inputValue(), '320');
	await picker.close();
}

async function checkToolStays(browser: PickerBrowser, address: string): Promise<void> {
	const picker = await openMarked(browser, address, ALL_SHAPES);
	const isChosen = async (name: string) =>
		await picker.page
			.getByRole('toolbar')
			.getByRole('button', { name, exact: true })
			.getAttribute('aria-pressed');
	await picker.tool('Rectangle');
	await picker.drag([30, 30], [80, 70]);
	await picker.drag([120, 30], [170, 70]);
	await picker.drag([30, 130], [80, 170]);
	const three = [
		cornersOfBox(30, 30, 80, 70),
		cornersOfBox(120, 30, 170, 70),
		cornersOfBox(30, 130, 80, 170),
	];
	assert.deepEqual(await picker.polygons(), three);
	assert.equal(await isChosen('Rectangle'), 'true');
	// The last one is selected: a drag moves it. A click selects another one, which can be moved then.
	await picker.drag([55, 150], [75, 140]);
	await picker.page.mouse.click(...(await picker.at([145, 50])));
	await picker.drag([145, 50], [195, 60]);
	assert.deepEqual(await picker.polygons(), [
		three[0],
		cornersOfBox(170, 40, 220, 80),
		cornersOfBox(50, 120, 100, 160),
	]);
	// On a shape that is not selected, the tool draws.
	await picker.drag([60, 130], [90, 150]);
	assert.deepEqual((await picker.polygons())[3], cornersOfBox(60, 130, 90, 150));

	await picker.tool('Polygon');
	const triangle = (x: number): Point[] => [
		[x, 180],
		[x + 40, 180],
		[x + 20, 205],
	];
	for (const corner of [
		...triangle(130),
		[130, 180] as const,
		...triangle(230),
		[230, 180] as const,
	]) {
		await picker.page.mouse.click(...(await picker.at(corner)));
	}
	assert.deepEqual((await picker.polygons()).slice(4), [triangle(130), triangle(230)]);
	assert.equal(await isChosen('Polygon'), 'true');
	// The first corner of a polygon may lie on the selected one: a click places it, a drag moves the shape.
	await picker.drag([250, 188], [260, 178]);
	assert.deepEqual((await picker.polygons())[5]?.[0], [240, 170]);
	await picker.page.mouse.click(...(await picker.at([260, 176])));
	await picker.page.mouse.click(...(await picker.at([300, 120])));
	await picker.page.mouse.dblclick(...(await picker.at([260, 120])));
	assert.deepEqual((await picker.polygons())[6], [
		[260, 176],
		[260, 120],
		[300, 120],
	]);
	await picker.close();
}

const KEY_WORDS =
	/\b(?:ctrl|cmd|keys?|keyboard|escape|enter|shift|alt|space|arrow|click|mouse|wheel)\b|\([A-Z?]\)|^Delete\t/i;

/** All that the page says: what is read, hovered and announced. */
async function wordsOf(picker: PickerPage): Promise<string> {
	return await picker.page.evaluate<string>(`[
		document.body.innerText,
		...[...document.querySelectorAll('*')].flatMap((element) =>
			['title', 'aria-label', 'placeholder'].map((name) => element.getAttribute(name) ?? '')),
		...[...document.querySelectorAll('[aria-keyshortcuts]')].map(() => 'has a key'),
	].join('\\n')`);
}

async function checkWordsOfPhone(browser: PickerBrowser, address: string): Promise<void> {
	for (const isPhone of [true, false]) {
		const picker = await PickerPage.open(browser, address, { isPhone });
		const found: string[] = [];
		const read = async () => {
			// "enter these values" is no key.
			const text = (await wordsOf(picker)).replace(/ and enter these values/, '');
			found.push(...text.split('\n').filter((line) => KEY_WORDS.test(line)));
		};
		await read();
		await picker.openImage(fileOf(await encodeMarked(ALL_SHAPES, 'png'), 'marked.png'), SIZE);
		await read();
		await picker.drawRectangle([20, 24], [51, 52]);
		for (const tab of ['Node', 'Rectangles', 'Polygons', 'Mask'] as const) {
			await picker.tab(tab);
			await read();
		}
		await picker.page.getByRole('button', { name: 'Help' }).click();
		await picker.page.getByRole('dialog').waitFor();
		await read();
		await picker.page.getByRole('button', { name: 'Close' }).click();
		await picker.pasteCoordinates('{"nodes":[]}');
		await read();
		if (isPhone) assert.deepEqual(found, []);
		else
			for (const word of [/Ctrl\+V/, /Select \(V\)/, /Help \(\?\)/, /^Delete\t/, /^has a key/])
				assert.match(found.join('\n'), new RegExp(word, 'm'));
		await picker.close();
	}
}

/** A rectangle whose edges are no round percentages. */
async function checkRounding(browser: PickerBrowser, address: string): Promise<void> {
	const picker = await openMarked(browser, address, ALL_SHAPES);
	await picker.drawRectangle([211, 171], [305, 199]);
	// 65.9375, 79.9065, 29.375 and 13.0841 percent of 320 × 214 pixels; both edges are rounded.
	const expected = { left: '65.9', top: '79.9', width: '29.4', height: '13.1' };
	const shown = await picker.page.locator('.box-fields .percent').allInnerTexts();
	assert.deepEqual(
		shown,
		Object.values(expected).map((number) => `${number}%`),
	);
	await picker.tab('Rectangles');
	await picker.measure('Top Left Corner', 'Percent of the Image');
	const [row = {}] = await picker.rows();
	assert.deepEqual(
		{ left: row.left, top: row.top, width: row.width, height: row.height },
		expected,
	);
	const { rectangle } = JSON.parse(await picker.copied('Rectangles')) as {
		rectangle: Array<Record<string, unknown>>;
	};
	for (const [name, value] of Object.entries(expected)) {
		assert.equal(String(rectangle[0]?.[name]), value);
	}
	assert.match(
		(await picker.page
			.getByRole('button', { name: /^Top left corner of/ })
			.getAttribute('aria-label')) ?? '',
		/65\.9 and 79\.9 percent/,
	);
	// The status line tells the corner that a press would place, which snaps to the rectangle.
	await picker.tool('Rectangle');
	await picker.page.mouse.move(...(await picker.at([210, 170])));
	const status = await picker.page.locator('.status-position').innerText();
	assert.match(status, /x 211 +y 171 px +65\.9% +79\.9%/);
	await picker.drag([210, 170], [100, 100]);
	assert.deepEqual((await picker.polygons())[1], cornersOfBox(100, 100, 211, 171));
	await picker.close();
}

async function checkPolygonAdvice(browser: PickerBrowser, address: string): Promise<void> {
	const picker = await openMarked(browser, address, ALL_SHAPES);
	const output = picker.page.getByRole('tabpanel');
	await picker.drawPolygon(SEAL);
	await picker.tab('Rectangles');
	assert.equal(
		await output.innerText(),
		'A polygon has no values for Rectangles. Use Node, Polygons or Mask.',
	);
	for (const tab of ['Node', 'Polygons'] as const) {
		await picker.tab(tab);
		const text = await output.innerText();
		assert.match(text, /Polygons count pixels, so they fit images of 320 × 214 pixels\./);
		assert.doesNotMatch(text, /percent|Measured From/i);
	}
	assert.doesNotMatch(await picker.page.locator('.entry-body').innerText(), /%/);
	await picker.drawRectangle([20, 24], [51, 52]);
	await picker.tab('Node');
	assert.match(await output.innerText(), /all areas as polygons, the rectangles too/);
	await picker.tab('Rectangles');
	assert.match(await output.innerText(), /One polygon is missing here/);
	await picker.pasteCoordinates('[[[0,0],[400,0],[400,20]]]');
	const alert = picker.page.getByRole('dialog').getByRole('alert');
	assert.match(
		await alert.innerText(),
		/Move the polygon so that it lies inside the image\. Polygons count pixels/,
	);
	await picker.close();
}

const times = (count: number, key: string) => Array.from({ length: count }, () => key);

async function checkKeyboard(browser: PickerBrowser, address: string): Promise<void> {
	const picker = await openMarked(browser, address, RECTANGLES);
	// The first arrow key shows the cross in the middle of the image, at 160, 107.
	await picker.press('ArrowLeft', ...times(14, 'Shift+ArrowLeft'), ...times(8, 'Shift+ArrowUp'));
	await picker.press(...times(3, 'ArrowUp'));
	assert.match(await picker.announcement(), /Crosshair at x 20, y 24 pixels, 6.3 and 11.2 percent/);
	await picker.press('Enter', ...times(3, 'Shift+ArrowRight'), 'ArrowRight');
	await picker.press(...times(3, 'Shift+ArrowDown'), ...times(2, 'ArrowUp'), 'Enter');
	assert.match(await picker.announcement(), /Rectangle 1: left 20, top 24, 31 by 28 pixels/);

	await picker.press('p', 'ArrowUp', 'Enter', ...times(2, 'Shift+ArrowRight'), 'Enter');
	await picker.press(...times(2, 'Shift+ArrowDown'), 'Enter', 'Backspace', 'Enter', 'Enter');
	assert.match(
		await picker.announcement(),
		/Polygon 2: left 160, top 107, 20 by 20 pixels, 3 corners/,
	);

	// Tab moves through the shapes, and through the corners of the selected shape.
	await picker.stage.focus();
	await picker.press('Tab');
	assert.match(await picker.announcement(), /^Rectangle 1/);
	await picker.press('Tab', 'Tab', 'Tab');
	assert.match(await picker.announcement(), /Bottom right corner of Rectangle 1: x 51, y 52/);
	await picker.press('ArrowRight', 'Shift+ArrowDown');
	assert.match(await picker.announcement(), /Bottom right corner of Rectangle 1: x 52, y 62/);
	await picker.press('Tab', 'Tab', 'ArrowDown');
	assert.match(await picker.announcement(), /^Polygon 2: left 160, top 108/);
	await picker.press('Control+z', 'Control+z', 'Control+z');
	await picker.press('Control+Shift+z');
	const zoom = picker.page.getByLabel('Zoom', { exact: true });
	const whole = await zoom.innerText();
	await picker.press('+');
	assert.notEqual(await zoom.innerText(), whole);
	await picker.press('0');
	assert.equal(await zoom.innerText(), whole);
	await picker.press('?');
	await picker.page.getByRole('dialog', { name: 'How to draw' }).waitFor();
	await picker.press('Escape');
	await picker.page.getByRole('dialog').waitFor({ state: 'hidden' });
	assert.deepEqual(await picker.polygons(), [
		BADGE,
		[
			[160, 107],
			[180, 107],
			[180, 127],
		],
	]);
	await picker.press('ArrowRight');
	await picker.page.getByRole('tab', { name: 'Mask', selected: true }).waitFor();
	await picker.close();
}

async function checkTouch(browser: PickerBrowser, address: string): Promise<void> {
	const picker = await PickerPage.open(browser, address, { isPhone: true });
	await picker.openImage(fileOf(await encodeMarked(RECTANGLES, 'png'), 'marked.png'), SIZE);
	const { page } = picker;
	const place = await picker.stage.boundingBox();
	await picker.touch([100, 100]);
	await picker.touch([120, 120]);
	// The line with the position must not push the image away under the finger.
	assert.deepEqual(await picker.stage.boundingBox(), place);
	await picker.touch([200, 150]);
	await picker.touch();
	const width = page.getByLabel('Width of Rectangle 1 in pixels');
	assert.ok(Math.abs(Number(await width.inputValue()) - 100) <= 1);
	const drawn = await picker.polygons();
	await page.evaluate('scrollTo(0, 0)');

	// Two fingers zoom in and draw nothing, whatever the tool.
	await picker.tool('Rectangle');
	const zoom = page.getByLabel('Zoom', { exact: true });
	const before = parseInt(await zoom.innerText());
	await picker.touch([140, 100]);
	await picker.touch([120, 100]);
	await picker.touch([120, 100], [180, 100]);
	await picker.touch([90, 100], [210, 100]);
	await picker.touch();
	const ratio = parseInt(await zoom.innerText()) / before;
	assert.ok(ratio > 1.8 && ratio < 2.2, `Two fingers twice as far apart zoomed ${ratio} times.`);
	assert.deepEqual(await picker.polygons(), drawn);
	assert.ok(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'));
	await picker.close();
}

async function checkPaste(browser: PickerBrowser, address: string): Promise<void> {
	const picker = await openMarked(browser, address, ALL_SHAPES);
	const alert = picker.page.getByRole('dialog').getByRole('alert');
	await picker.pasteCoordinates('[[[1,2],[3,4]]');
	assert.match(await alert.innerText(), /: a "\]" is missing at the end/);
	await picker.press('Escape');
	await picker.pasteCoordinates('[[[0,0],[400,0],[400,20]]]');
	assert.match(await alert.innerText(), /outside the image of 320 × 214 pixels/);
	await picker.press('Escape');
	await picker.pasteCoordinates(JSON.stringify([WORD, SEAL]));
	assert.deepEqual(await picker.polygons(), [WORD, SEAL]);
	const node = await picker.copied('Node');
	await picker.page.getByRole('button', { name: 'Delete Polygon 2' }).click();
	assert.deepEqual(await picker.polygons(), [WORD]);
	const rows = await picker.copied('Rectangles');
	await picker.pasteCoordinates(node);
	assert.deepEqual(await picker.polygons(), [WORD, SEAL]);
	await picker.pasteCoordinates(rows);
	assert.deepEqual(await picker.polygons(), [WORD]);
	await picker.close();
}

/** What models and detectors answer, as people paste it. */
async function checkDetections(browser: PickerBrowser, address: string): Promise<void> {
	const picker = await openMarked(browser, address, ALL_SHAPES);
	const { page } = picker;
	const alert = page.getByRole('dialog').getByRole('alert');
	const answer =
		'One logo:\n```json\n[{"box_2d": [112, 62, 243, 160], "label": "badge"}]\n```\nOK?';
	await picker.pasteCoordinates(answer);
	assert.deepEqual(await picker.polygons(), [BADGE]);
	assert.deepEqual(await picker.listed(), ['Rectangle 1 badge']);

	// Copied from the output panel of Detect Logos and Text.
	const areas = [
		{ kind: 'text', label: 'shop-a.com', confidence: 99, polygon: WORD },
		{ kind: 'logo', label: 'Seal', polygon: SEAL },
	];
	await picker.pasteCoordinates(JSON.stringify([{ key: 'a.png', bucket: 'b', ...SIZE, areas }]));
	assert.deepEqual(await picker.polygons(), [WORD, SEAL]);
	assert.deepEqual(await picker.listed(), ['Rectangle 1 shop-a.com · 99', 'Polygon 2 Seal']);
	const numbers = page.locator('.overlay .shape-number');
	assert.deepEqual(await numbers.allTextContents(), ['1 shop-a.com · 99', '2 Seal']);
	await page.getByRole('button', { name: /^Rectangle 1 shop-a\.com · 99: left 211/ }).waitFor();
	assert.doesNotMatch(await picker.copied('Node'), /shop-a/);

	// Two versions of one model count in two units: the page asks, and reads again with the answer.
	const unclear = '[{"bbox_2d": [62, 112, 160, 243], "label": "badge"}]';
	await picker.pasteCoordinates(unclear);
	assert.match(await alert.innerText(), /Coordinates/);
	await picker.chooseReading('Coordinates', 'Per Mille (0–1000)');
	await alert.waitFor({ state: 'hidden' });
	await page.getByRole('status').getByText('1 area found').waitFor();
	await picker.chooseReading('Coordinates', 'Fractions (0–1)');
	assert.notEqual(await alert.innerText(), '');
	await picker.chooseReading('Coordinates', 'Per Mille (0–1000)');
	await page.getByRole('button', { name: 'Show', exact: true }).click();
	assert.deepEqual(await picker.polygons(), [BADGE]);

	const around = '{"x": 100, "y": 60, "width": 40, "height": 20}';
	await picker.pasteCoordinates(around);
	assert.deepEqual(await picker.polygons(), [cornersOfBox(100, 60, 140, 80)]);
	await page.getByRole('button', { name: 'Paste coordinates' }).click();
	await page.getByRole('dialog').getByRole('textbox').fill(around);
	await picker.chooseReading('Position of Boxes', 'Center');
	await page.getByRole('button', { name: 'Show', exact: true }).click();
	assert.deepEqual(await picker.polygons(), [cornersOfBox(80, 50, 120, 70)]);
	assert.deepEqual(picker.errors, []);
	await picker.close();
}

/** The marked shapes without their margin, as a detector would give them. */
const inner = (corners: readonly Point[], margin: number): Point[] => {
	const [[left, top] = [0, 0], , [right, bottom] = [0, 0]] = corners;
	const [x1, y1, x2, y2] = [left + margin, top + margin, right - margin, bottom - margin];
	return [
		[x1, y1],
		[x2, y1],
		[x2, y2],
		[x1, y2],
	];
};

async function checkGrowth(browser: PickerBrowser, address: string, scene: Scene): Promise<void> {
	const picker = await openMarked(browser, address, RECTANGLES);
	const { page } = picker;
	const drawn = [inner(WORD, 5), inner(BADGE, 5)];
	await picker.pasteCoordinates(JSON.stringify(drawn));
	assert.equal(await page.locator('.grown').count(), 0);
	assert.doesNotMatch(await picker.copied('Node'), /grow/);
	// Rows and corners stay as they are drawn; only the mask has nobody else to grow it.
	await picker.grow('5', 'Pixels');
	assert.equal(await page.locator('.grown').count(), 2);
	assert.deepEqual(await picker.polygons(), drawn);
	const note = 'Set Grow Area to 5 and Grow By to Pixels in the node, too.';
	await page.getByText(note).waitFor();
	await picker.tab('Rectangles');
	await page.getByText(note).waitFor();
	const mask = await picker.mask();
	const maskKey = await store(scene, mask.bytes);
	await assertRepaired(scene, RECTANGLES, {
		area: 'mask',
		maskSource: 'object',
		maskObjectKey: byKey(maskKey),
	});
	const rectangles = await picker.copied('Node');
	await assertSnippetRepairs(scene, rectangles, RECTANGLES, 'rectangles');
	// 5 of 214 pixels.
	await picker.grow('2.34', 'Percent of the Shorter Side');
	await assertSnippetRepairs(scene, await picker.copied('Node'), RECTANGLES, 'rectangles');

	// As polygons: the corner is no part of the drawing, and lies in the grown area of the badge.
	await picker.drawPolygon([
		[25, 29],
		[40, 29],
		[25, 40],
	]);
	const polygons = await picker.copied('Node');
	await assertSnippetRepairs(scene, polygons, RECTANGLES, 'polygons');
	await picker.grow('0', 'Pixels');
	await picker.pasteCoordinates(rectangles);
	assert.equal(await page.getByLabel('Grow Area').inputValue(), '5');
	assert.equal(await page.getByLabel('Grow By').inputValue(), 'pixels');
	assert.deepEqual(await picker.polygons(), drawn);
	await picker.pasteCoordinates(polygons);
	assert.equal(await page.getByLabel('Grow Area').inputValue(), '2.34');
	// What is no number does not grow, and nothing grows inwards.
	await picker.grow('3', 'Pixels');
	assert.equal(await page.locator('.grown').count(), 3);
	await picker.press('Home', '-');
	assert.equal(await page.locator('.grown').count(), 0);
	assert.equal(await page.getByLabel('Grow Area').inputValue(), '0');
	assert.deepEqual(picker.errors, []);
	await picker.close();
}

async function checkCrossing(browser: PickerBrowser, address: string): Promise<void> {
	const picker = await openMarked(browser, address, ALL_SHAPES);
	await picker.drawPolygon([
		[40, 40],
		[100, 40],
		[100, 100],
		[40, 100],
	]);
	await picker.drag([100, 100], [60, 20]);
	const status = picker.page.getByRole('status').filter({ hasText: 'crosses itself' });
	assert.match(
		await status.innerText(),
		/^Polygon 1 crosses itself.*\. Drag one of these corners so that no sides meet/,
	);
	assert.equal(await picker.page.getByRole('tablist').count(), 0);
	await picker.press('Control+z');
	await status.waitFor({ state: 'hidden' });
	assert.equal((await picker.polygons()).length, 1);
	await picker.close();
}

/** The image as other programs show it, and where its marked pixels are seen. */
async function shownByOthers(file: Buffer): Promise<{
	readonly size: { readonly width: number; readonly height: number };
	readonly isMarked: (x: number, y: number) => boolean;
}> {
	const { data, info } = await sharp(file)
		.autoOrient()
		.removeAlpha()
		.raw()
		.toBuffer({ resolveWithObject: true });
	const isMarked = (x: number, y: number) => {
		const at = (y * info.width + x) * 3;
		return (data[at] ?? 0) > 200 && (data[at + 1] ?? 0) < 60 && (data[at + 2] ?? 0) > 200;
	};
	return { size: { width: info.width, height: info.height }, isMarked };
}

/** Asserts that the page shows the image as other programs do, at a grid of its pixels. */
async function assertUpright(picker: PickerPage, file: Buffer): Promise<void> {
	const { size, isMarked } = await shownByOthers(file);
	const stage = await picker.stage.boundingBox();
	assert.ok(stage);
	const screenshot = sharp(await picker.page.screenshot()).removeAlpha();
	const { data, info } = await screenshot.raw().toBuffer({ resolveWithObject: true });
	const view = fitView({ ...size, orientation: 1 }, stage);
	let marked = 0;
	for (let y = 5; y < size.height; y += 10) {
		for (let x = 5; x < size.width; x += 10) {
			// Not beside an edge, where colours blend.
			const around = [-2, 2].flatMap((dx) => [-2, 2].map((dy) => isMarked(x + dx, y + dy)));
			if (new Set(around).size > 1) continue;
			const [left, top] = toScreen([x + 0.5, y + 0.5], view);
			const at = (Math.floor(stage.y + top) * info.width + Math.floor(stage.x + left)) * 3;
			const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3);
			const isSeen = red > 200 && green < 60 && blue > 200;
			assert.equal(isSeen, isMarked(x, y), `${x}, ${y}: ${red}, ${green}, ${blue}`);
			if (isSeen) marked++;
		}
	}
	assert.ok(marked > 10);
}

/** The arrow keys, the numbers and the buttons move the selected badge to where they say. */
async function assertMovesAsSeen(picker: PickerPage): Promise<void> {
	const { page } = picker;
	const badge = page.getByRole('button', { name: /^Rectangle 2: / });
	const place = async () => {
		const box = await badge.boundingBox();
		assert.ok(box);
		return [box.x, box.y] as const;
	};
	await picker.stage.focus();
	const before = await place();
	await picker.press('Shift+ArrowRight', 'Shift+ArrowDown', 'Shift+ArrowDown');
	const after = await place();
	assert.ok(after[0] > before[0] + 8 && after[1] > before[1] + 2 * (after[0] - before[0]) - 2);
	await picker.press('Control+z');
	assert.deepEqual(await picker.polygons(), [WORD, BADGE]);
	for (const [name, x, y] of [
		['↖', -1, -1],
		['↗', 1, -1],
		['↙', -1, 1],
		['↘', 1, 1],
	] as const) {
		await page.getByRole('button').filter({ hasText: name }).click();
		const stage = await picker.stage.boundingBox();
		const box = await badge.boundingBox();
		assert.ok(stage && box);
		const [fromMiddleX, fromMiddleY] = [
			box.x + box.width / 2 - stage.x - stage.width / 2,
			box.y + box.height / 2 - stage.y - stage.height / 2,
		];
		assert.ok(
			fromMiddleX * x > 50 && fromMiddleY * y > 50,
			`${name}: ${fromMiddleX}, ${fromMiddleY}`,
		);
	}
	// Typed as the node counts it.
	for (const [field, value] of [
		['Left', '20'],
		['Top', '24'],
	] as const) {
		await picker.enter(page.getByLabel(`${field} of Rectangle 2 in pixels`), value);
	}
	assert.deepEqual(await picker.polygons(), [WORD, BADGE]);
	await picker.pasteCoordinates(JSON.stringify([WORD, BADGE]));
	assert.deepEqual(await picker.polygons(), [WORD, BADGE]);
}

/** A phone photo. The page shows it upright; the page, the node and the sandbox count the stored pixels. */
async function checkOrientation(
	browser: PickerBrowser,
	address: string,
	scene: Scene,
	format: 'png' | 'jpeg',
	orientation: number,
): Promise<void> {
	const file = await encodeMarked(RECTANGLES, format, orientation);
	assert.equal((await sharp(file).metadata()).orientation, orientation);
	const picker = await PickerPage.open(browser, address);
	await picker.openImage(fileOf(file, `turned.${format}`, `image/${format}`), SIZE, orientation);
	const note = await picker.page.locator('[data-orientation]').innerText();
	assert.match(note, new RegExp(`EXIF orientation ${orientation}`));
	await assertUpright(picker, file);
	// Drawn around what is seen.
	await picker.drawRectangle([211, 171], [305, 199]);
	await picker.drawRectangle([20, 24], [51, 52]);
	assert.deepEqual(await picker.polygons(), [WORD, BADGE]);
	await assertMovesAsSeen(picker);
	await picker.tab('Rectangles');
	// From this corner and in percent, the pixels depend on the size that the service reports.
	await picker.measure('Bottom Right Corner', 'Percent of the Image');
	const repaired = await repair(scene, file, parametersFrom(await picker.rows()));
	assert.equal((await sharp(repaired).metadata()).orientation, orientation);
	const changed = await changedPixels(RECTANGLES, repaired, format === 'png' ? 0 : 60);
	assert.deepEqual([...changed].sort(), [...RECTANGLES.marked].sort());
	await picker.close();
}

const LARGE = { width: 8660, height: 5774 };

async function paintLarge(width: number, height: number): Promise<Buffer> {
	const small = paintMarked(433, 289, [SEAL]);
	return await sharp(small.data, { raw: { width: 433, height: 289, channels: 3 } })
		.resize(width, height, { fit: 'fill' })
		.jpeg({ quality: 90 })
		.toBuffer();
}

/** Milliseconds between frames while the image is zoomed and moved. */
async function frames(picker: PickerPage): Promise<number[]> {
	const { page } = picker;
	await picker.tool('Select');
	await page.evaluate(`(() => {
		const times = (window.frameTimes = []);
		const next = (time) => {
			times.push(time);
			window.frameRequest = requestAnimationFrame(next);
		};
		window.frameRequest = requestAnimationFrame(next);
	})()`);
	const box = await picker.stage.boundingBox();
	assert.ok(box);
	const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
	await page.mouse.move(x, y);
	for (const direction of [-1, 1]) {
		for (let turn = 0; turn < 30; turn++) await page.mouse.wheel(0, direction * 100);
		await page.mouse.down();
		for (let step = 1; step <= 30; step++) await page.mouse.move(x + step * 8, y + step * 3);
		await page.mouse.up();
		await page.mouse.move(x, y);
	}
	return await page.evaluate<number[]>(`(() => {
		cancelAnimationFrame(window.frameRequest);
		return window.frameTimes.slice(1).map((time, index) => time - window.frameTimes[index]);
	})()`);
}

const percent = (share: number) => `${(share * 100).toFixed(0)} %`;

/** The share of frames that are slower than 60 per second, and the time of the slowest. */
function pace(times: readonly number[]): string {
	const late = times.filter((time) => time > 17.5).length / times.length;
	const longest = Math.max(...times) / (1000 / 60);
	return `${percent(late)} of ${times.length} frames late, the slowest took ${longest.toFixed(1)} times as long as at 60 per second`;
}

async function checkLarge(browser: PickerBrowser, address: string, report: Report): Promise<void> {
	const file = fileOf(await paintLarge(LARGE.width, LARGE.height), 'large.jpg', 'image/jpeg');
	const small = { width: 1200, height: 800 };
	const smallFile = fileOf(await paintLarge(small.width, small.height), 'small.jpg', 'image/jpeg');
	const picker = await PickerPage.open(browser, address);
	await picker.openImage(smallFile, small);
	const ofSmall = await frames(picker);
	await picker.page.getByRole('button', { name: 'Show the whole image' }).click();
	await picker.openImage(file, LARGE);
	const ofLarge = await frames(picker);
	await picker.page.getByRole('button', { name: 'Show the whole image' }).click();
	report.note(`zoom and pan of 50 megapixels: ${pace(ofLarge)}; of 1 megapixel: ${pace(ofSmall)}`);
	await picker.drawRectangle([1000, 1000], [3000, 2000]);
	const [corners = []] = await picker.polygons();
	const [[left, top] = [0, 0], , [right, bottom] = [0, 0]] = corners;
	assert.ok(Math.abs(left - 1000) < 12 && Math.abs(bottom - 2000) < 12);
	const { bytes } = await picker.mask();
	const { data, info } = await sharp(bytes)
		.toColourspace('b-w')
		.raw()
		.toBuffer({ resolveWithObject: true });
	assert.deepEqual([info.width, info.height], [LARGE.width, LARGE.height]);
	let white = 0;
	for (const value of data) if (value === 255) white++;
	assert.equal(white, (right - left) * (bottom - top));
	assert.deepEqual(picker.errors, []);
	await picker.close();
}

async function checkFromDisk(browser: PickerBrowser): Promise<void> {
	const picker = await PickerPage.open(browser, pathToFileURL(PAGE_FILE).href);
	const { page } = picker;
	await page.getByRole('button', { name: 'Try a sample' }).click();
	await picker.stage.waitFor();
	await picker.openImage(fileOf(await encodeMarked(RECTANGLES, 'png'), 'marked.png'), SIZE);
	await picker.drawRectangle([20, 24], [51, 52]);
	assert.deepEqual(JSON.parse(await picker.copied('Polygons')), [BADGE]);
	const text = page.getByRole('button', { name: 'Download', exact: true });
	const { name, bytes } = await picker.downloadOf(() => text.click());
	assert.equal(name, 'marked-polygons.json');
	assert.deepEqual(JSON.parse(bytes.toString('utf8')), [BADGE]);
	await picker.mask();
	assert.deepEqual(picker.errors, []);
	const forbidden = await page.evaluate<string>(`new Promise((resolve) => {
		addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
			resolve(effectiveDirective + ' ' + blockedURI));
		fetch('http://127.0.0.1:9/').catch(() => {});
	})`);
	assert.match(forbidden, /^connect-src http:\/\/127\.0\.0\.1:9\b/);
	assert.deepEqual(picker.requests, []);
	await picker.close();
}

async function checkUnreadable(browser: PickerBrowser, address: string): Promise<void> {
	const picker = await PickerPage.open(browser, address);
	const notice = picker.page.getByRole('alert');
	const text = fileOf(Buffer.from('not an image'), 'notes.heic', 'image/heic');
	await picker.page.locator('input[type=file]').setInputFiles(text);
	await notice.getByText('This browser cannot show notes.heic. Use a JPG').waitFor();
	const whole = await encodeMarked(ALL_SHAPES, 'jpeg');
	const damaged = Buffer.from(whole).fill(0, 4);
	await picker.drop(fileOf(damaged, 'damaged.jpg', 'image/jpeg'));
	await notice.getByText('cannot show damaged.jpg: the JPG file is damaged').waitFor();
	await picker.page.getByRole('heading', { name: 'Where is the logo?' }).waitFor();
	assert.deepEqual(picker.errors, []);
	await picker.close();
}

/** Formats that the node may get, but browsers may not show. */
async function checkForeignFormats(browser: PickerBrowser, address: string): Promise<void> {
	const picker = await PickerPage.open(browser, address);
	const notice = picker.page.getByRole('alert');
	const { data, ...size } = ALL_SHAPES;
	const image = sharp(data, { raw: { width: size.width, height: size.height, channels: 3 } });
	const heic = (await specimens()).find(({ name }) => name === 'HEIC');
	assert.ok(heic);
	// As a phone names it. Some systems know the type of these files, and some do not.
	for (const type of ['image/heic', '']) {
		await picker.drop(fileOf(Buffer.from(heic.bytes), 'IMG_0042.HEIC', type));
		await notice.getByText(/^IMG_0042\.HEIC is a HEIC image, .* Save a copy as JPG/).waitFor();
		await picker.openImage(fileOf(await image.avif().toBuffer(), 'logo.avif', 'image/avif'), SIZE);
		assert.equal(await notice.innerText(), '');
	}
	await picker.drawRectangle([20, 24], [51, 52]);
	await picker.drop(fileOf(await image.tiff().toBuffer(), 'scan.tif', 'image/tiff'));
	await notice.getByText(/^scan\.tif is a TIFF image, .* Save a copy as JPG/).waitFor();
	// The image before stays, with what is drawn on it.
	assert.deepEqual(await picker.polygons(), [BADGE]);
	assert.deepEqual(picker.errors, []);
	await picker.close();
}

async function assertAccessible(picker: PickerPage, what: string): Promise<void> {
	const found = await picker.page.evaluate<Array<{ id: string; nodes: string[] }>>(`
		axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
			violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) })))`);
	assert.deepEqual(found, [], `${what}: ${JSON.stringify(found, null, 2)}`);
}

async function checkAccessibility(
	browser: PickerBrowser,
	address: string,
	colorScheme: 'light' | 'dark',
): Promise<void> {
	const axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
	const picker = await PickerPage.open(browser, address, { colorScheme });
	assert.ok(
		await picker.page.evaluate<boolean>(
			`matchMedia('(prefers-color-scheme: ${colorScheme})').matches`,
		),
	);
	await picker.page.evaluate(axe);
	await assertAccessible(picker, 'first screen');
	const file = await encodeMarked(ALL_SHAPES, 'jpeg', 6);
	await picker.openImage(fileOf(file, 'marked.jpg', 'image/jpeg'), SIZE, 6);
	await assertAccessible(picker, 'image without shapes');
	await picker.drawPolygon(SEAL);
	await picker.drawRectangle([20, 24], [51, 52]);
	for (const name of ['Node', 'Rectangles', 'Polygons', 'Mask'] as const) {
		await picker.tab(name);
		await assertAccessible(picker, name);
	}
	await picker.page.getByRole('button', { name: 'Polygon 1', exact: false }).last().click();
	await assertAccessible(picker, 'corners of a polygon');
	await picker.page.getByRole('button', { name: 'Help' }).click();
	await assertAccessible(picker, 'help');
	await picker.press('Escape');
	await picker.grow('2', 'Pixels');
	await assertAccessible(picker, 'a grown area');
	await picker.pasteCoordinates('[[');
	await assertAccessible(picker, 'an error in the dialog');
	await picker.press('Escape');
	const label = 'shop-a.com, all rights reserved';
	const found = { label, confidence: 0.97, polygon: WORD };
	await picker.page.getByRole('button', { name: 'Paste coordinates' }).click();
	await picker.page
		.getByRole('dialog')
		.getByRole('textbox')
		.fill(JSON.stringify([found]));
	await assertAccessible(picker, 'a preview in the dialog');
	await picker.page.getByRole('button', { name: 'Show', exact: true }).click();
	await assertAccessible(picker, 'shapes with names');
	await picker.close();
}

/** Screenshots for the documentation: the coast of the demo, with shapes around its two watermarks. */
async function takeScreenshots(
	browser: PickerBrowser,
	address: string,
	shots: string,
	keepImages: boolean,
): Promise<void> {
	const { coast } = await loadScenes();
	const file = fileOf(await encodeImage(coast.marked, 'png'), 'coast.png');
	const { width, height } = coast.marked;
	const shoot = async (picker: PickerPage, name: string, isDocumented: boolean) => {
		await picker.page.waitForTimeout(300);
		const bytes = await picker.page.screenshot();
		await sharp(bytes).toFile(join(shots, `${name}.png`));
		if (!keepImages || !isDocumented) return;
		await mkdir(imagesFolder, { recursive: true });
		const small = sharp(bytes).png({ palette: true, quality: 100, compressionLevel: 9 });
		await small.toFile(join(imagesFolder, `${name}.png`));
	};
	const seal: readonly Point[] = [
		[858, 53],
		[875, 36],
		[901, 36],
		[918, 53],
		[918, 79],
		[901, 96],
		[875, 96],
		[858, 79],
	];
	const first = await PickerPage.open(browser, address, { viewport: { width: 1360, height: 930 } });
	await shoot(first, 'picker-start', false);
	await first.openImage(file, { width, height });
	await first.drawRectangle([22, 570], [200, 620]);
	await first.tab('Rectangles');
	await shoot(first, 'picker', true);
	await first.close();

	const dark = await PickerPage.open(browser, address, { colorScheme: 'dark' });
	await dark.openImage(file, { width, height });
	await dark.drawPolygon(seal);
	await dark.drawRectangle([22, 570], [200, 620]);
	await shoot(dark, 'picker-dark', true);
	await dark.close();

	const phone = await PickerPage.open(browser, address, { viewport: { width: 390, height: 844 } });
	await shoot(phone, 'picker-phone-start', false);
	await phone.openImage(file, { width, height });
	await phone.drawRectangle([22, 570], [200, 620]);
	await phone.page.mouse.move(5, 5);
	await shoot(phone, 'picker-phone', false);
	await phone.close();
}

type Turned = readonly [format: 'png' | 'jpeg', orientation: number];

const TURNED: readonly Turned[] = [2, 3, 4, 5, 6, 7, 8].flatMap((orientation): Turned[] => [
	['png', orientation],
	['jpeg', orientation],
]);

/** @param turned the images with an EXIF orientation to look at */
async function checkIn(
	browser: PickerBrowser,
	scene: Scene,
	turned: readonly Turned[],
	report: Report,
): Promise<void> {
	report.heading(`The area picker in headless ${browser.name}`);
	const address = `${scene.sandbox.controlUrl}/picker`;
	const check = (what: string, body: () => Promise<void>) => report.check(what, body);

	await check('opened from disk, it works and neither sends requests nor could', () =>
		checkFromDisk(browser),
	);
	await check('rectangles from every corner in both units repair the drawn pixels', () =>
		checkRectangles(browser, address, scene),
	);
	await check('polygons and the mask repair the drawn pixels', () =>
		checkPolygonsAndMask(browser, address, scene),
	);
	await check('the copied node repairs the drawn pixels', () =>
		checkSnippet(browser, address, scene),
	);
	await check('corners can be moved, added, removed, snapped and typed, with undo and redo', () =>
		checkEditing(browser, address),
	);
	await check(
		'a tool stays chosen after a shape, and the selected shape can be moved with it',
		() => checkToolStays(browser, address),
	);
	await check('everything works with the keyboard and is announced to screen readers', () =>
		checkKeyboard(browser, address),
	);
	await check('one finger draws, two fingers zoom', () => checkTouch(browser, address));
	await check('a phone shows no words about keys, a computer does', () =>
		checkWordsOfPhone(browser, address),
	);
	await check('numbers are rounded alike wherever they are shown', () =>
		checkRounding(browser, address),
	);
	await check('what is said about polygons fits polygons', () =>
		checkPolygonAdvice(browser, address),
	);
	await check('coordinates can be pasted', () => checkPaste(browser, address));
	await check('what detectors and models answer can be pasted, and is shown with its names', () =>
		checkDetections(browser, address),
	);
	await check('a margin is drawn, copied with the node, and part of the mask', () =>
		checkGrowth(browser, address, scene),
	);
	await check('a polygon that crosses itself is reported with the message of the node', () =>
		checkCrossing(browser, address),
	);
	for (const [format, orientation] of turned) {
		await check(
			`a ${format} with EXIF orientation ${orientation} is shown upright, its coordinates are those of the stored pixels`,
			() => checkOrientation(browser, address, scene, format, orientation),
		);
	}
	await check('an image of 50 megapixels can be opened, moved and masked', () =>
		checkLarge(browser, address, report),
	);
	await check('a file that is no image is reported, and so is a damaged one', () =>
		checkUnreadable(browser, address),
	);
	await check('a HEIC image is told to be one that the browser does not show', () =>
		checkForeignFormats(browser, address),
	);
	for (const scheme of ['light', 'dark'] as const) {
		await check(`axe finds no accessibility problem, ${scheme}`, () =>
			checkAccessibility(browser, address, scheme),
		);
	}
}

/** The node repairs what is drawn in the area picker. Needs Chromium and Firefox, but no n8n server. */
export async function checkPicker(report: Report, keepImages: boolean): Promise<void> {
	const endings = new Endings();
	try {
		const scene = await openScene();
		endings.add(async () => await scene.close());
		const chromium = await openChromium();
		endings.add(async () => await chromium.close());
		const firefox = await openFirefox();
		endings.add(async () => await firefox.close());
		const inChromium = async (aside: Report): Promise<void> => {
			await checkIn(chromium, scene, TURNED, aside);
			const shots = await mkdtemp(join(tmpdir(), 'image-repair-picker-'));
			const address = `${scene.sandbox.controlUrl}/picker`;
			await aside.check('screenshots for the documentation', () =>
				takeScreenshots(chromium, address, shots, keepImages),
			);
			aside.note(`screenshots: ${shots}`);
		};
		const inFirefox = async (aside: Report): Promise<void> => {
			// Firefox is slower: each orientation once, and each format turned and mirrored.
			const turned = TURNED.filter(
				([format, orientation]) => (format === 'png') === [2, 3, 6, 7].includes(orientation),
			);
			await checkIn(firefox, scene, turned, aside);
		};
		// At the same time, as each of them waits a good deal.
		await Promise.all([report.aside(inChromium), report.aside(inFirefox)]);
	} finally {
		await endings.run();
	}
}
