/** What has to be ended, in the order it was started. */
export class Endings {
	private readonly list: Array<() => Promise<void> | void> = [];

	add(end: () => Promise<void> | void): void {
		this.list.push(end);
	}

	/** Ends everything, last started first, even when one of them fails. */
	async run(): Promise<void> {
		for (const end of this.list.splice(0).reverse()) {
			try {
				await end();
			} catch (error) {
				console.error(`Failed to stop: ${String(error)}`);
			}
		}
	}
}
