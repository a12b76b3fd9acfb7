/** The values that an expression of a workflow may name, such as `runner.temp`. */
export type Values = ReadonlyMap<string, string>;

/**
 * Fills the expressions of a text in. Only names are understood, which is all that publish.yml needs.
 *
 * @throws Error when nothing has that name, or no value yet
 */
export function filled(text: string, values: Values): string {
	return text.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
		const value = values.get(expression);
		if (value === undefined) throw new Error(`Nothing gives \${{ ${expression} }} a value.`);
		return value;
	});
}

/**
 * What a step has written to GITHUB_OUTPUT or GITHUB_ENV: `name=value`, or `name<<END` with lines.
 *
 * @throws Error when GitHub would not understand it
 */
export function writtenValues(text: string): Map<string, string> {
	const values = new Map<string, string>();
	const lines = text.split('\n');
	for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
		if (line === '') continue;
		const {
			name,
			end,
			value = '',
		} = /^(?<name>[\w-]+)(?:<<(?<end>.+)|=(?<value>.*))$/.exec(line)?.groups ?? {};
		if (name === undefined) throw new Error(`"${line}" sets no value.`);
		if (end === undefined) {
			values.set(name, value);
			continue;
		}
		const length = lines.indexOf(end);
		if (length < 0) throw new Error(`The value of ${name} has no end "${end}".`);
		values.set(name, lines.splice(0, length).join('\n'));
		lines.shift();
	}
	return values;
}
