import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Permissions } from '../../../dev/sandbox/permissions/permissions';
import { isAllowed, readPolicy } from '../../../dev/sandbox/permissions/policy';
import { readPolicyArguments } from '../../../dev/sandbox/permissions/policyArguments';

const BUCKET = 'qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000';
const allow = (action: string | string[], resource: string | string[] = '*') => ({
	effect: 'allow',
	action,
	resource,
});
const policy = (...statement: unknown[]) => ({ version: '2.0', statement });
const get = (key: string) => ({ action: 'cos:GetObject', resource: `${BUCKET}/${key}` });

describe('a policy', () => {
	it.each([
		['the name of the action', allow('cos:GetObject')],
		['the name with "name/", as some pages of Tencent write it', allow('name/cos:GetObject')],
		['the start of the name', allow('cos:Get*')],
		['the service', allow('cos:*')],
		['every action', allow('*')],
		['one of a list', allow(['cos:PutObject', 'cos:GetObject'])],
		['the object', allow('*', `${BUCKET}/inbox/a.png`)],
		['the folder', allow('*', `${BUCKET}/inbox/*`)],
		['the start of a key, which need not be a folder', allow('*', `${BUCKET}/in*`)],
		['one of a list of resources', allow('*', [`${BUCKET}/x/*`, `${BUCKET}/inbox/*`])],
	])('allows what it names by %s', (_, statement) => {
		expect(isAllowed(readPolicy(policy(statement)), get('inbox/a.png'))).toBe(true);
	});

	it.each([
		['another action', allow('cos:PutObject')],
		['an action that begins with the same name', allow('cos:GetObjectACL')],
		['the action in lower case', allow('cos:getobject')],
		['another service', allow('ci:*')],
		['another object', allow('*', `${BUCKET}/inbox/a.pn`)],
		['a longer key', allow('*', `${BUCKET}/inbox/a.png2`)],
		['another folder', allow('*', `${BUCKET}/outbox/*`)],
		['a longer folder', allow('*', `${BUCKET}/inbox/a/*`)],
		['another bucket', allow('*', `${BUCKET}1/*`)],
		['another region', allow('*', `${BUCKET.replace('guangzhou', 'beijing')}/*`)],
		['another account', allow('*', `${BUCKET.replace('uid/1', 'uid/2')}/*`)],
	])('does not allow anything by %s', (_, statement) => {
		expect(isAllowed(readPolicy(policy(statement)), get('inbox/a.png'))).toBe(false);
	});

	it('denies what one statement denies, wherever it stands', () => {
		const deny = { effect: 'deny', action: 'cos:*', resource: `${BUCKET}/inbox/secret/*` };
		for (const statements of [
			[deny, allow('*')],
			[allow('*'), deny],
		]) {
			const read = readPolicy(policy(...statements));
			expect(isAllowed(read, get('inbox/secret/a.png'))).toBe(false);
			expect(isAllowed(read, get('inbox/a.png'))).toBe(true);
		}
		expect(isAllowed(readPolicy(policy(deny)), get('inbox/a.png'))).toBe(false);
	});
});

const RESOURCE_FORM = 'is not "*" or qcs::<service>:<region>:uid/<APPID>:<path>';

