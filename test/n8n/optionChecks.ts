import assert from 'node:assert/strict';
import {
	NodeHelpers,
	type INode,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyOptions,
} from 'n8n-workflow';
import { Endings } from '../../dev/playground/childProcess';
import type { Installation } from '../../dev/playground/install';
import type { LocalWorkflow } from '../../dev/playground/localWorkflows';
import { NODE_TYPE } from '../../dev/packageNames';
import { properties } from '../../nodes/ImageRepair/parameters';
import { openBrowser, openFurtherWindow } from './browser';
import { Editor } from './editor';
import type { Report } from './report';
import { openStage, prepareStage } from './stage';

const ID = 'everyPair';
/** The more nodes a workflow has, the slower the editor. */
const NODES = 10;

const rectangles: INodeParameters = {
	rectangle: [
		{ corner: 'bottomRight', unit: 'percent', left: 2, top: 3, width: 20, height: 7 },
		{ corner: 'topLeft', unit: 'pixels', left: 5, top: 6, width: 70, height: 8 },
	],
};
const mask: INodeParameters = { __rl: true, mode: 'list', value: 'masks/logo.png' };
const row: INodeParameters = {
	resultKey: 'second/{name}{extension}',
	area: 'rectangles',
	rectangles,
	destinationBucket: 'otherbucket-1250000000',
};
const image: INodeParameters = { __rl: true, mode: 'list', value: 'inbox/harbour.jpg' };
const forEach = { dryRun: true, maxBilledCalls: 5, retries: 2, checkAreaFirst: false };
const forResults: INodeParameters = {
	resultKey: 'clean/{name}{extension}',
	downloadResult: true,
	outputBinaryPropertyName: 'image',
	options: {
		...forEach,
		additionalResults: { result: [row] },
		returnImageInformation: true,
		simplify: false,
		skipExisting: true,
	},
};
const area: INodeParameters = { area: 'rectangles', rectangles };

const ofBoth: INodeParameters = {
	minConfidence: 70,
	searchIn: 'rectangles',
	searchRectangles: rectangles,
};
const ofTexts: INodeParameters = {
	textFilter: 'matches',
	texts: ['shop-?.com*'],
	exactText: true,
	language: 'jap',
};
const ofLogos: INodeParameters = { logoFilter: 'oneOf', logoNames: ['Taobao'] };
const grown: INodeParameters = { growArea: 3, growUnit: 'pixels' };
const found: INodeParameters = { ...ofBoth, ifNothingFound: 'fail', ...grown };

/** A node of each mode with something in each field that can be lost. */
const FILLED: Readonly<Record<string, INodeParameters>> = {
	download: {
		operation: 'download',
		objectKey: image,
		...area,
		outputBinaryPropertyName: 'image',
		options: forEach,
	},
	upload: {
		operation: 'upload',
		binaryPropertyName: 'file',
		storeAs: 'inbox/',
		...area,
		...forResults,
		uploadSettings: {
			acl: 'private',
			encryption: 'AES256',
			metadata: { entry: [{ name: 'from', value: 'shop' }] },
			storageClass: 'STANDARD',
			tags: { tag: [{ name: 'a', value: 'b' }] },
		},
		options: { ...(forResults.options as INodeParameters), ifKeyExists: 'fail' },
	},
	cloud: { operation: 'cloud', objectKey: image, ...area, ...forResults },
	detect: {
		operation: 'detect',
		objectKey: image,
		lookFor: 'both',
		...ofTexts,
		...ofLogos,
		...ofBoth,
		options: { retries: 2 },
	},
	getMany: {
		operation: 'getMany',
		folder: { __rl: true, mode: 'path', value: 'inbox' },
		fileTypes: ['image/png'],
		resultKeys: ['clean/{name}{extension}'],
		sortBy: 'newest',
		options: { retries: 2 },
	},
};

