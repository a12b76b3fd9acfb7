import { LABELS } from './messages';
import { InvalidParameter } from './invalidParameter';

/** The placeholders of a result key, and what they become for `photos/cat.final.jpg`. */
export const PLACEHOLDERS = {
	'{folder}': 'the folder of the source with its "/" (photos/), or nothing',
	'{name}': 'the file name without extension (cat.final)',
	'{extension}': 'the extension with its dot (.jpg), or nothing',
} as const;

export const DEFAULT_RESULT_KEY = '{name}-repaired{extension}';

function partsOf(key: string): Record<string, string> {
	const slash = key.lastIndexOf('/') + 1;
	const fileName = key.slice(slash);
	// A name whose only dot is the first character (".hidden") has no extension.
	const dot = fileName.lastIndexOf('.');
	const nameEnd = dot > 0 ? dot : fileName.length;
	return {
		'{folder}': key.slice(0, slash),
		'{name}': fileName.slice(0, nameEnd),
		'{extension}': fileName.slice(nameEnd),
	};
}

/**
 * Replaces the placeholders of a result key with the parts of the source's key.
 *
 * @throws InvalidParameter for an unknown placeholder
 */
export function fillResultKey(template: string, sourceKey: string): string {
	const parts = partsOf(sourceKey);
	return template.replace(/\{[A-Za-z]*\}/g, (placeholder) => {
		const value = Object.hasOwn(parts, placeholder) ? parts[placeholder] : undefined;
		if (value !== undefined) return value;
		throw new InvalidParameter(LABELS.resultKey, 'unknownPlaceholder', {
			placeholder,
			allowed: Object.keys(PLACEHOLDERS).join(', '),
		});
	});
}
