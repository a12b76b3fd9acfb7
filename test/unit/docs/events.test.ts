import { fencedBlocks, readPage } from './markdown';

test('the cloud function on the page is the file that is tested, and has no more than twelve lines', () => {
	const file = readPage('docs/cloud-function/index.js').trim();
	expect(fencedBlocks('docs/events.md', 'js').map((block) => block.trim())).toEqual([file]);
	expect(file.split('\n').length).toBeLessThanOrEqual(12);
});