/** The areas that a node of `cloud` is changed from, each with what belongs to it. */
const AREAS: Readonly<Record<string, INodeParameters>> = {
	automatic: { area: 'automatic' },
	polygons: {
		area: 'polygons',
		polygons: '[[[1,2],[9,2],[9,9]]]',
		coordinates: 'perMille',
		origin: 'center',
		...grown,
	},
	rectangles: { ...area, ...grown },
	text: { area: 'text', ...ofTexts, ...found },
	logo: { area: 'logo', ...ofLogos, ...found },
	mask: {
		area: 'mask',
		maskSource: 'object',
		maskObjectKey: mask,
	},
};
const MASKS: Readonly<Record<string, INodeParameters>> = {
	url: { maskSource: 'url', maskUrl: 'https://example.com/mask.png' },
	object: AREAS.mask ?? {},
	binary: { maskSource: 'binary', maskBinaryPropertyName: 'logo' },
};

/** One change in the editor. */
interface Change {
	/** Of the node. */
	readonly name: string;
	/** What the field had before, for the report. */
	readonly from: string;
	readonly parameters: INodeParameters;
	/** The field that is changed, and where it is in the parameters. */
	readonly field: string;
	readonly path: string;
	/** The values to choose, one after the other. */
	readonly values: readonly string[];
	/** The collection whose rows have the field; without, it is one of the node. */
	readonly within?: string;
}

/** Fields, and those within their collections. */
function withInner(fields: readonly INodeProperties[]): INodeProperties[] {
	return fields.flatMap((field) => {
		const inner = (field.options ?? []).flatMap((option) => {
			if ('values' in option) return option.values;
			return 'displayName' in option ? [option] : [];
		});
		return [field, ...withInner(inner)];
	});
}

const FIELDS = withInner(properties);

/** The label of a value, as the editor lists it. */
function labelOf(field: string, value: string): string {
	const options = FIELDS.filter(({ name }) => name === field).flatMap(
		(property) => (property.options ?? []) as INodePropertyOptions[],
	);
	const label = options.find((option) => option.value === value)?.name;
	assert.ok(label, `${field} has no ${value}`);
	return label;
}

function pairs(values: readonly string[]): Array<[string, string]> {
	return values.flatMap((a) => values.filter((b) => b !== a).map((b): [string, string] => [a, b]));
}

/** The modes and areas that have fields in common with a newer one, which is changed from and to these alone. */
const SHARING: Readonly<Record<string, readonly string[]>> = {
	detect: ['cloud', 'getMany'],
	text: ['logo', 'polygons', 'rectangles'],
	logo: ['text'],
};

function share(a: string, b: string): boolean {
	return (SHARING[a]?.includes(b) ?? true) && (SHARING[b]?.includes(a) ?? true);
}

function sharingPairs(values: readonly string[]): Array<[string, string]> {
	return pairs(values).filter(([a, b]) => share(a, b));
}

/** Whether other fields are shown or hidden by the value of a field. */
function hasDependants(field: string): boolean {
	return FIELDS.some(({ displayOptions }) => {
		const names = Object.keys({ ...displayOptions?.show, ...displayOptions?.hide });
		return names.some((name) => name.replace('/', '') === field);
	});
}

/** All values of a choice. */
function valuesOf(field: string): string[] {
	const property = FIELDS.find(({ name }) => name === field);
	const values = (property?.options ?? []).map((option) => ('value' in option ? option.value : ''));
	assert.ok(values.length > 0, `${field} has no values`);
	return values.map(String);
}

const cloud = FILLED.cloud ?? {};
/** Without an area, so that nothing is left of one that is hidden. */
const bare: INodeParameters = { operation: 'cloud', objectKey: image, ...forResults };
/**
 * All values in one walk: in every pair, both ways, where other fields depend on the choice, and otherwise
 * one after the other.
 */
function walk(field: string): string[] {
	const values = valuesOf(field);
	return !hasDependants(field)
		? values
		: values.flatMap((value, index) => [
				value,
				...values
					.slice(index + 1)
					.filter((other) => share(value, other))
					.flatMap((other) => [other, value]),
			]);
}

/**
 * A node for each pair of options that show and hide other fields, as far as one could take something from
 * the other, and one walk for each other choice.
 */
