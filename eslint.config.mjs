import { configs as communityNodes } from '@n8n/eslint-plugin-community-nodes';
import { buildScanConfig } from '@n8n/scan-community-package/scanner/scanner.mjs';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * What n8n's own gate checks, on the files it checks and on the rest of what ships. Its rules for
 * community nodes are taken from their newest version, as the gate itself still brings an older one.
 */
const SHIPPED = ['package.json', 'index.js', '{nodes,credentials,cos}/**/*.ts'];
const PLUGIN = '@n8n/community-nodes';
const gate = (await buildScanConfig()).filter(({ plugins }) => plugins?.[PLUGIN] === undefined);
const shipped = [
	{ ...communityNodes.recommended, files: SHIPPED },
	...gate.map((config) => ({ ...config, files: config.files ?? SHIPPED })),
];

export default defineConfig(
	globalIgnores([
		'dist/',
		'docs/',
		'build/',
		'coverage/',
		'dev/demo/output/',
		'dev/bench/results/',
	]),
	...shipped,
	{
		files: ['**/*.{ts,tsx,js,mjs}'],
		extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
		languageOptions: {
			parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
		},
		rules: {
			'@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
			'@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
			'@typescript-eslint/return-await': ['error', 'always'],
			'@typescript-eslint/consistent-type-definitions': 'off',
			'@typescript-eslint/array-type': ['error', { default: 'array-simple' }],
			'@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
		},
	},
	{
		files: ['picker/**/*.{ts,tsx}'],
		rules: { 'no-console': 'error' },
	},
	{
		// Read by tools, or shipped, as CommonJS.
		files: ['**/*.js'],
		rules: {
			'@typescript-eslint/no-require-imports': 'off',
			// What is taken out of a required module counts as a method.
			'@typescript-eslint/unbound-method': 'off',
		},
	},
	{
		// n8n's interfaces want async functions where a stand-in has nothing to wait for.
		files: ['dev/engine/**/*.ts', 'test/**/*.ts'],
		rules: {
			'@typescript-eslint/require-await': 'off',
			'@typescript-eslint/no-base-to-string': 'off',
		},
	},
);
