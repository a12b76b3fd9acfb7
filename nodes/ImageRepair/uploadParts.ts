import { randomInt } from 'crypto';
import type { IExecuteFunctions } from 'n8n-workflow';

import { dayIn } from '../shared/dateFolder';
import type { UploadParts } from '../shared/uploadKey';

/** Lower case, without what looks like something else. */
const ID_CHARACTERS = '23456789abcdefghjkmnpqrstuvwxyz';
const ID_LENGTH = 8;

function newId(): string {
	return Array.from({ length: ID_LENGTH }, () =>
		ID_CHARACTERS.charAt(randomInt(ID_CHARACTERS.length)),
	).join('');
}

/** What the placeholders of Store As stand for at this moment. */
export function uploadParts(functions: IExecuteFunctions, fileName: string): UploadParts {
	return {
		fileName,
		id: newId(),
		date: () => dayIn(functions.getTimezone(), new Date()),
	};
}