function allChanges(): Change[] {
	const mode = 'operation';
	const upload = FILLED.upload ?? {};
	const settings = (field: string) => ({
		parameters: upload,
		field,
		path: `uploadSettings.${field}`,
		values: walk(field),
	});
	const ofRectangle = (field: string) => ({
		parameters: cloud,
		field,
		path: `rectangles.rectangle[0].${field}`,
		values: walk(field),
	});
	/** What is hidden on the way is not in them. */
	const ofArea = (field: string, parameters: INodeParameters = {}) => ({
		parameters: { ...bare, ...parameters },
		field,
		path: field,
		values: walk(field),
	});
	const ofRow = (field: string, area: string, last: string) => {
		// As in the fields of the node, what is hidden on the way is not kept.
		const first = { resultKey: row.resultKey, area, destinationBucket: row.destinationBucket };
		return {
			parameters: {
				...bare,
				options: { ...forEach, additionalResults: { result: [first, row] } },
			},
			field,
			path: `options.additionalResults.result[0].${field}`,
			within: 'additionalResults',
			// Menus in rows are slow; every pair is walked in the fields of the node.
			values: [...valuesOf(field), last],
		};
	};
	return [
		...sharingPairs(Object.keys(FILLED)).map(([from, to]) => ({
			from,
			parameters: FILLED[from] ?? {},
			field: mode,
			path: mode,
			values: [to],
		})),
		...sharingPairs(Object.keys(AREAS)).map(([from, to]) => ({
			from,
			parameters: { ...bare, ...AREAS[from] },
			field: 'area',
			path: 'area',
			values: [to],
		})),
		// What is found has a margin by default, what is entered has none.
		...['rectangles', 'text'].map((from) => ({
			from: `${from} with the default margin`,
			parameters: { ...bare, ...(from === 'text' ? { area: 'text', ...ofTexts } : area) },
			field: 'area',
			path: 'area',
			values: [from === 'text' ? 'rectangles' : 'text'],
		})),
		...pairs(Object.keys(MASKS)).map(([from, to]) => ({
			from,
			parameters: { ...bare, area: 'mask', ...MASKS[from] },
			field: 'maskSource',
			path: 'maskSource',
			values: [to],
		})),
		ofRectangle('corner'),
		ofRectangle('unit'),
		ofRow('area', 'automatic', 'rectangles'),
		ofRow('maskSource', 'mask', 'binary'),
		ofArea('coordinates', AREAS.polygons),
		ofArea('origin', AREAS.polygons),
		ofArea('growUnit', AREAS.rectangles),
		ofArea('textFilter', { area: 'text', language: 'jap', ...found }),
		// All would be 23 menus; nothing depends on them.
		{ ...ofArea('language', AREAS.text), values: ['vie', 'ara', 'auto'] },
		ofArea('logoFilter', { area: 'logo', ...found }),
		ofArea('searchIn', { area: 'text', ...ofTexts, minConfidence: 70 }),
		ofArea('ifNothingFound', AREAS.logo),
		{
			parameters: { operation: 'detect', objectKey: image, ...ofBoth },
			field: 'lookFor',
			path: 'lookFor',
			values: walk('lookFor'),
		},
		settings('acl'),
		settings('storageClass'),
		settings('encryption'),
		{
			parameters: upload,
			field: 'ifKeyExists',
			path: 'options.ifKeyExists',
			values: walk('ifKeyExists'),
		},
		{
			parameters: FILLED.getMany ?? {},
			field: 'sortBy',
			path: 'sortBy',
			values: walk('sortBy'),
		},
	].map((change, index) => ({ from: '', ...change, name: `Node ${String(index)}` }));
}

const nodeOf = ({ name, parameters }: Change, index: number): INode => ({
	id: `node-${String(index)}`,
	name,
	type: NODE_TYPE,
	typeVersion: 1,
	position: [(index % 8) * 240, Math.floor(index / 8) * 180],
	parameters,
});

const idOfPart = (index: number) => `${ID}${String(index)}`;

function workflowOf(changes: readonly Change[], index: number): LocalWorkflow {
	return {
		id: idOfPart(index),
		name: `Every pair of options, ${String(index + 1)}`,
		nodes: changes.map(nodeOf),
		connections: {},
		active: false,
		settings: { executionOrder: 'v1' },
	};
}

