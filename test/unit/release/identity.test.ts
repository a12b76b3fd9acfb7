import { isPlaceholder, readIdentity } from '../../../dev/release/identity';

const homepage = 'https://github.com/Some-One/image-repair';

test.each([
	{ type: 'git', url: 'git+https://github.com/Some-One/image-repair.git' },
	{ type: 'git', url: homepage },
	'git+https://github.com/Some-One/image-repair.git',
])('every link follows from the repository %j', (repository) => {
	expect(readIdentity({ repository })).toEqual({
		owner: 'Some-One',
		repository: 'image-repair',
		homepage,
		// The host of a URL is written in small letters.
		picker: 'https://some-one.github.io/image-repair/picker/',
	});
});

test('the name of a repository may contain dots', () => {
	const { repository } = readIdentity({ repository: 'https://github.com/one/image.repair.git' });
	expect(repository).toBe('image.repair');
});

test.each([
	[undefined, 'nothing'],
	[{}, 'nothing'],
	[{ repository: {} }, 'nothing'],
	[{ repository: { url: 7 } }, '7'],
	[{ repository: 'one/image-repair' }, '"one/image-repair"'],
	[{ repository: 'http://github.com/one/image-repair' }, '"http:'],
	[{ repository: 'https://github.com.evil.example/one/image-repair' }, '"https:'],
	[{ repository: 'https://github.com/one/image-repair/tree/main' }, '"https:'],
	[{ repository: 'https://gitlab.com/one/image-repair' }, '"https:'],
])('a repository that cannot be read is refused: %j', (packageJson, shown) => {
	expect(() => readIdentity(packageJson)).toThrow(
		`package.json: "repository" must have a URL such as git+https://github.com/owner/name.git, not ${shown}`,
	);
});

test('an owner that GitHub cannot know is a placeholder', () => {
	expect(isPlaceholder('-owner-')).toBe(true);
	expect(isPlaceholder('some-one')).toBe(false);
});