it.each<[name: string, value: unknown, message: string]>([
	['a list', [], 'The policy: it must be a JSON object.'],
	['no version', { statement: [allow('*')] }, 'version must be "2.0", not undefined.'],
	['another version', { version: 2, statement: [] }, 'version must be "2.0", not 2.'],
	['no statement', { version: '2.0' }, 'statement must be a list of at least one statement.'],
	['an empty list', policy(), 'statement must be a list of at least one statement.'],
	['a bucket policy', { ...policy(allow('*')), Principal: {} }, 'it has the field "Principal"'],
	['a text as statement', policy('allow'), 'statement 1 must be an object.'],
	[
		'a condition',
		policy(allow('*'), { ...allow('*'), condition: {} }),
		'statement 2 has the field "condition"; the sandbox knows effect, action, resource.',
	],
	[
		'another effect',
		policy({ ...allow('*'), effect: 'Allow' }),
		'statement 1: effect must be "allow" or "deny", not "Allow".',
	],
	[
		'no action',
		policy({ effect: 'allow', resource: '*' }),
		'statement 1: action must be a string, or a list of at least one string.',
	],
	['no actions', policy(allow([])), 'statement 1: action must be a string, or a list'],
	['an empty list of resources', policy(allow('*', [])), 'statement 1: resource must be a string'],
	['a number', policy({ ...allow('*'), resource: [1] }), 'statement 1: resource must be a string'],
	['an action without a service', policy(allow('GetObject')), '"GetObject" is not an action'],
	['a "*" in a name', policy(allow('cos:*Object')), '"cos:*Object" is not an action'],
	['a path alone', policy(allow('*', 'examplebucket-1250000000/*')), RESOURCE_FORM],
	['a resource without a path', policy(allow('*', BUCKET.replace(/:[^:]*$/, ''))), RESOURCE_FORM],
	['a "*" for the region', policy(allow('*', `${BUCKET.replace(/ap-\w+/, '*')}/*`)), RESOURCE_FORM],
	['a "*" in a key', policy(allow('*', `${BUCKET}/*.png`)), RESOURCE_FORM],
])('a policy with %s is rejected with the reason', (_name, value, message) => {
	expect(() => readPolicy(value)).toThrow(message);
});

describe('what is set while the sandbox runs', () => {
	const call = {
		kind: 'get',
		bucket: 'b-1',
		key: 'a.png',
		prefix: '',
		results: [],
		sets: { acl: false, tags: false },
	} as const;

	it('changes only what is given, and nothing if any of it is invalid', () => {
		const permissions = new Permissions('ap-guangzhou');
		expect(permissions.show()).toEqual({ reading: 'strict', document: null });
		permissions.set({ reading: 'lenient' });
		permissions.set({ document: policy(allow('cos:PutObject')) });
		const shown = permissions.show();
		expect(shown).toEqual({
			reading: 'lenient',
			document: policy(allow(['cos:PutObject'], ['*'])),
		});
		for (const invalid of [
			undefined,
			{ document: policy() },
			{ reading: 'loose' },
			{ reading: 'strict', document: policy() },
			{ reading: 'loose', document: policy(allow('*')) },
			{ policy: policy(allow('*')) },
		]) {
			expect(() => permissions.set(invalid)).toThrow(/must be|is set by/);
			expect(permissions.show()).toEqual(shown);
		}
		expect(() => permissions.check(call)).toThrow(
			'does not allow cos:GetObject on qcs::cos:ap-guangzhou:uid/1:b-1/a.png.',
		);
		permissions.clear();
		expect(permissions.show()).toEqual({ reading: 'lenient', document: null });
		expect(() => permissions.check(call)).not.toThrow();
	});
});

describe('the option --policy', () => {
	let folder: string;
	beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'policy-'))));
	afterAll(() => rmSync(folder, { recursive: true }));
	const file = (name: string, text: string) => {
		const path = join(folder, name);
		writeFileSync(path, text);
		return path;
	};

	it('takes a reading and a file in any order', () => {
		const path = file('good.json', JSON.stringify(policy(allow('cos:*'))));
		const document = policy(allow(['cos:*'], ['*']));
		expect(readPolicyArguments([])).toEqual({});
		expect(readPolicyArguments(['strict'])).toEqual({ reading: 'strict' });
		expect(readPolicyArguments([path])).toEqual({ document });
		expect(readPolicyArguments([path, 'lenient'])).toEqual({ reading: 'lenient', document });
		expect(readPolicyArguments(['strict', path])).toEqual({ reading: 'strict', document });
	});

	it('says which value is wrong, and why', () => {
		const broken = file('broken.json', '{');
		const empty = file('empty.json', '{"version": "2.0", "statement": []}');
		const missing = join(folder, 'Strict');
		expect(() => readPolicyArguments(['strict', 'lenient'])).toThrow('takes one reading');
		expect(() => readPolicyArguments([empty, broken])).toThrow('--policy takes one file, not "');
		expect(() => readPolicyArguments([broken])).toThrow(
			`--policy ${broken}: The policy: it is not JSON.`,
		);
		expect(() => readPolicyArguments([empty])).toThrow(
			`--policy ${empty}: The policy: statement must be a list of at least one statement.`,
		);
		expect(() => readPolicyArguments([missing])).toThrow(/^--policy \S+Strict: .*ENOENT/);
	});
});
