import type { FileKind } from '../../cos/images/fileKind';
import { InvalidInput } from '../../cos/invalidInput';
import { explain, explainInput } from './explainInput';
import { InvalidParameter } from './invalidParameter';
import { FILE_KINDS, PARAMETER, type Message } from './messages';

function isFileKind(value: unknown): value is FileKind {
	return typeof value === 'string' && Object.hasOwn(FILE_KINDS, value);
}

/** What a value was refused for, in words; undefined for any other error. */
export function explainInvalid(error: unknown): Message | undefined {
	if (error instanceof InvalidInput) return explainInput(error);
	if (error instanceof InvalidParameter) {
		const { label, reason, values } = error;
		const kind = 'kind' in values && isFileKind(values.kind) ? FILE_KINDS[values.kind] : undefined;
		return explain(label, PARAMETER[reason], kind === undefined ? values : { ...values, kind });
	}
	return undefined;
}
