import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

import { LABELS } from './labels';

/** One message of the code, with … where a value stands. */
export interface Message {
	message: string;
	advice: string;
	/** Found before anything is sent, or on the way to the service and back. */
	kind: 'input' | 'connection';
}

const ROOT = join(__dirname, '../../..');

function sources(folder: string): string[] {
	return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.map((name) => join(ROOT, folder, name))
		.sort();
}

/** The text of a string or template, … for what is filled in; both sides of a choice. */
function texts(node: ts.Expression | undefined, constants: ReadonlyMap<string, string>): string[] {
	if (node === undefined) return [];
	if (ts.isStringLiteralLike(node)) return [node.text];
	if (ts.isTemplateExpression(node)) {
		const rest = node.templateSpans.map(({ expression, literal }) => {
			const constant = ts.isIdentifier(expression) ? constants.get(expression.text) : undefined;
			return (constant ?? '…') + literal.text;
		});
		return [node.head.text + rest.join('')];
	}
	if (ts.isConditionalExpression(node)) {
		return [...texts(node.whenTrue, constants), ...texts(node.whenFalse, constants)];
	}
	if (ts.isIdentifier(node)) {
		const constant = constants.get(node.text);
		return constant === undefined ? [] : [constant];
	}
	return [];
}

/** Constants of the file that hold plain text. */
function textConstants(file: ts.SourceFile): Map<string, string> {
	const constants = new Map<string, string>();
	const visit = (node: ts.Node): void => {
		if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer) {
			const [text] = texts(node.initializer, constants);
			const isConstant = /^[A-Z_]+$|^advice$/.test(node.name.text);
			if (isConstant && text !== undefined) constants.set(node.name.text, text);
		}
		ts.forEachChild(node, visit);
	};
	visit(file);
	return constants;
}

/** A local function that makes the refusal out of the text it is given. */
interface Factory {
	name: string;
	/** Where it stands in the file: a call means the nearest one before it. */
	position: number;
	field: string;
	advice: string;
}

function enclosingFunction(node: ts.Node): ts.SignatureDeclaration | undefined {
	return ts.findAncestor(node.parent, ts.isFunctionLike);
}

function nameOf(declaration: ts.SignatureDeclaration): string | undefined {
	if (declaration.name && ts.isIdentifier(declaration.name)) return declaration.name.text;
	const { parent } = declaration;
	return ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)
		? parent.name.text
		: undefined;
}

function label(field: ts.Expression | undefined): string {
	if (field && ts.isStringLiteralLike(field)) return LABELS[field.text] ?? field.text;
	return '*The field*';
}

/** The label a parameter's default stands for: `field: … = 'polygons'`. */
function defaultLabel(declaration: ts.SignatureDeclaration, name: string): string {
	const parameter = declaration.parameters.find((one) => one.name.getText() === name);
	return label(parameter?.initializer);
}

function collect(path: string): Message[] {
	const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);
	const constants = textConstants(file);
	const factories: Factory[] = [];
	const messages: Message[] = [];
	const add = (
		kind: Message['kind'],
		subject: string,
		what: ts.Expression | undefined,
		advice: string,
	) => {
		for (const text of texts(what, constants)) {
			messages.push({ kind, message: `${subject} ${text}`.trim(), advice });
		}
	};

	const findRefusals = (node: ts.Node): void => {
		if (ts.isNewExpression(node) && ts.isIdentifier(node.expression)) {
			const [first, second, third] = node.arguments ?? [];
			const owner = enclosingFunction(node);
			if (node.expression.text === 'InvalidInput' && second) {
				const advice = texts(third, constants)[0] ?? '';
				const isFactory =
					owner?.parameters.some((one) => one.name.getText() === second.getText()) === true;
				if (isFactory) {
					const own = third && texts(third, constants).length === 0;
					factories.push({
						name: nameOf(owner) ?? '',
						position: owner.pos,
						field: first && ts.isIdentifier(first) ? defaultLabel(owner, first.text) : label(first),
						advice: own ? (constants.get('ADVICE') ?? '') : advice,
					});
				} else {
					add('input', label(first), second, advice);
				}
			}
			if (node.expression.text === 'ConnectionFailed') {
				add('connection', '', first, texts(second, constants)[0] ?? '');
			}
			if (node.expression.text === 'UnreadableAnswer') {
				add(
					'connection',
					'',
					first,
					'If this was the repair itself, look for the result in the bucket before you run the item again: it may have been done and billed.',
				);
			}
		}
		ts.forEachChild(node, findRefusals);
	};
	findRefusals(file);

	const findFactoryCalls = (node: ts.Node): void => {
		if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
			const { text: called } = node.expression;
			const factory = factories.findLast(
				({ name, position }) => name === called && position < node.pos,
			);
			if (factory) {
				const [what, advice, field] = node.arguments;
				const own = texts(advice, constants)[0];
				add('input', field ? label(field) : factory.field, what, own ?? factory.advice);
			}
		}
		ts.forEachChild(node, findFactoryCalls);
	};
	findFactoryCalls(file);
	return messages;
}

/** Every message but the service's own (see cos/failure.ts), in the order of the files, each once. */
export function allMessages(): Message[] {
	const found = [...sources('cos'), ...sources('nodes')].flatMap(collect);
	return [...new Map(found.map((one) => [one.message, one])).values()];
}