/** What the editor shows of a node: its fields with their values, defaults included. */
function shown(node: INode, parameters: INodeParameters): INodeParameters {
	const found = NodeHelpers.getNodeParameters(properties, parameters, true, false, node, null);
	return found ?? {};
}

/** Locators whose way to name a thing is not offered by the field as it is shown. */
function invalidLocators(node: INode, parameters: INodeParameters): string[] {
	return properties.flatMap((property) => {
		const value = parameters[property.name] as { mode?: string } | undefined;
		const isShown = NodeHelpers.displayParameter(parameters, property, node, null);
		if (property.type !== 'resourceLocator' || !isShown || value === undefined) return [];
		const offered = property.modes?.map(({ name }) => name) ?? [];
		return offered.includes(value.mode ?? '') ? [] : [`${property.name}: ${String(value.mode)}`];
	});
}

/** The parameters with another value at a path such as `rectangles.rectangle[0].unit`. */
function withValue(parameters: INodeParameters, path: string, value: string): INodeParameters {
	// Rows that two fields share must not be changed in both.
	const changed = JSON.parse(JSON.stringify(parameters)) as INodeParameters;
	const steps = path.replace(/\[(\d+)\]/g, '.$1').split('.');
	const last = steps.pop() ?? '';
	const parent = steps.reduce<INodeParameters>((at, step) => at[step] as INodeParameters, changed);
	parent[last] = value;
	return changed;
}

async function makeChange(editor: Editor, { name, field, values, within }: Change): Promise<void> {
	await editor.openNode(name);
	for (const value of values) {
		await editor.chooseExactly(field, labelOf(field, value), within);
	}
	await editor.closeNode();
}

async function checkSaved(
	report: Report,
	changes: readonly Change[],
	nodes: ReadonlyArray<{ name: string; parameters: object }>,
): Promise<void> {
	for (const [index, change] of changes.entries()) {
		const { name, from, path, parameters, values } = change;
		const to = values.at(-1) ?? '';
		const what = values.length > 1 ? `all values, and then ${to}` : `${from} to ${to}`;
		await report.check(`${path}, ${what}: keeps what is still shown`, () => {
			const node = nodeOf(change, index);
			const wanted = withValue(parameters, path, to);
			const saved = nodes.find((one) => one.name === name)?.parameters as INodeParameters;
			assert.deepEqual(shown(node, saved), shown(node, wanted));
			assert.deepEqual(invalidLocators(node, shown(node, saved)), []);
		});
	}
}

/**
 * Changes every choice of the node in the editor, in all directions, and holds what is saved against what
 * the fields of the new choice had before: nothing that is still shown may be lost, or no longer be valid.
 */
export async function checkOptions(installation: Installation, report: Report): Promise<void> {
	const { version } = installation.release;
	report.heading(`Every pair of options in the editor of n8n ${version}`);
	const endings = new Endings();
	try {
		const changes = allChanges();
		const parts = Array.from({ length: Math.ceil(changes.length / NODES) }, (_, index) =>
			changes.slice(index * NODES, (index + 1) * NODES),
		);
		const stage = await prepareStage(installation, endings, {
			adapt: (workflows) => [...workflows, ...parts.map(workflowOf)],
		});
		const { server, client } = await openStage(stage, endings);
		const { browser, page } = await openBrowser();
		endings.add(async () => await browser.close());
		const editor = new Editor(page, server.url);
		await editor.logIn();
		const left = [...parts.entries()];
		const changeAll = async (one: Editor) => {
			for (let next = left.shift(); next; next = left.shift()) {
				const [index, part] = next;
				const id = idOfPart(index);
				const made = await report.check(`${String(part.length)} nodes are changed`, async () => {
					await one.openWorkflow(id);
					await one.part('zoom-to-fit').click();
					for (const change of part) await makeChange(one, change);
					await one.save();
				});
				if (made) await checkSaved(report, part, (await client.workflow(id)).nodes);
			}
		};
		// The editor keeps one processor busy, and the server waits for it.
		const other = new Editor(await openFurtherWindow(browser, page), server.url);
		await other.openHome();
		await Promise.all([changeAll(editor), changeAll(other)]);
	} finally {
		await endings.run();
	}
}
