/** Runs checks one after another, prints and counts their results. */
export class Report {
	passed = 0;
	failed = 0;
	private readonly start = Date.now();

	heading(text: string): void {
		console.log(`\n${text}`);
	}

	/** Prints information that is not a check. */
	note(text: string): void {
		console.log(`  ${text}`);
	}

	/** Runs one check. A failed one is reported and does not stop the others. */
	async check(what: string, body: () => Promise<void> | void): Promise<boolean> {
		const started = Date.now();
		const took = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
		try {
			await body();
			this.passed++;
			console.log(`  ok      ${what} (${took()})`);
			return true;
		} catch (error) {
			this.failed++;
			const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
			console.log(`  FAILED  ${what} (${took()})\n${reason.replace(/^/gm, '          ')}`);
			return false;
		}
	}

	/** Seconds since the start. */
	get seconds(): number {
		return Math.round((Date.now() - this.start) / 1000);
	}
}
