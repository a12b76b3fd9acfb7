import type { Locator, Page } from 'playwright-core';
import { OWNER } from '../../dev/playground/n8nClient';

/** n8n's editor in a browser, with a method for each thing that a user does. */
export class Editor {
	constructor(
		readonly page: Page,
		readonly url: string,
	) {}

	part(testId: string): Locator {
		return this.page.getByTestId(testId);
	}

	async logIn(): Promise<void> {
		await this.page.goto(`${this.url}/signin`);
		await this.page.locator('input[type=email], input[name=emailOrLdapLoginId]').fill(OWNER.email);
		await this.page.locator('input[type=password]').fill(OWNER.password);
		await this.page.getByRole('button', { name: 'Sign in' }).click();
		await this.page.waitForURL(/\/home/);
	}

	/** Loads the overview in a further window of a user who is logged in. */
	async openHome(): Promise<void> {
		await this.page.goto(`${this.url}/home/workflows`);
	}

	/** Creates a workflow with a manual trigger. */
	async newWorkflow(): Promise<void> {
		await this.page.goto(`${this.url}/workflow/new`);
		await this.part('canvas-add-button').click();
		await this.part('node-creator-search-bar').fill('manual');
		await this.part('node-creator-item-name')
			.filter({ hasText: /Trigger manually|Manual Trigger/ })
			.click();
		await this.part('canvas-node').first().waitFor();
	}

	/**
	 * Opens a workflow from the overview, as a user does: to load the whole editor again takes several times
	 * as long. The workflow that is open has to be saved.
	 */
	async openWorkflow(id: string): Promise<void> {
		const node = this.part('canvas-node').first();
		await this.go('/home/workflows');
		await this.part('resources-list-item-workflow').first().waitFor();
		await this.go(`/workflow/${id}`);
		await node.waitFor();
	}

	/** Goes to another page of the loaded editor, by its own router. */
	private async go(path: string): Promise<void> {
		await this.page.evaluate(`
			history.pushState(null, '', ${JSON.stringify(path)});
			dispatchEvent(new PopStateEvent('popstate', { state: null }));
		`);
	}

	/**
	 * Searches the node panel.
	 *
	 * @throws Error if the results do not contain the node
	 */
	async search(word: string, node: string): Promise<void> {
		const bar = this.part('node-creator-search-bar');
		if (!(await bar.isVisible())) await this.part('node-creator-plus-button').click();
		const found = this.part('node-creator-item-name').filter({ hasText: node });
		// Otherwise the results of the previous search could be taken for those of this one.
		await bar.fill('');
		await found.waitFor({ state: 'hidden' });
		await bar.fill(word);
		await found.waitFor();
	}

	/** Adds a node from the search results, with one of its actions, which opens the node. */
	async addNode(name: string, action: string): Promise<void> {
		await this.part('node-creator-item-name').filter({ hasText: name }).first().click();
		await this.page.getByText(action, { exact: true }).click();
		await this.part('node-parameters').waitFor();
	}

	/** Opens the dialog for a new credential. */
	async newCredential(): Promise<void> {
		await this.part('node-credentials-select').click();
		await this.page.getByText('Create new credential').last().click();
		await this.part('credential-edit-dialog').waitFor();
	}

	async fill(parameter: string, value: string): Promise<void> {
		await this.part(`parameter-input-${parameter}`).locator('input').first().fill(value);
		await this.page.keyboard.press('Tab');
	}

	async choose(parameter: string, option: string): Promise<void> {
		await this.part(`parameter-input-${parameter}`).click();
		await this.page.getByRole('option', { name: option }).first().click();
	}

	/**
	 * Chooses an option by its whole name.
	 *
	 * @param within the collection whose first row has the field
	 */
	async chooseExactly(parameter: string, option: string, within?: string): Promise<void> {
		const at = within === undefined ? this.page : this.part(`fixed-collection-${within}`);
		await at.getByTestId(`parameter-input-${parameter}`).first().click();
		const options = this.page.locator('.el-select-dropdown__item:visible');
		await options
			.filter({ has: this.page.getByText(option, { exact: true }) })
			.first()
			.click();
		await options.first().waitFor({ state: 'hidden' });
	}

