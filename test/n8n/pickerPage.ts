import type { Locator, Page } from 'playwright-core';
import { fitView, toScreen, type View } from '../../picker/geometry/view';
import type { Download, Look, PickerBrowser } from './pickerBrowser';

type Point = readonly [x: number, y: number];

/** An image file that a user opens. */
export interface ImageFile {
	readonly name: string;
	readonly mimeType: string;
	readonly buffer: Buffer;
}

/**
 * The area picker in a browser, with a method for each thing that a user does. Points are in stored
 * pixels of the open image, as the node counts them.
 */
export class PickerPage {
	/** URLs that the page has requested. */
	readonly requests: string[] = [];
	/** Uncaught errors, and errors and warnings in the console. */
	readonly errors: string[] = [];
	private size = { width: 0, height: 0, orientation: 1 };

	private constructor(
		private readonly browser: PickerBrowser,
		readonly page: Page,
		readonly address: string,
	) {
		page.on('request', (request) => {
			const url = request.url();
			if (url !== address && !/^(?:data|blob):/.test(url)) this.requests.push(url);
		});
		page.on('pageerror', (error) => this.errors.push(error.message));
		page.on('console', (message) => {
			if (['error', 'warning'].includes(message.type())) this.errors.push(message.text());
		});
	}

	static async open(browser: PickerBrowser, address: string, look: Look = {}): Promise<PickerPage> {
		const page = await browser.newPage(look);
		page.setDefaultTimeout(20_000);
		const picker = new PickerPage(browser, page, address);
		await page.goto(address);
		await page.getByRole('heading', { name: 'Where is the logo?' }).waitFor();
		return picker;
	}

	async close(): Promise<void> {
		await this.page.context().close();
	}

	get stage(): Locator {
		return this.page.getByRole('application');
	}

	/**
	 * @param size in stored pixels
	 * @param orientation of the file, by EXIF
	 */
	async openImage(
		file: ImageFile,
		size: { width: number; height: number },
		orientation = 1,
	): Promise<void> {
		await this.page.locator('input[type=file]').setInputFiles(file);
		await this.page.getByText(`${file.name} · ${size.width} × ${size.height} px`).waitFor();
		this.size = { ...size, orientation };
		await this.page.waitForTimeout(100);
	}

	/** Drops a file on the page, as from a folder of the computer. */
	async drop({ name, mimeType, buffer }: ImageFile): Promise<void> {
		const file = JSON.stringify([buffer.toString('base64'), name, mimeType]);
		await this.page.evaluate(`(() => {
			const [base64, name, type] = ${file};
			const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
			const dataTransfer = new DataTransfer();
			dataTransfer.items.add(new File([bytes], name, { type }));
			for (const event of ['dragover', 'drop']) {
				document.body.dispatchEvent(new DragEvent(event, { dataTransfer, bubbles: true }));
			}
		})()`);
	}

	/** The position of the image on the screen while the whole image is shown. */
	private async wholeView(): Promise<{ view: View; left: number; top: number }> {
		const box = await this.stage.boundingBox();
		if (!box) throw new Error('The stage is not shown.');
		return { view: fitView(this.size, box), left: box.x, top: box.y };
	}

	/** The position of a point on the screen while the whole image is shown. */
	async at(point: Point): Promise<Point> {
		const { view, left, top } = await this.wholeView();
		const [x, y] = toScreen(point, view);
		return [x + left, y + top];
	}

	async drag(from: Point, to: Point): Promise<void> {
		const { mouse } = this.page;
		await mouse.move(...(await this.at(from)));
		await mouse.down();
		await mouse.move(...(await this.at([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2])));
		await mouse.move(...(await this.at(to)));
		await mouse.up();
	}

	async drawRectangle(from: Point, to: Point): Promise<void> {
		await this.tool('Rectangle');
		await this.drag(from, to);
	}

	/** Clicks on each corner, and on the first one again. */
	async drawPolygon(corners: readonly Point[]): Promise<void> {
		await this.tool('Polygon');
		for (const corner of [...corners, ...corners.slice(0, 1)]) {
			await this.page.mouse.click(...(await this.at(corner)));
		}
	}

	async tool(name: 'Select' | 'Rectangle' | 'Polygon'): Promise<void> {
		await this.page.getByRole('toolbar').getByRole('button', { name, exact: true }).click();
	}

