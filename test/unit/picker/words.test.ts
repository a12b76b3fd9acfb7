import { areaFields } from '../../../nodes/ImageRepair/parameters/area';
import { LABELS } from '../../../nodes/shared/messages';
import { AREA_FIELDS } from '../../../picker/ui/words';

const fields = areaFields();

test.each(Object.entries(AREA_FIELDS))(
	'%s has the name and the list that it has in the node',
	(name, { displayName, options }) => {
		const field = fields.find((one) => one.name === name);
		expect(field?.displayName).toBe(displayName);
		const own = field?.options?.map((option) => ({
			name: option.name,
			value: 'value' in option ? option.value : undefined,
		}));
		expect(own).toEqual(options);
	},
);

test('Grow Area has the name that it has in the node', () => {
	const labels = fields.filter(({ name }) => name === 'growArea').map((one) => one.displayName);
	expect(new Set(labels)).toEqual(new Set([LABELS.growArea]));
});
