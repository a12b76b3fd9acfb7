/** A release of n8n, and what it takes to run it. */
export interface N8nRelease {
	readonly version: string;
	/** Major version of Node that it runs on here. */
	readonly nodeMajor: number;
	/** npm's `overrides`, for packages of n8n's that the npm registry does not have. */
	readonly overrides: Readonly<Record<string, string>>;
	/** Settings it needs on that Node. */
	readonly env: Readonly<Record<string, string>>;
	/** Bytes the installation takes, with room for npm's work. */
	readonly diskBytes: number;
}

const GB = 1e9;

/** The newest release all of whose packages are on the npm registry. */
export const NEWEST: N8nRelease = {
	version: '2.40.7',
	nodeMajor: 24,
	overrides: {},
	env: {},
	diskBytes: 4 * GB,
};

/** The last of the 1.x line. */
export const LAST_OF_1: N8nRelease = {
	version: '1.123.81',
	nodeMajor: 20,
	// It asks for a version that its authors give out from a server of their own.
	overrides: { xlsx: '0.18.5' },
	// Its newer engine for expressions comes compiled for Node 22 and 24 only.
	env: { N8N_EXPRESSION_ENGINE: 'legacy' },
	diskBytes: 3 * GB,
};