	async press(...keys: string[]): Promise<void> {
		for (const key of keys) await this.page.keyboard.press(key);
	}

	/**
	 * Types another value into a field, key by key, and confirms it. (To fill a field, Playwright makes up an
	 * event in Firefox, and does not replace a number but appends to it.)
	 */
	async enter(field: Locator, value: string): Promise<void> {
		await field.focus();
		await this.press('ControlOrMeta+a');
		await this.page.keyboard.type(value);
		await this.press('Enter');
	}

	async tab(name: 'Node' | 'Rectangles' | 'Polygons' | 'Mask'): Promise<void> {
		await this.page.getByRole('tab', { name }).click();
	}

	async measure(from: string, unit: string): Promise<void> {
		await this.page.getByLabel('Measured From').selectOption({ label: from });
		await this.page.getByLabel('Unit').selectOption({ label: unit });
	}

	/** The text that Copy puts on the clipboard. */
	async copied(tab: 'Node' | 'Rectangles' | 'Polygons'): Promise<string> {
		await this.tab(tab);
		await this.page.getByRole('button', { name: 'Copy', exact: true }).click();
		await this.page.getByRole('button', { name: 'Copied' }).waitFor();
		return await this.pasted();
	}

	/** The text on the clipboard, as it is pasted: to read it, a page would have to be allowed to. */
	async pasted(): Promise<string> {
		await this.page.evaluate(`void (window.pasted = new Promise((resolve) => {
			const read = ({ clipboardData }) => resolve(clipboardData.getData('text/plain'));
			addEventListener('paste', read, { once: true });
		}))`);
		await this.press('ControlOrMeta+v');
		return await this.page.evaluate<string>('window.pasted');
	}

	/** The fingers on the screen from now on, in the order in which they were put there. */
	async touch(...fingers: readonly Point[]): Promise<void> {
		const places: Point[] = [];
		for (const finger of fingers) places.push(await this.at(finger));
		await this.browser.touch(this.page, places);
	}

	/** The polygons that the page shows. */
	async polygons(): Promise<Point[][]> {
		await this.tab('Polygons');
		const text = await this.page.getByLabel('Value for Polygons').inputValue();
		return JSON.parse(text) as Point[][];
	}

	/** The rectangles that the page shows, by names of the node's parameters. */
	async rows(): Promise<Array<Record<string, string>>> {
		await this.tab('Rectangles');
		const tables = await this.page.locator('table.rows').all();
		return await Promise.all(
			tables.map(async (table) => {
				const cells = await table.locator('td').all();
				const entries = await Promise.all(
					cells.map(async (cell): Promise<[string, string]> => [
						(await cell.getAttribute('data-field')) ?? '',
						await cell.innerText(),
					]),
				);
				return Object.fromEntries(entries);
			}),
		);
	}

	async downloadOf(click: () => Promise<void>): Promise<Download> {
		return await this.browser.download(this.page, click);
	}

	async mask(): Promise<Download> {
		await this.tab('Mask');
		const button = this.page.getByRole('button', { name: 'Download the mask' });
		return await this.downloadOf(() => button.click());
	}

	async pasteCoordinates(text: string): Promise<void> {
		await this.page.getByRole('button', { name: 'Paste coordinates' }).click();
		await this.page.getByRole('dialog').getByRole('textbox').fill(text);
		await this.page.getByRole('button', { name: 'Show', exact: true }).click();
	}

	/** In the dialog in which coordinates are pasted. */
	async chooseReading(field: 'Coordinates' | 'Position of Boxes', option: string): Promise<void> {
		await this.page.getByRole('combobox', { name: field }).selectOption({ label: option });
	}

	/** The shapes as the list names them, with what they were found as. */
	async listed(): Promise<string[]> {
		const titles = await this.page.locator('.entry-title').allInnerTexts();
		return titles.map((title) => title.replace(/\s+/g, ' '));
	}

	async grow(amount: string, unit: 'Percent of the Shorter Side' | 'Pixels'): Promise<void> {
		await this.page.getByLabel('Grow By').selectOption({ label: unit });
		await this.enter(this.page.getByLabel('Grow Area'), amount);
	}

	/** The last text for screen readers, after the delay with which the page sets it. */
	async announcement(): Promise<string> {
		await this.page.waitForTimeout(600);
		return await this.page.locator('[data-announcement]').innerText();
	}
}
