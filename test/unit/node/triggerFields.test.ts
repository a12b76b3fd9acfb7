import type { INodeProperties } from 'n8n-workflow';

import { ImageRepairTrigger } from '../../../nodes/ImageRepairTrigger/ImageRepairTrigger.node';

const pollTimes: INodeProperties = {
	displayName: 'Poll Times',
	name: 'pollTimes',
	type: 'fixedCollection',
	default: {},
};

// n8n loads every node again when a community package is installed into a running server.
test('the trigger shows Poll Times once, however often n8n has loaded it', () => {
	new ImageRepairTrigger().description.properties.unshift(pollTimes);
	const fields = new ImageRepairTrigger().description.properties;
	expect(fields.map(({ name }) => name)).not.toContain('pollTimes');
});
