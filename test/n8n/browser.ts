import {
	chromium,
	firefox,
	selectors,
	type Browser,
	type BrowserContext,
	type Page,
} from 'playwright-core';
import { exists } from '../../dev/playground/cache';
import { requireTool } from './tools';

interface Installation {
	/** The command and Debian's package. */
	readonly name: string;
	/** Where it may be installed, or another browser that does as well. */
	readonly paths: readonly string[];
}

const CHROMIUM: Installation = {
	name: 'chromium',
	paths: [
		'/usr/bin/chromium',
		'/usr/bin/chromium-browser',
		'/usr/bin/google-chrome',
		'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	],
};

const FIREFOX: Installation = {
	name: 'firefox-esr',
	paths: [
		'/usr/bin/firefox-esr',
		'/usr/bin/firefox',
		'/Applications/Firefox.app/Contents/MacOS/firefox',
	],
};

const ARGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	// The editor needs nothing from the internet, which the machine may not be able to reach. (Intercepting
	// requests would do as well, but without the browser's cache each page takes three times as long.)
	'--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/** A page that does not move is done sooner: each menu of n8n's editor opens and closes with an animation. */
const WITHOUT_ANIMATIONS = `document.addEventListener('DOMContentLoaded', () => {
	const style = document.createElement('style');
	style.textContent = '*, *::before, *::after { transition: none !important; animation: none !important }';
	document.head.append(style);
});`;

/** @throws SetupFailure if the browser is not installed and cannot be installed */
async function findBrowser({ name, paths }: Installation): Promise<string> {
	for (const path of paths) if (await exists(path)) return path;
	requireTool(name, name);
	return `/usr/bin/${name}`;
}

/**
 * Starts the installed Chromium, without a window on the screen.
 *
 * @throws SetupFailure if Chromium is not installed and cannot be installed
 */
export async function launchChromium(): Promise<Browser> {
	const executablePath = await findBrowser(CHROMIUM);
	return await chromium.launch({ executablePath, headless: true, args: ARGS });
}

/**
 * Starts the installed Firefox, without a window on the screen. Playwright's own Firefox is another one,
 * with patches; of this channel, Playwright speaks WebDriver BiDi, which each Firefox understands.
 *
 * @param settings as `about:config` names them
 * @throws SetupFailure if Firefox is not installed and cannot be installed
 */
export async function launchFirefox(
	settings: Readonly<Record<string, string | number | boolean>>,
): Promise<Browser> {
	const executablePath = await findBrowser(FIREFOX);
	return await firefox.launch({
		executablePath,
		channel: 'moz-firefox',
		headless: true,
		firefoxUserPrefs: { ...settings },
	});
}

async function openWindow(
	browser: Browser,
	storageState?: Awaited<ReturnType<BrowserContext['storageState']>>,
): Promise<Page> {
	const context = await browser.newContext({
		viewport: { width: 1440, height: 860 },
		colorScheme: 'light',
		locale: 'en-US',
		storageState,
	});
	await context.addInitScript(WITHOUT_ANIMATIONS);
	context.setDefaultTimeout(20_000);
	return await context.newPage();
}

/**
 * Starts the installed Chromium with a window for n8n's editor.
 *
 * @throws SetupFailure if Chromium is not installed and cannot be installed
 */
export async function openBrowser(): Promise<{ browser: Browser; page: Page }> {
	// The attribute with which n8n marks the parts of its editor.
	selectors.setTestIdAttribute('data-test-id');
	const browser = await launchChromium();
	return { browser, page: await openWindow(browser) };
}

/**
 * A further window of a user who is logged in. A further page in the same window would be a tab: Chromium
 * draws the one behind once a second, and each click waits for two frames.
 */
export async function openFurtherWindow(browser: Browser, page: Page): Promise<Page> {
	return await openWindow(browser, await page.context().storageState());
}
