/** Answers to questions that many items of a run have: each is asked once, and again when that failed. */
export class Answers<T> {
	private readonly known = new Map<string, Promise<T>>();

	async of(question: string, ask: () => Promise<T>): Promise<T> {
		const known = this.known.get(question);
		if (known) return await known;
		const answer = ask();
		this.known.set(question, answer);
		answer.catch(() => this.known.delete(question));
		return await answer;
	}
}
