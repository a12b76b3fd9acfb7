/** Runs checks one after another, prints and counts their results. */
export class Report {
	passed = 0;
	failed = 0;
	private readonly start = Date.now();

	constructor(private readonly print: (text: string) => void = console.log) {}

	heading(text: string): void {
		this.print(`\n${text}`);
	}

	/** Runs some work that reports beside other work, and prints its report when it is done. */
	async aside(work: (report: Report) => Promise<void>): Promise<void> {
		const lines: string[] = [];
		const report = new Report((line) => lines.push(line));
		await work(report);
		for (const line of lines) this.print(line);
		this.passed += report.passed;
		this.failed += report.failed;
	}

	/** Prints information that is not a check. */
	note(text: string): void {
		this.print(`  ${text}`);
	}

	/** Runs one check. A failed one is reported and does not stop the others. */
	async check(what: string, body: () => Promise<void> | void): Promise<boolean> {
		const started = Date.now();
		const took = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
		try {
			await body();
			this.passed++;
			this.print(`  ok      ${what} (${took()})`);
			return true;
		} catch (error) {
			this.failed++;
			const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
			this.print(`  FAILED  ${what} (${took()})\n${reason.replace(/^/gm, '          ')}`);
			return false;
		}
	}

	/** Seconds since the start. */
	get seconds(): number {
		return Math.round((Date.now() - this.start) / 1000);
	}
}