	/** Saves the open workflow. */
	async save(): Promise<void> {
		await this.page.keyboard.press('Control+s');
		await this.page.waitForTimeout(3000);
	}

	/** Saves the credential, which also tests it, and returns the result shown in the dialog. */
	async saveCredential(): Promise<string> {
		const dialog = this.part('credential-edit-dialog');
		await this.part('credential-save-button').click();
		const success = dialog.getByText('Connection tested successfully');
		const failure = dialog.getByText('Couldn’t connect with these settings');
		await this.page.waitForTimeout(500);
		// The dialog closes if a new credential is valid.
		const end = Date.now() + 20_000;
		while (Date.now() < end) {
			if (!(await dialog.isVisible()) || (await success.isVisible())) return 'success';
			if (await failure.isVisible()) break;
			await this.page.waitForTimeout(100);
		}
		const more = dialog.getByText('More details');
		if (await more.isVisible()) await more.click();
		await this.page.waitForTimeout(300);
		const banner = failure.locator('xpath=ancestor::*[contains(., "Retry")][1]/..');
		return await banner.first().innerText();
	}

	async closeCredential(): Promise<void> {
		const dialog = this.part('credential-edit-dialog');
		const close = this.page.getByRole('button', { name: 'Close this dialog' });
		if (await dialog.isVisible()) await close.last().click();
		await dialog.waitFor({ state: 'hidden' });
	}

	/** Opens a node on the canvas. */
	async openNode(name: string): Promise<void> {
		await this.part('canvas-node').filter({ hasText: name }).first().dblclick();
		await this.part('node-parameters').waitFor();
	}

	async closeNode(): Promise<void> {
		await this.part('ndv-close-button').click();
		await this.part('ndv').waitFor({ state: 'hidden' });
	}

	/** Opens the list of a resource locator, types into its search field and returns the entries. */
	async list(parameter: string, text = ''): Promise<string[]> {
		const items = this.part('rlc-item');
		if (!(await items.first().isVisible())) {
			await this.part(`resource-locator-${parameter}`).getByTestId('rlc-input').click();
		}
		await this.part('rlc-search').locator('input').or(this.part('rlc-search')).last().fill(text);
		await this.page.waitForTimeout(1500);
		return await items.allInnerTexts();
	}

	async pick(text: string): Promise<void> {
		await this.part('rlc-item').filter({ hasText: text }).click();
	}

	/** Executes the open workflow. */
	async executeWorkflow(): Promise<void> {
		await this.part('execute-workflow-button').click();
	}

	/** Executes the open node and waits for its output. */
	async executeNode(): Promise<void> {
		await this.part('node-execute-button').click();
		await this.part('node-run-status-success').waitFor({ timeout: 60_000 });
	}

	/** Opens the first image of the output, and returns its URL and the bytes the browser receives. */
	async viewOutput(): Promise<{ source: string; bytes: Buffer }> {
		await this.part('ndv-view-binary-data').first().click();
		const image = this.page.locator('img[src*="binary-data"]');
		await image.waitFor();
		const source = (await image.getAttribute('src')) ?? '';
		const response = await this.page.request.get(source);
		const box = await image.boundingBox();
		if (!box || box.width < 100) throw new Error('The image is not shown.');
		return { source, bytes: await response.body() };
	}

	/** Closes messages in the corner, so that they do not appear on a screenshot. */
	async settle(): Promise<void> {
		const messages = this.page.locator('.el-notification');
		for (const close of await messages.locator('.el-notification__closeBtn').all()) {
			await close.click().catch(() => undefined);
		}
		await this.page.mouse.move(5, 400);
		await this.page.waitForTimeout(600);
	}
}
