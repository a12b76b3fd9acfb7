/** Runs checks one after another, tells each, and counts. */
export class Report {
	passed = 0;
	failed = 0;
	private readonly start = Date.now();

	/** Opens a part of the log. */
	heading(text: string): void {
		console.log(`\n${text}`);
	}

	/** Says something beside the checks. */
	note(text: string): void {
		console.log(`  ${text}`);
	}

	/** Runs one check; a failed one is told and does not stop the others. */
	async check(what: string, body: () => Promise<void> | void): Promise<boolean> {
		const begun = Date.now();
		const took = () => `${((Date.now() - begun) / 1000).toFixed(1)} s`;
		try {
			await body();
			this.passed++;
			console.log(`  ok      ${what} (${took()})`);
			return true;
		} catch (error) {
			this.failed++;
			const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
			console.log(`  FAILED  ${what} (${took()})\n${why.replace(/^/gm, '          ')}`);
			return false;
		}
	}

	/** Seconds since the beginning. */
	get seconds(): number {
		return Math.round((Date.now() - this.start) / 1000);
	}
}
