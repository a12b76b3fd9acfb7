import { statements } from './statements';

test('every paragraph, entry and row is a statement of its own, without code, heads and addresses', () => {
	const page = [
		'# Title',
		'',
		'![An image](a.png)',
		'',
		'First [line](https://example.com),',
		'second line.',
		'',
		'- An entry',
		'  over two lines',
		'- Another',
		'',
		'1. A step',
		'',
		'```sh',
		'npm start',
		'```',
		'',
		'| head | of  |',
		'| ---- | --: |',
		'| a    | row |',
	].join('\n');
	expect(statements(page)).toEqual([
		'First line, second line.',
		'An entry over two lines',
		'Another',
		'A step',
		'| a | row |',
	]);
});
