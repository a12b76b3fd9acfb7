import Ajv, { type AnySchema } from 'ajv';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/**
 * Checks the files in .github/ against GitHub's documentation
 * ("Syntax for GitHub's form schema", "Configuring issue templates", "Dependabot options reference").
 */

const ROOT = join(__dirname, '../../..');
const FORMS = '.github/ISSUE_TEMPLATE';
const read = (name: string): unknown => parse(readFileSync(join(ROOT, name), 'utf8'));
const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });

function expectValid(schema: AnySchema, value: unknown): void {
	const valid = ajv.validate(schema, value);
	expect(ajv.errorsText()).toBe('No errors');
	expect(valid).toBe(true);
}

const text = { type: 'string', minLength: 1 };
const object = (properties: Record<string, AnySchema>, required: string[]) => ({
	type: 'object',
	properties,
	required,
	additionalProperties: false,
});
const list = (items: AnySchema) => ({ type: 'array', items, minItems: 1, uniqueItems: true });

const validations = object({ required: { type: 'boolean' } }, ['required']);
const about = { label: text, description: text };
const element = (type: string, attributes: AnySchema) =>
	object(
		{
			type: { const: type },
			id: { type: 'string', pattern: '^[a-z0-9_-]+$' },
			attributes,
			validations,
		},
		['type', 'attributes'],
	);
const FORM = object(
	{
		name: text,
		description: text,
		title: text,
		labels: list(text),
		body: list({
			anyOf: [
				element('markdown', object({ value: text }, ['value'])),
				element(
					'textarea',
					object({ ...about, placeholder: text, value: text, render: text }, ['label']),
				),
				element('input', object({ ...about, placeholder: text, value: text }, ['label'])),
				element(
					'dropdown',
					object({ ...about, multiple: { type: 'boolean' }, options: list(text) }, [
						'label',
						'options',
					]),
				),
				element(
					'checkboxes',
					object(
						{
							...about,
							options: list(object({ label: text, required: { type: 'boolean' } }, ['label'])),
						},
						['label', 'options'],
					),
				),
			],
		}),
	},
	['name', 'description', 'body'],
);

const CHOOSER = object(
	{
		blank_issues_enabled: { type: 'boolean' },
		contact_links: list(
			object({ name: text, url: { type: 'string', pattern: '^https://' }, about: text }, [
				'name',
				'url',
				'about',
			]),
		),
	},
	[],
);

const DEPENDABOT = object(
	{
		version: { const: 2 },
		updates: list(
			object(
				{
					'package-ecosystem': { enum: ['npm', 'github-actions'] },
					directory: { const: '/' },
					schedule: object({ interval: { enum: ['daily', 'weekly', 'monthly'] } }, ['interval']),
					'commit-message': object({ prefix: text }, ['prefix']),
					groups: {
						type: 'object',
						minProperties: 1,
						additionalProperties: object(
							{
								patterns: list(text),
								'exclude-patterns': list(text),
								'dependency-type': { enum: ['development', 'production'] },
							},
							[],
						),
					},
					ignore: list(
						object(
							{
								'dependency-name': text,
								'update-types': list({ enum: ['version-update:semver-major'] }),
							},
							['dependency-name'],
						),
					),
				},
				['package-ecosystem', 'directory', 'schedule', 'groups'],
			),
		),
	},
	['version', 'updates'],
);

const forms = readdirSync(join(ROOT, FORMS)).filter((name) => name !== 'config.yml');

test('there is a form for bugs and one for feature requests', () => {
	expect(forms).toEqual(['bug.yml', 'feature.yml']);
});

test.each(forms)('%s is a valid form in which each field appears once', (name) => {
	const form = read(`${FORMS}/${name}`) as {
		body: Array<{ id?: string; attributes: { label?: string } }>;
	};
	expectValid(FORM, form);
	for (const values of [
		form.body.flatMap(({ id }) => id ?? []),
		form.body.flatMap(({ attributes }) => attributes.label ?? []),
	]) {
		expect(new Set(values).size).toBe(values.length);
	}
});

test('the bug form warns not to paste a key', () => {
	expect(JSON.stringify(read(`${FORMS}/bug.yml`))).toMatch(/never paste a Secret ID/);
});

test('opening an issue shows a link to the troubleshooting page first', () => {
	const chooser = read(`${FORMS}/config.yml`);
	expectValid(CHOOSER, chooser);
	expect(JSON.stringify(chooser)).toContain('docs/troubleshooting.md');
});

test('Dependabot keeps packages and actions up to date, in groups', () => {
	const dependabot = read('.github/dependabot.yml') as {
		updates: Array<{ 'package-ecosystem': string }>;
	};
	expectValid(DEPENDABOT, dependabot);
	expect(dependabot.updates.map((update) => update['package-ecosystem'])).toEqual([
		'npm',
		'github-actions',
	]);
});

test('Dependabot names only packages that are used', () => {
	const { updates } = read('.github/dependabot.yml') as {
		updates: Array<{ groups: Record<string, { patterns?: string[] }> }>;
	};
	const { devDependencies } = read('package.json') as { devDependencies: object };
	const names = Object.keys(devDependencies);
	const patterns = updates.flatMap(({ groups }) =>
		Object.values(groups).flatMap((group) => group.patterns ?? []),
	);
	expect(patterns).toContain('crypto-js');
	for (const pattern of patterns) {
		const start = pattern.replace(/\*$/, '');
		expect([pattern, names.some((name) => name.startsWith(start))]).toEqual([pattern, true]);
	}
});
