import { objectKey } from '../../../cos/location/objectKey';
import { resultKey } from '../../../cos/location/resultKey';
import { checkedOfLost } from '../../../nodes/ImageRepair/results/verifyResults';

const source = objectKey('a.jpg');
const at = (key: string) => ({ target: resultKey(key, source) });
const automatic = { kind: 'automatic' } as const;
const masked = { kind: 'mask', mask: { kind: 'object', key: objectKey('mask.png') } } as const;
const results = [
	{ ...at('text.jpg'), area: automatic },
	{ ...at('logo.jpg'), area: masked },
];

test('a lost result is held against its own area where others were left out of the call', () => {
	expect(checkedOfLost(results, [at('logo.jpg')])).toEqual([{ choice: masked }]);
});

test('lost results are in the order of what was asked for where their keys hold the time', () => {
	const lost = [at('text-10.jpg'), at('logo-10.jpg')];
	expect(checkedOfLost(results, lost)).toEqual([{ choice: automatic }, { choice: masked }]);
});
