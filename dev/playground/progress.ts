/** Progress of something slow: one changing line in a terminal, a line every 30 seconds in a log. */
export interface Progress {
	tell(what: string): void;
	done(): void;
}

const LOG_EVERY_MS = 30_000;

function duration(milliseconds: number): string {
	const seconds = Math.round(milliseconds / 1000);
	return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Starts a line of progress, such as "Installing n8n". */
export function startProgress(title: string): Progress {
	const start = Date.now();
	const { stdout } = process;
	let lastLine = 0;
	if (!stdout.isTTY) console.log(`${title} …`);
	return {
		tell(what) {
			const line = `${title} … ${what}, ${duration(Date.now() - start)}`;
			if (stdout.isTTY) stdout.write(`\r${line.slice(0, stdout.columns - 1)}\u001b[K`);
			else if (Date.now() - start - lastLine >= LOG_EVERY_MS) {
				lastLine = Date.now() - start;
				console.log(line);
			}
		},
		done() {
			const line = `${title}: done in ${duration(Date.now() - start)}`;
			console.log(stdout.isTTY ? `\r${line}\u001b[K` : line);
		},
	};
}
