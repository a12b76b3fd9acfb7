import { fencedBlocks } from './markdown';

interface Policy {
	version: string;
	statement: Array<{ effect: string; action: string[]; resource: string[] }>;
}

const policies = fencedBlocks('docs/permissions.md', 'json').map(
	(text) => JSON.parse(text) as Policy,
);

/** From "Authorization Description" on Tencent's Image Repair page, in the same order. */
const ACTIONS = [
	['cos:GetObject', 'ci:CreateImageRepairJob'],
	['cos:PutObject'],
	['cos:GetObject', 'cos:PutObject'],
];

test('there is a policy for each mode, with exactly the actions that Tencent requires', () => {
	const actions = policies.map(({ statement }) => statement.flatMap(({ action }) => action));
	expect(actions).toEqual(ACTIONS);
});

test('each policy allows its actions on resources of the same service, named in six segments', () => {
	for (const { version, statement } of policies) {
		expect(version).toBe('2.0');
		for (const { effect, action, resource } of statement) {
			expect(effect).toBe('allow');
			for (const one of resource) {
				const segments = one.split(':');
				expect(segments).toHaveLength(6);
				const [qcs, project, service, region, account, path] = segments;
				expect([qcs, project]).toEqual(['qcs', '']);
				expect(action.every((each) => each.startsWith(`${String(service)}:`))).toBe(true);
				expect(region).toMatch(/^[a-z]+-[a-z0-9-]+$/);
				expect(account).toMatch(/^uid\/\d+$/);
				expect(path).toMatch(
					service === 'ci' ? /^bucket\/[a-z0-9-]+-\d+\/.*\*$/ : /^[a-z0-9-]+-\d+\/.*\*$/,
				);
			}
		}
	}
});
