/** For each name, the last one to have asked for it. */
const tails = new Map<string, Promise<void>>();

/**
 * Does some work while nobody else in this process works under any of the names: of other executions
 * too, which n8n runs side by side.
 *
 * All names are asked for at once, so that two who want the same ones cannot wait for each other.
 */
export async function withLocks<T>(names: readonly string[], work: () => Promise<T>): Promise<T> {
	const before = Promise.all(names.map(async (name) => await tails.get(name)));
	const result = before.then(work);
	const own = result.then(
		() => undefined,
		() => undefined,
	);
	for (const name of names) tails.set(name, own);
	try {
		return await result;
	} finally {
		for (const name of names) if (tails.get(name) === own) tails.delete(name);
	}
}
