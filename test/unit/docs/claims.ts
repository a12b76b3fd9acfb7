interface Claim {
	/** As the README says it, in one line without addresses. */
	readonly statement: string;
	/** File and name of each test that would fail if it were not true. */
	readonly tests: ReadonlyArray<readonly [file: string, name: string]>;
}

export const CLAIMS: readonly Claim[] = [];
