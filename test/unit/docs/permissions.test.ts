import { fencedBlocks, sections } from './markdown';
import { POLICIES } from './policies';

/**
 * From "Authorization Description" on Tencent's pages on Image Repair: the first of each mode from 460/79042,
 * the last from 1045/73045 and 436/79043.
 */
const ACTIONS = {
	'Download Repaired Image': [['cos:GetObject', 'ci:CreateImageRepairJob']],
	'Upload and Repair Image': [['cos:PutObject', 'ci:CreateImageRepairJob'], ['cos:PutObject']],
	'Repair Image in Bucket': [
		['cos:GetObject', 'cos:PutObject', 'ci:CreateImageRepairJob'],
		['cos:GetObject', 'cos:PutObject'],
	],
};

test("there are policies for each mode, with exactly the actions that each of Tencent's pages requires", () => {
	const actions = [...POLICIES].map(([mode, policies]) => [
		mode,
		policies.map(({ statement }) => statement.flatMap(({ action }) => action)),
	]);
	expect(Object.fromEntries(actions)).toEqual(ACTIONS);
	const all = fencedBlocks('docs/permissions.md', 'json');
	expect(all).toHaveLength([...POLICIES.values()].flat().length);
});

test.each(['Bind', 'AI content recognition', 'CI_QCSRole'])(
	'the page says what is needed besides a policy: %s',
	(name) => {
		expect(sections('docs/permissions.md').get('Besides the policy')).toContain(name);
	},
);

test('each policy allows its actions on resources of the same service, named in six segments', () => {
	for (const { version, statement } of [...POLICIES.values()].flat()) {
		expect(version).toBe('2.0');
		for (const { effect, action, resource } of statement) {
			expect(effect).toBe('allow');
			for (const one of [resource].flat()) {
				const segments = one.split(':');
				expect(segments).toHaveLength(6);
				const [qcs, project, service, region, account, path] = segments;
				expect([qcs, project]).toEqual(['qcs', '']);
				expect([action].flat().every((each) => each.startsWith(`${String(service)}:`))).toBe(true);
				expect(region).toMatch(/^[a-z]+-[a-z0-9-]+$/);
				expect(account).toMatch(/^uid\/\d+$/);
				expect(path).toMatch(
					service === 'ci' ? /^bucket\/[a-z0-9-]+-\d+\/.*\*$/ : /^[a-z0-9-]+-\d+\/.*\*$/,
				);
			}
		}
	}
});
