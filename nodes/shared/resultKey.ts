import { LABELS } from './messages';
import { InvalidParameter } from './invalidParameter';

/** The placeholders of a result key, and what they become for `photos/cat.final.jpg`. */
export const PLACEHOLDERS = {
	'{folder}': 'the folder of the source with its "/" (photos/), or nothing',
	'{name}': 'the file name without extension (cat.final)',
	'{extension}': 'the extension with its dot (.jpg), or nothing',
} as const;

export const DEFAULT_RESULT_KEY = '{name}-repaired{extension}';

/** The parts of a key. An extension has its dot; a name whose only dot comes first (".hidden") has none. */
export function keyParts(key: string): { folder: string; name: string; extension: string } {
	const slash = key.lastIndexOf('/') + 1;
	const fileName = key.slice(slash);
	const dot = fileName.lastIndexOf('.');
	const nameEnd = dot > 0 ? dot : fileName.length;
	return {
		folder: key.slice(0, slash),
		name: fileName.slice(0, nameEnd),
		extension: fileName.slice(nameEnd),
	};
}

/** What stands between placeholders of a result key, and the placeholders themselves. */
export function piecesOf(template: string): string[] {
	return template.split(/(\{(?:folder|name|extension)\})/).filter((piece) => piece !== '');
}

/** What looks like a placeholder. */
export const PLACEHOLDER = /\{[A-Za-z]*\}/g;

/**
 * Replaces the placeholders of a template.
 *
 * @param label of the field that holds it
 * @param values for each placeholder that the field has, what it stands for
 * @throws InvalidParameter for any other placeholder, and for a brace that belongs to none
 */
export function fillTemplate(
	label: string,
	template: string,
	values: Readonly<Record<string, () => string>>,
): string {
	const allowed = Object.keys(values).join(', ');
	// Such as an n8n expression in a field that takes a fixed text.
	if (/[{}]/.test(template.replace(PLACEHOLDER, ''))) {
		throw new InvalidParameter(label, 'leftoverBrace', { template, allowed });
	}
	return template.replace(PLACEHOLDER, (placeholder) => {
		const value = Object.hasOwn(values, placeholder) ? values[placeholder] : undefined;
		if (value !== undefined) return value();
		throw new InvalidParameter(label, 'unknownPlaceholder', { placeholder, allowed });
	});
}

/**
 * Replaces the placeholders of a result key with the parts of the source's key.
 *
 * @param label of the field that holds it
 * @throws InvalidParameter for an unknown placeholder
 */
export function fillResultKey(
	template: string,
	sourceKey: string,
	label = LABELS.resultKey,
): string {
	const { folder, name, extension } = keyParts(sourceKey);
	return fillTemplate(label, template, {
		'{folder}': () => folder,
		'{name}': () => name,
		'{extension}': () => extension,
	} satisfies Record<keyof typeof PLACEHOLDERS, () => string>);
}
