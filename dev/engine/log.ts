import { Writable } from 'node:stream';
import { inspect, type InspectOptions } from 'node:util';
import { Logger } from '@n8n/backend-common';
import { Container } from '@n8n/di';

/** The log lines captured so far, and a function to stop capturing. */
export interface CapturedLog {
	lines: string[];
	stop(): void;
}

/** Environment variables that turn off n8n's console output. Set them before n8n reads them. */
export const logSettings = { N8N_LOG_LEVEL: 'debug', N8N_LOG_OUTPUT: '' };

/** Nothing is shortened, because tests search the log for secrets. */
const unshortened = {
	depth: null,
	breakLength: Infinity,
	maxArrayLength: null,
	maxStringLength: null,
} satisfies InspectOptions;

/** Captures all messages of n8n's logger, including debug messages and metadata. */
export function captureLog(): CapturedLog {
	const lines: string[] = [];
	const sink = new Writable({
		objectMode: true,
		write(entry: object, _encoding, done) {
			// Winston repeats the fields under symbols, which Object.entries leaves out.
			const named = Object.fromEntries(Object.entries(entry));
			lines.push(inspect(named, unshortened));
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
