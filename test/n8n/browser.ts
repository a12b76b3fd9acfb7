import { chromium, selectors, type Browser, type Page } from 'playwright-core';
import { exists } from '../../dev/playground/cache';
import { requireTool } from './tools';

/** Where Chromium, or Chrome, is installed. */
const PLACES = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const QUIET = [
	'--no-sandbox',
	'--disable-gpu',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

async function findBrowser(): Promise<string> {
	for (const place of PLACES) if (await exists(place)) return place;
	requireTool('chromium', 'chromium');
	return '/usr/bin/chromium';
}

/**
 * Starts the machine's own Chromium, without a window.
 *
 * @throws SetupFailure when there is none
 */
export async function openBrowser(): Promise<{ browser: Browser; page: Page }> {
	const executablePath = await findBrowser();
	// The attribute n8n marks the parts of its editor with.
	selectors.setTestIdAttribute('data-test-id');
	const browser = await chromium.launch({ executablePath, headless: true, args: QUIET });
	const page = await browser.newPage({
		viewport: { width: 1440, height: 860 },
		colorScheme: 'light',
		locale: 'en-US',
	});
	// Whatever the editor would load from elsewhere: there may be no way there, and none is needed.
	await page.route(
		({ hostname }) => hostname !== '127.0.0.1',
		async (route) => await route.abort(),
	);
	page.setDefaultTimeout(20_000);
	return { browser, page };
}
