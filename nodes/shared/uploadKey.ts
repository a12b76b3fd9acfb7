import { LABELS } from './messages';
import { fillTemplate, keyParts, PLACEHOLDER } from './resultKey';

/** The placeholders of Store As, and what they become for a file `cat.final.jpg`. */
export const UPLOAD_PLACEHOLDERS = {
	'{fileName}': 'the name of the file (cat.final.jpg)',
	'{name}': 'that name without extension (cat.final)',
	'{extension}': 'the extension with its dot (.jpg), or nothing',
	'{date}': 'the day in the time zone of the workflow (2025-01-31)',
	'{id}': 'eight random characters (k7m2xq4d)',
} as const;

/** What the placeholders stand for. */
export interface UploadParts {
	fileName: string;
	date: () => string;
	id: string;
}

/** Whether the key depends on the file, or on anything else that is known only when the node runs. */
export function isUploadTemplate(text: string): boolean {
	return text === '' || text.endsWith('/') || text.search(PLACEHOLDER) >= 0;
}

/**
 * Replaces the placeholders of Store As. Nothing stands for the name of the file, and a
 * folder (`inbox/`) for that name in it.
 *
 * @throws InvalidParameter for an unknown placeholder
 */
export function fillUploadKey(text: string, { fileName, date, id }: UploadParts): string {
	const template = text === '' || text.endsWith('/') ? `${text}{fileName}` : text;
	const { name, extension } = keyParts(fileName);
	return fillTemplate(LABELS.storeAs, template, {
		'{fileName}': () => fileName,
		'{name}': () => name,
		'{extension}': () => extension,
		'{date}': date,
		'{id}': () => id,
	} satisfies Record<keyof typeof UPLOAD_PLACEHOLDERS, () => string>);
}
