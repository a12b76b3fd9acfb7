import { randomInt } from 'crypto';
import type { IExecuteFunctions } from 'n8n-workflow';

import type { UploadParts } from '../shared/uploadKey';

/** Lower case, without what looks like something else. */
const ID_CHARACTERS = '23456789abcdefghjkmnpqrstuvwxyz';
const ID_LENGTH = 8;

function newId(): string {
	return Array.from({ length: ID_LENGTH }, () =>
		ID_CHARACTERS.charAt(randomInt(ID_CHARACTERS.length)),
	).join('');
}

/** The day of a moment in a time zone, as `2025-01-31`. */
export function dayIn(timeZone: string, moment: Date): string {
	const format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
		timeZone,
		year: 'numeric',
		month: '2-digit',
		day: '2-digit',
	});
	const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, value]));
	return [parts.get('year'), parts.get('month'), parts.get('day')].join('-');
}

/** What the placeholders of Store As stand for at this moment. */
export function uploadParts(functions: IExecuteFunctions, fileName: string): UploadParts {
	return {
		fileName,
		id: newId(),
		date: () => dayIn(functions.getTimezone(), new Date()),
	};
}
