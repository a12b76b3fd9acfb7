import type { IExecuteFunctions } from 'n8n-workflow';

/** A stream by the type that n8n's helpers take. None of n8n's has an encoding set: it gives bytes. */
export type ByteStream = Exclude<
	Parameters<IExecuteFunctions['helpers']['prepareBinaryData']>[0],
	Buffer
> &
	AsyncIterable<Buffer>;
