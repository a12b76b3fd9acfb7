import type { IExecuteFunctions } from 'n8n-workflow';

import { uploadParts } from '../../../nodes/ImageRepair/uploadParts';
import { dayIn } from '../../../nodes/shared/dateFolder';

test.each([
	['UTC', '2025-01-31'],
	['Asia/Shanghai', '2025-02-01'],
	['America/New_York', '2025-01-31'],
	['Pacific/Kiritimati', '2025-02-01'],
])('in %s, the last evening of January in London is %s', (timeZone, day) => {
	expect(dayIn(timeZone, new Date('2025-01-31T20:00:00Z'))).toBe(day);
});

test('the random part has eight characters that nobody confuses, and is another one each time', () => {
	const functions = { getTimezone: () => 'UTC' } as unknown as IExecuteFunctions;
	const ids = Array.from({ length: 200 }, () => uploadParts(functions, 'a.jpg').id);
	for (const id of ids) expect(id).toMatch(/^[2-9a-hjkmnp-z]{8}$/);
	expect(new Set(ids).size).toBe(200);
});
