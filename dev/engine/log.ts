import { Writable } from 'node:stream';
import { inspect, type InspectOptions } from 'node:util';
import { Logger } from '@n8n/backend-common';
import { Container } from '@n8n/di';

/** What n8n logged, line by line, and the way to stop listening. */
export interface CapturedLog {
	lines: string[];
	stop(): void;
}

/** Settings that keep n8n's log off the terminal, to be in the environment before n8n reads it. */
export const logSettings = { N8N_LOG_LEVEL: 'debug', N8N_LOG_OUTPUT: '' };

/** Nothing shortened: tests look for what must not be in the log. */
const whole = {
	depth: null,
	breakLength: Infinity,
	maxArrayLength: null,
	maxStringLength: null,
} satisfies InspectOptions;

/** Collects everything n8n's own logger is given, metadata included, from debug level up. */
export function captureLog(): CapturedLog {
	const lines: string[] = [];
	const sink = new Writable({
		objectMode: true,
		write(entry: object, _encoding, done) {
			// Winston repeats it all under symbols; the named fields say it once.
			const named = Object.fromEntries(Object.entries(entry));
			lines.push(inspect(named, whole));
			done();
		},
	});
	const logger = Container.get(Logger).getInternalLogger();
	logger.pipe(sink);
	logger.silent = false;
	return {
		lines,
		stop() {
			logger.silent = true;
			logger.unpipe(sink);
		},
	};
}
