import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { launchChromium, launchFirefox } from './browser';

type Point = readonly [x: number, y: number];

/** How a page is looked at. */
export interface Look {
	readonly viewport?: { readonly width: number; readonly height: number };
	readonly colorScheme?: 'light' | 'dark';
	/** Held in a hand, with fingers instead of a mouse. */
	readonly isPhone?: boolean;
}

const PHONE = { width: 390, height: 844 };
const COMPUTER = { width: 1360, height: 820 };

/** A file that a page gave to the user. */
export interface Download {
	readonly name: string;
	readonly bytes: Buffer;
}

/** A browser in which the area picker is checked. */
export interface PickerBrowser {
	readonly name: string;
	/** A page that shares nothing with others. */
	newPage(look: Look): Promise<Page>;
	/** Puts fingers on the screen, moves those that are there, or lifts those that are left out at the end. */
	touch(page: Page, fingers: readonly Point[]): Promise<void>;
	/** The file that a click downloads. */
	download(page: Page, click: () => Promise<void>): Promise<Download>;
	close(): Promise<void>;
}

/** An image of 50 megapixels is masked and packed first. */
const DOWNLOAD_MS = 120_000;

const viewportOf = ({ viewport, isPhone = false }: Look) =>
	viewport ?? (isPhone ? PHONE : COMPUTER);

/** Chromium shows each page as it is asked to. */
export async function openChromium(): Promise<PickerBrowser> {
	const browser = await launchChromium();
	const screens = new WeakMap<Page, { session: CDPSession; fingers: number }>();
	return {
		name: `Chromium ${browser.version()}`,
		newPage: async (look) => {
			const { isPhone = false, colorScheme = 'light' } = look;
			const context = await browser.newContext({
				viewport: viewportOf(look),
				colorScheme,
				locale: 'en-US',
				hasTouch: isPhone,
				isMobile: isPhone,
			});
			return await context.newPage();
		},
		touch: async (page, fingers) => {
			const screen = screens.get(page) ?? {
				session: await page.context().newCDPSession(page),
				fingers: 0,
			};
			screens.set(page, screen);
			const isMore = fingers.length > screen.fingers;
			const type = fingers.length === 0 ? 'touchEnd' : isMore ? 'touchStart' : 'touchMove';
			screen.fingers = fingers.length;
			const touchPoints = fingers.map(([x, y], id) => ({ x, y, id }));
			await screen.session.send('Input.dispatchTouchEvent', { type, touchPoints });
		},
		download: async (page, click) => {
			const [file] = await Promise.all([
				page.waitForEvent('download', { timeout: DOWNLOAD_MS }),
				click(),
			]);
			return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
		},
		close: async () => await browser.close(),
	};
}

const memberOf = (value: unknown, name: string): unknown =>
	typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

function methodOf(value: unknown, name: string): (...values: readonly unknown[]) => unknown {
	const method = memberOf(value, name);
	assert.ok(typeof method === 'function', `This version of Playwright has no "${name}".`);
	return (...values) => {
		const result: unknown = Reflect.apply(method, value, values);
		return result;
	};
}

/** The part of Playwright behind a page or a browser, which speaks to Firefox. */
const innerOf = (part: Page | Browser): unknown =>
	methodOf(memberOf(part, '_connection'), 'toImpl')(part);

/**
 * Playwright sets the color scheme of each page, with a command that Firefox does not have yet. Firefox
 * has it from its settings instead.
 */
function withoutMediaFeatures(browser: Browser): void {
	const session = memberOf(innerOf(browser), '_browserSession');
	const send = methodOf(session, 'send');
	assert.ok(typeof session === 'object' && session !== null);
	Reflect.set(session, 'send', async (command: string, values: unknown) =>
		command === 'emulation.setMediaFeaturesOverride' ? {} : await send(command, values),
	);
}

const isEmitter = (value: unknown): value is EventEmitter => value instanceof EventEmitter;

/** What speaks to Firefox about one page. */
function sessionOf(page: Page): EventEmitter {
	const session = memberOf(memberOf(innerOf(page), 'delegate'), '_session');
	assert.ok(isEmitter(session));
	return session;
}

async function valuesOfEvent(session: EventEmitter, event: string): Promise<unknown> {
	const signal = AbortSignal.timeout(DOWNLOAD_MS);
	const [values] = (await once(session, `browsingContext.${event}`, { signal })) as unknown[];
	return values;
}

/** The number by which Firefox's settings mean fingers. */
const COARSE = 1;

function settingsOf({ colorScheme, isPhone = false }: Look): Record<string, number> {
	return {
		'layout.css.prefers-color-scheme.content-override': colorScheme === 'dark' ? 0 : 1,
		...(isPhone && {
			'ui.primaryPointerCapabilities': COARSE,
			'ui.allPointerCapabilities': COARSE,
			'dom.w3c_touch_events.enabled': 1,
		}),
	};
}

/** Firefox shows all pages alike, as its settings say: one is started for each look. */
export async function openFirefox(): Promise<PickerBrowser> {
	const started = new Map<string, Browser>();
	const start = async (look: Look): Promise<Browser> => {
		const settings = settingsOf(look);
		const key = JSON.stringify(settings);
		const browser = started.get(key) ?? (await launchFirefox(settings));
		if (!started.has(key)) withoutMediaFeatures(browser);
		started.set(key, browser);
		return browser;
	};
	const fingersOn = new WeakMap<Page, number>();
	return {
		name: `Firefox ${(await start({})).version()}`,
		newPage: async (look) => {
			const browser = await start(look);
			const context = await browser.newContext({ viewport: viewportOf(look), locale: 'en-US' });
			return await context.newPage();
		},
		touch: async (page, fingers) => {
			const before = fingersOn.get(page) ?? 0;
			fingersOn.set(page, fingers.length);
			const session = sessionOf(page);
			const actions = Array.from({ length: Math.max(before, fingers.length) }, (_, index) => {
				const [x, y] = fingers[index] ?? [];
				const move = { type: 'pointerMove', x, y };
				const stay = { type: 'pause' };
				return {
					type: 'pointer',
					id: `finger ${index}`,
					parameters: { pointerType: 'touch' },
					actions: [
						x === undefined ? { type: 'pointerUp', button: 0 } : move,
						index < before ? stay : { type: 'pointerDown', button: 0 },
					],
				};
			});
			const context = memberOf(session, 'sessionId');
			await methodOf(session, 'send')('input.performActions', { context, actions });
		},
		// Firefox gives downloads no number, without which Playwright does not take note of them.
		download: async (page, click) => {
			const session = sessionOf(page);
			const [begun, ended] = await Promise.all([
				valuesOfEvent(session, 'downloadWillBegin'),
				valuesOfEvent(session, 'downloadEnd'),
				click(),
			]);
			const [name, path] = [memberOf(begun, 'suggestedFilename'), memberOf(ended, 'filepath')];
			assert.ok(typeof name === 'string' && typeof path === 'string');
			const bytes = await readFile(path);
			// The next one of this name would get a number.
			await rm(path);
			return { name, bytes };
		},
		close: async () => {
			for (const browser of started.values()) await browser.close();
		},
	};
}
