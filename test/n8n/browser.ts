import { chromium, selectors, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { exists } from '../../dev/playground/cache';
import { requireTool } from './tools';

/** Where Chromium or Chrome may be installed. */
const PATHS = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

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

async function findBrowser(): Promise<string> {
	for (const path of PATHS) if (await exists(path)) return path;
	requireTool('chromium', 'chromium');
	return '/usr/bin/chromium';
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
 * Starts the installed Chromium, without a window on the screen.
 *
 * @throws SetupFailure if Chromium is not installed and cannot be installed
 */
export async function openBrowser(): Promise<{ browser: Browser; page: Page }> {
	const executablePath = await findBrowser();
	// The attribute with which n8n marks the parts of its editor.
	selectors.setTestIdAttribute('data-test-id');
	const browser = await chromium.launch({ executablePath, headless: true, args: ARGS });
	return { browser, page: await openWindow(browser) };
}

/**
 * A further window of a user who is logged in. A further page in the same window would be a tab: Chromium
 * draws the one behind once a second, and each click waits for two frames.
 */
export async function openFurtherWindow(browser: Browser, page: Page): Promise<Page> {
	return await openWindow(browser, await page.context().storageState());
}
