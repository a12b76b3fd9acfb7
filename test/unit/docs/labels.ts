import type { InputField } from '../../../cos/invalidInput';
import { LABELS as BY_FIELD } from '../../../nodes/shared/errors';

/** The labels of the editor, by any name the code uses. */
export const LABELS: Readonly<Record<string, string>> = BY_FIELD satisfies Record<
	InputField,
	string
>;
