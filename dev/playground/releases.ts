/** A release of n8n and what it needs. */
export interface N8nRelease {
	readonly version: string;
	/** Major version of the Node it runs on here. */
	readonly nodeMajor: number;
	/** npm's `overrides`, for dependencies that the npm registry does not have. */
	readonly overrides: Readonly<Record<string, string>>;
	/** Environment variables it needs on that Node. */
	readonly env: Readonly<Record<string, string>>;
	/** Disk space for the installation and for npm's work. */
	readonly diskBytes: number;
}

const GB = 1e9;

/** The newest release whose dependencies are all on the npm registry. */
export const NEWEST: N8nRelease = {
	version: '2.41.1',
	nodeMajor: 24,
	overrides: {},
	env: {},
	diskBytes: 4 * GB,
};

/** The last of the 1.x line. */
export const LAST_OF_1: N8nRelease = {
	version: '1.123.81',
	nodeMajor: 20,
	// It depends on a version that is only on its authors' own server.
	overrides: { xlsx: '0.18.5' },
	// Its newer expression engine is compiled for Node 22 and 24 only.
	env: { N8N_EXPRESSION_ENGINE: 'legacy' },
	diskBytes: 3 * GB,
};
