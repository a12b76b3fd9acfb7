import type { IExecuteFunctions } from 'n8n-workflow';

/** A stream by the type that n8n's helpers take. None of n8n's has an encoding set: it gives bytes. */
export type ByteStream = Exclude<
	Parameters<IExecuteFunctions['helpers']['prepareBinaryData']>[0],
	Buffer
> &
	AsyncIterable<Buffer>;

/** Every stream class of Node.js. */
interface StreamClass {
	from: (chunks: AsyncIterable<Buffer>, options: { objectMode: false }) => ByteStream;
}

function isStreamClass(value: object): value is StreamClass {
	return 'from' in value && typeof value.from === 'function';
}

/**
 * A stream of chunks that come from another one, which ends with it. A node may not import `stream`, so
 * the class is the source's own.
 *
 * @throws TypeError when the source is no stream of Node.js
 */
export function streamFrom(source: ByteStream, chunks: AsyncIterable<Buffer>): ByteStream {
	const made: object = source.constructor;
	if (!isStreamClass(made)) throw new TypeError('Not a stream of Node.js');
	const stream = made.from(chunks, { objectMode: false });
	// A stream that breaks while nobody reads it must not end the process; whoever reads it sees it.
	source.on('error', () => undefined);
	stream.on('error', () => undefined);
	stream.once('close', () => source.destroy());
	return stream;
}

/** The chunks of a stream. When it breaks, what `broken` gives is thrown instead. */
export async function* chunksOf(
	source: AsyncIterator<Buffer>,
	broken: () => Error,
): AsyncGenerator<Buffer, void> {
	for (;;) {
		const next = await source.next().catch(() => {
			throw broken();
		});
		if (next.done === true) return;
		yield next.value;
	}
}
