import { objectKey } from '../../../../cos/location/objectKey';
import { resultKey } from '../../../../cos/location/resultKey';
import type { KeptOutcome } from '../../../../nodes/ImageRepair/run/outcome';
import { soFar } from '../../../../nodes/ImageRepair/run/soFar';
import { Tally } from '../../../../nodes/shared/tally';

test('what an earlier try has stored is named when its item was not begun in this one', () => {
	const bucket = 'examplebucket-1250000000';
	const stored = { places: [{ key: 'one.png', bucket }], result: { results: [] } };
	const target = resultKey('/two.png', objectKey('b.png'));
	const earlier = [{ stored }, { lost: { begunAt: 0, targets: [{ target }] } }] as unknown;
	const text = soFar(new Tally(), [], [], earlier as KeptOutcome[]);
	expect(text).toBe('An earlier try has stored, or may have stored: one.png; two.png.');
	expect(soFar(new Tally(), [], [], [])).toBe('');
});
