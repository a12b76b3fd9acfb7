import { InvalidInput } from '../invalidInput';
import { isRecord, show } from '../values';
import { valuesOfText } from './jsonText';
import { fieldsOf, isNumberList, looksLikeCorner, numberIn, type Fields } from './numbers';
import {
	outlineOf,
	refuseFour,
	shapePartsOf,
	shapesOfRecord,
	type FoundShape,
	type Origin,
	type ToldUnit,
} from './oneShape';

/** What a detector says of a shape, as far as it is told. */
interface Remarks {
	readonly label?: string;
	readonly confidence?: number;
}

export type RemarkedShape = FoundShape & Remarks;

/** What is known where a value stands. */
interface Place extends Remarks {
	readonly told?: ToldUnit;
	readonly inRecord: boolean;
}

/** What came out of a value. `text`: perhaps a shape, in the text of a model. */
type Outcome = 'shapes' | 'text' | 'empty' | 'none';

const OUTCOMES: readonly Outcome[] = ['shapes', 'text', 'empty', 'none'];

const best = (outcomes: readonly Outcome[]): Outcome =>
	OUTCOMES.find((outcome) => outcomes.includes(outcome)) ?? 'none';

/** More levels than any detector's response has. */
const MOST_LEVELS = 64;

function isDeeper(value: unknown, levels: number): boolean {
	if (typeof value !== 'object' || value === null) return false;
	return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

const LABELS = [
	...['label', 'name', 'class', 'classname', 'detectedtext', 'description', 'text', 'title'],
	...['object', 'category', 'brand'],
];
const CONFIDENCES = ['confidence', 'score', 'probability', 'conf'];
/** Characters; a whole page of recognised text is no label. */
const MOST_OF_LABEL = 100;

function remarksOf(fields: Fields): Remarks {
	const label = LABELS.map((name) => fields.get(name)).find(
		(value) => typeof value === 'string' && value.trim() !== '',
	);
	const confidence = numberIn(fields, CONFIDENCES);
	if (typeof label !== 'string' && confidence === undefined) return tagOf(fields);
	return {
		...(typeof label === 'string' && { label: label.trim().slice(0, MOST_OF_LABEL) }),
		...(confidence !== undefined && { confidence }),
	};
}

/** Azure names an object by a list of tags. */
function tagOf(fields: Fields): Remarks {
	const tags = fields.get('tags');
	const list: readonly unknown[] = Array.isArray(tags) ? tags : [];
	const [tag] = list;
	return isRecord(tag) ? remarksOf(fieldsOf({ ...tag, tags: undefined })) : {};
}

/** Where services of language models put what the model wrote. */
const WRITINGS = [
	...['text', 'content', 'output', 'response', 'message', 'result', 'answer', 'completion'],
	...['outputtext', 'generatedtext', 'arguments'],
];

/** Whether a text could hold JSON with shapes. */
const canHoldJson = (text: string) => /^\s*[[{]|```|[[{]\s*["[{]/.test(text);

class Finder {
	readonly found: RemarkedShape[] = [];
	/** Read only when there is no shape outside of texts: words that were read off an image may look like JSON. */
	readonly writings: string[] = [];

	constructor(private readonly origin: Origin) {}

	private get next(): number {
		return this.found.length + 1;
	}

	private keep(shapes: readonly FoundShape[], { label, confidence }: Remarks): Outcome {
		const remarks = {
			...(label !== undefined && { label }),
			...(confidence !== undefined && { confidence }),
		};
		this.found.push(...shapes.map((shape) => ({ ...shape, ...remarks })));
		return 'shapes';
	}

	private find(value: unknown, place: Place): Outcome {
		if (isRecord(value)) return this.inRecord(value, place);
		if (!Array.isArray(value)) return 'none';
		return place.inRecord ? this.inNamedList(value, place) : this.inBareList(value, place);
	}

	/** @throws InvalidInput for what has no shapes and does not say that there are none, too */
	findAny(value: unknown): void {
		if (isDeeper(value, MOST_LEVELS)) {
			throw new InvalidInput('polygons', 'polygons.tooDeep', { limit: MOST_LEVELS });
		}
		if (!isRecord(value) && !Array.isArray(value)) {
			throw new InvalidInput('polygons', 'polygons.notList', { shown: show(value) });
		}
		const polygon = this.next;
		if (this.find(value, { inRecord: false }) === 'none') this.refuse(value, polygon);
	}

	private inRecord(record: Readonly<Record<string, unknown>>, around: Place): Outcome {
		const fields = fieldsOf(record);
		if (fields.size === 0) return around.inRecord ? 'empty' : 'none';
		// Textract begins with the page as a whole, which is nothing that it has found.
		if (fields.get('blocktype') === 'PAGE') return 'empty';
		// "Geometry" with a capital is AWS, which counts in fractions.
		const told = 'Geometry' in record ? ('fractions' as const) : around.told;
		const place: Place = { ...around, ...remarksOf(fields), told, inRecord: true };
		const shapes = shapesOfRecord(record, fields, {
			origin: this.origin,
			told,
			polygon: this.next,
		});
		if (shapes.length > 0) return this.keep(shapes, place);
		for (const part of shapePartsOf(fields)) {
			const outcome = this.find(part, place);
			if (outcome === 'shapes') return outcome;
		}
		const outcomes = [...fields].map(([name, value]): Outcome => {
			if (typeof value !== 'string') return this.find(value, place);
			if (!WRITINGS.includes(name) || !canHoldJson(value)) return 'none';
			this.writings.push(value);
			return 'text';
		});
		return best(outcomes);
	}

	/** A list under a name: of shapes, or of anything else. It is one of shapes when it holds one. */
	private inNamedList(list: readonly unknown[], place: Place): Outcome {
		if (list.length === 0) return 'empty';
		if (isNumberList(list)) return 'none';
		if (list.every((entry) => looksLikeCorner(entry))) {
			const isOutline = list.length > 2 && list.every((entry) => isRecord(entry) || isPair(entry));
			if (!isOutline) return 'none';
			return this.keep([outlineOf(list, { polygon: this.next, told: place.told })], place);
		}
		const entries = list.map((entry) => {
			const polygon = this.next;
			return { entry, polygon, outcome: this.find(entry, place) };
		});
		const outcome = best(entries.map((one) => one.outcome));
		const stray = entries.find((one) => one.outcome === 'none');
		if (outcome === 'shapes' && stray) this.refuse(stray.entry, stray.polygon);
		return outcome;
	}

	/** A list that stands in no record: corners, or shapes and nothing else. */
	private inBareList(list: readonly unknown[], place: Place): Outcome {
		const [first] = list;
		if (list.length === 0) return 'empty';
		if (isNumberList(list) && list.length === 4) refuseFour(list, this.next);
		if (looksLikeCorner(first)) return this.outline(list);
		return best(
			list.map((entry) => {
				const polygon = this.next;
				if (!isRecord(entry) && !Array.isArray(entry)) return this.refuse(entry, polygon);
				if (Array.isArray(entry) && !isListOfRecords(entry)) return this.outline(entry);
				const outcome = this.find(entry, place);
				return outcome === 'none' ? this.refuse(entry, polygon) : outcome;
			}),
		);
	}

	private outline(list: readonly unknown[]): Outcome {
		const [first] = list;
		if (isNumberList(first) && first.length === 4) refuseFour(first, this.next);
		const shape = outlineOf(list, { polygon: this.next, told: undefined }, { named: false });
		return this.keep([shape], {});
	}

	private refuse(entry: unknown, polygon: number): never {
		const reason = isRecord(entry) ? 'box.notNumbers' : 'polygon.notList';
		throw new InvalidInput('polygons', reason, { polygon, shown: show(entry) });
	}
}

const isPair = (value: unknown) => Array.isArray(value) && value.length === 2;

function isListOfRecords(list: readonly unknown[]): boolean {
	const [first] = list;
	return isRecord(first) && !looksLikeCorner(first);
}

/**
 * Finds the shapes in what people and detectors give: in JSON text or a value; in lists, and in records
 * whatever their names are. Fields beside the shapes are passed over, but nothing in a list of shapes is.
 *
 * @throws InvalidInput that names the shape, counted from 1, or when there is none
 */
export function findShapes(input: unknown, origin: Origin): RemarkedShape[] {
	const read = typeof input === 'string' ? valuesOfText(input) : { values: [input] };
	if (read.refused) throw read.refused;
	const finder = new Finder(origin);
	for (const value of read.values) finder.findAny(value);
	if (finder.found.length > 0) return finder.found;
	const refusals = finder.writings.flatMap((text) => {
		const { values = [], refused } = valuesOfText(text);
		for (const value of values) finder.findAny(value);
		return refused ?? [];
	});
	if (finder.found.length > 0) return finder.found;
	throw refusals[0] ?? new InvalidInput('polygons', 'polygons.none', {});
}
