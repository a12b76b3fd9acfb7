/** What has to be ended, in the order it was begun. */
export class Endings {
	private readonly list: Array<() => Promise<void>> = [];

	add(end: () => Promise<void>): void {
		this.list.push(end);
	}

	/** Ends all, the last begun first, whatever one of them says. */
	async run(): Promise<void> {
		for (const end of this.list.splice(0).reverse()) {
			await end().catch((error: unknown) => {
				console.error(`Something could not be ended: ${String(error)}`);
			});
		}
	}
}
