import type { IDataObject } from 'n8n-workflow';

import type { ListedObject } from '../../../cos/responses/list';
import { wayFrom } from '../../../nodes/ImageRepairTrigger/growth';
import {
	emptyMemory,
	MOST_BYTES,
	MOST_KEYS,
	remember,
	type Memory,
} from '../../../nodes/ImageRepairTrigger/memory';
import { readState, writeState, type Shelf } from '../../../nodes/ImageRepairTrigger/state';

const START = Date.UTC(2025, 0, 1);
const MINUTE = 60_000;

function object(key: string, at: number): ListedObject {
	return { key, size: 1, etag: 'etag', lastModified: new Date(at).toISOString() };
}

/** What n8n keeps for a workflow whose only trigger this is. */
function shelf(
	state?: IDataObject,
	id = '1',
	name = 'Trigger',
	ofWorkflow: IDataObject = {},
): Shelf {
	return { ofNode: state ? { state } : {}, ofWorkflow, id, name };
}

/** Emits the keys of each poll, a minute apart or more; each was stored half a minute before. */
function polls(
	batches: readonly string[][],
	node?: string,
	memory = emptyMemory('f'),
	apart = MINUTE,
): Memory {
	const begun = memory.emitted.at(-1)?.at ?? START;
	return batches.reduce((before, keys, index) => {
		const at = begun + (index + 1) * apart;
		const images = keys.map((key) => object(key, at - MINUTE / 2));
		return remember(before, images, at, node);
	}, memory);
}

/** Polls a folder, 50 images at a time and oldest first, to which each image given out adds its result. */
function billedUntilStop(
	images: number,
	resultOf: (key: string) => string,
	node?: string,
): number | undefined {
	let memory = emptyMemory('f');
	let billed = 0;
	const waiting = Array.from({ length: images }, (_, index) =>
		object(`in/img${index}x.jpg`, START),
	);
	for (let at = START + MINUTE; billed < 10 * images; at += MINUTE) {
		const batch = waiting.splice(0, 50);
		memory = remember(memory, batch, at, node);
		if (memory.stop) return billed;
		billed += batch.length;
		waiting.push(...batch.map(({ key }) => object(resultOf(key), at + MINUTE / 2)));
	}
	return undefined;
}

const each = (...keys: string[]) => keys.map((key) => [key]);
const afterRestart = (memory: Memory) => {
	const data = shelf();
	writeState(data, { watching: 'b/', cursor: { time: 1, key: 'k' }, memory });
	return readState(JSON.parse(JSON.stringify(data)) as Shelf, 'b/')?.memory;
};

describe('what grows', () => {
	test.each([
		[['in/a.jpg', 'in/a-repaired.jpg', 'in/a-repaired-repaired.jpg']],
		[['in/a.jpg', 'in/repaired-a.jpg', 'in/repaired-repaired-a.jpg']],
		[['in/a.jpg', 'in/_a.jpg', 'in/__a.jpg']],
		[['in/a.jpg', 'in/a-clean.png', 'in/a-clean-clean.png']],
		[['in/a.jpg', 'in/clean/a.jpg', 'in/clean/clean/a.jpg']],
		[['in/a.jpg', 'in/clean/a-r.jpg', 'in/clean/clean/a-r-r.jpg']],
		[['a.jpg', 'x/a.jpg', 'x/x/a.jpg']],
		[['in/a.jpg', 'in/a-t17000.jpg', 'in/a-t17000-t17060.jpg']],
		[['in/猫.jpg', 'in/猫-修.jpg', 'in/猫-修-修.jpg']],
	])('%j is stopped at the third', (keys) => {
		const [first, second, third] = keys;
		expect(polls(each(...keys)).stop).toEqual({ reason: 'growing', first, second, third });
	});

	test('in a different way each time is stopped at the fifth', () => {
		const keys = ['a', 'a-x1y', 'a-x1y_qq', 'a-x1y_qq~7z', 'a-x1y_qq~7z=w'];
		expect(polls(each(...keys.slice(0, 4))).stop).toBeUndefined();
		expect(polls(each(...keys)).stop).toMatchObject({ third: 'a-x1y_qq~7z=w' });
	});

	test('after other images in between is stopped too, also after a restart', () => {
		const others = Array.from({ length: 60 }, (_, index) => `in/img${index}x.jpg`);
		const before = polls([['in/a.jpg'], ['in/a-r.jpg'], others]);
		const memory = afterRestart(before);
		expect(memory).toEqual(before);
		expect(polls([['in/a-r-r.jpg']], undefined, memory).stop).toBeDefined();
	});

	test.each([
		[['1.jpg', '11.jpg', '111.jpg', '1111.jpg', '11111.jpg']],
		[['a.jpg', 'aa.jpg', 'aaa.jpg']],
		[['2025.jpg', '2025-01.jpg', '2025-01-02.jpg']],
		[['trips/c.jpg', 'trips/2025/c.jpg', 'trips/2025/05/c.jpg']],
		[['cat.jpg', 'cat-front.jpg', 'cat-front-left.jpg']],
		[['a.jpg', 'b-repaired.jpg', 'c-repaired-repaired.jpg']],
	])('%j are images of their own', (keys) => {
		expect(polls(each(...keys)).stop).toBeUndefined();
	});

	test('images that were there before the earlier one was given out did not come of it', () => {
		const keys = ['in/a.jpg', 'in/a-r.jpg', 'in/a-r-r.jpg'];
		expect(polls([keys]).stop).toBeUndefined();
		const memory = keys.reduce(
			(before, key, index) =>
				remember(before, [object(key, START)], START + (index + 1) * MINUTE, undefined),
			emptyMemory('f'),
		);
		expect(memory.emitted.map(({ key }) => key)).toEqual(keys);
		expect(memory.stop).toBeUndefined();
	});
});

describe('one key again and again', () => {
	const six = Array.from({ length: 6 }, () => ['in/a.jpg']);

	test('is stopped at the sixth time while a node may store there unseen', () => {
		expect(polls(six.slice(1), 'Repair').stop).toBeUndefined();
		const stop = { reason: 'repeating', key: 'in/a.jpg', times: 5, node: 'Repair' };
		expect(polls(six, 'Repair').stop).toEqual(stop);
		expect(polls(six).stop).toBeUndefined();
	});

	test('is stopped too when other images come in between', () => {
		const between = six.flatMap((keys, index) => [keys, [`in/${index}x.jpg`, 'in/y.jpg']]);
		expect(polls(between.slice(0, -2), 'Repair').stop).toBeUndefined();
		expect(polls(between, 'Repair').stop).toBeDefined();
	});

	test('is an image of its own when it changes long after it was given out', () => {
		const days = Array.from({ length: 500 }, () => ['in/logo.jpg']);
		expect(polls(days, 'Repair', emptyMemory('f'), 24 * 60 * MINUTE).stop).toBeUndefined();
		const changed = polls(six.slice(1), 'Repair');
		const later = polls([['in/a.jpg']], 'Repair', changed, 24 * 60 * MINUTE);
		expect(later.emitted).toMatchObject([{ key: 'in/a.jpg', times: 1 }]);
		expect(polls(six.slice(2), 'Repair', later).stop).toBeUndefined();
	});
});

describe('a folder with more images than are remembered', () => {
	test.each([250, 2000])('names of %d that grow are stopped early in the third round', (images) => {
		const billed = billedUntilStop(images, (key) => key.replace('.jpg', '-r.jpg'));
		expect(billed).toBeGreaterThanOrEqual(2 * images);
		expect(billed).toBeLessThan(2.1 * images);
	});

	test.each([250, 1000])('%d that are overwritten are stopped in the sixth round', (images) => {
		const billed = billedUntilStop(images, (key) => key, 'Repair');
		expect(billed).toBeGreaterThanOrEqual(5 * images);
		expect(billed).toBeLessThan(6 * images);
	});

	test('any number of changed images do not stop it when no node may store there', () => {
		expect(billedUntilStop(250, (key) => key)).toBeUndefined();
	});

	test('new images of other names, however many, do not stop it', () => {
		let memory = emptyMemory('f');
		for (let round = 0; round < 200; round++) {
			const keys = Array.from({ length: 50 }, (_, index) => `in/img${round * 50 + index}x.jpg`);
			memory = polls([keys], 'Repair', memory);
		}
		expect(memory.stop).toBeUndefined();
		expect(memory.emitted).toHaveLength(MOST_KEYS);
		expect(memory.emitted.slice(-MOST_KEYS / 2).map(({ key }) => key)).toEqual(
			Array.from({ length: MOST_KEYS / 2 }, (_, index) => `in/img${9900 + index}x.jpg`),
		);
	});
});

test('a stop changes nothing else of the memory, and survives a restart', () => {
	const before = polls(each('a.jpg', 'a-r.jpg'));
	const stopped = polls([['b.jpg', 'a-r-r.jpg']], undefined, before);
	expect(stopped).toEqual({ ...before, stop: stopped.stop });
	expect(afterRestart(stopped)).toEqual(stopped);
	const repeated = polls(
		Array.from({ length: 6 }, () => ['a.jpg']),
		'Repair',
	);
	expect(repeated.stop).toBeDefined();
	expect(afterRestart(repeated)).toEqual(repeated);
});

test.each([
	['short', 'in/'],
	['long', `${'图'.repeat(250)}/`],
])('it stays small whatever is given out: %s keys', (_, folder) => {
	const many = Array.from({ length: 5000 }, (__, index) => `${folder}${index}x.jpg`);
	const memory = polls([many, many]);
	const { length } = memory.emitted;
	expect(length).toBeGreaterThan(10);
	expect(length).toBeLessThanOrEqual(MOST_KEYS);
	expect(memory.emitted.at(-1)?.key).toBe(`${folder}4999x.jpg`);
	const data = shelf();
	writeState(data, { watching: 'b/', cursor: { time: 1, key: 'k' }, memory });
	expect(Buffer.byteLength(JSON.stringify(data))).toBeLessThan(MOST_BYTES + 700);
});

describe('under another name', () => {
	const at = (time: number) => ({ watching: 'b/', cursor: { time, key: 'k' } });
	/** Data of a workflow: of each node under its name, and of the workflow. */
	function workflow() {
		const ofNodes: Record<string, IDataObject> = {};
		const ofWorkflow: IDataObject = {};
		return (id: string, name: string): Shelf => ({
			ofNode: (ofNodes[name] ??= {}),
			ofWorkflow,
			id,
			name,
		});
	}

	test('a trigger goes on, also when it gets its first name back', () => {
		const trigger = workflow();
		writeState(trigger('1', 'A'), at(10));
		expect(readState(trigger('1', 'B'), 'b/')).toEqual(at(10));
		writeState(trigger('1', 'B'), at(20));
		expect(readState(trigger('1', 'A'), 'b/')).toEqual(at(20));
	});

	test('a trigger that was stopped stays so', () => {
		const trigger = workflow();
		const stop = { reason: 'growing', first: 'a', second: 'b', third: 'c' } as const;
		writeState(trigger('1', 'A'), { ...at(10), memory: { fingerprint: 'f', emitted: [], stop } });
		expect(readState(trigger('1', 'B'), 'b/')?.memory?.stop).toEqual(stop);
	});

	test('two triggers that swap their names keep their places', () => {
		const trigger = workflow();
		writeState(trigger('1', 'A'), at(10));
		writeState(trigger('2', 'B'), at(20));
		expect(readState(trigger('1', 'B'), 'b/')).toEqual(at(10));
		writeState(trigger('1', 'B'), at(11));
		expect(readState(trigger('2', 'A'), 'b/')).toEqual(at(20));
	});

	test('a copy begins anew, also under the name that the first one had', () => {
		const trigger = workflow();
		writeState(trigger('1', 'A'), at(10));
		expect(readState(trigger('2', 'A1'), 'b/')).toBeUndefined();
		writeState(trigger('1', 'B'), at(20));
		expect(readState(trigger('2', 'A'), 'b/')).toBeUndefined();
	});

	test('a trigger whose id alone has changed goes on', () => {
		const trigger = workflow();
		writeState(trigger('1', 'A'), at(10));
		expect(readState(trigger('2', 'A'), 'b/')).toEqual(at(10));
	});

	test('the state of an earlier version goes on, and is kept under the next name', () => {
		const trigger = workflow();
		trigger('1', 'A').ofNode.state = at(10);
		expect(readState(trigger('1', 'A'), 'b/')).toEqual(at(10));
		writeState(trigger('1', 'A'), at(20));
		expect(readState(trigger('1', 'B'), 'b/')).toEqual(at(20));
	});

	test('what else the workflow keeps is left alone, and a place that is malformed counts as none', () => {
		const trigger = workflow();
		const { ofWorkflow } = trigger('1', 'A');
		ofWorkflow.own = 7;
		ofWorkflow.imageRepairTriggers = { 1: { name: 'A' }, 2: 'x', 3: { name: 5 } };
		expect(readState(trigger('1', 'A'), 'b/')).toBeUndefined();
		writeState(trigger('1', 'A'), at(10));
		expect(ofWorkflow).toMatchObject({ own: 7, imageRepairTriggers: { 1: { name: 'A' } } });
		ofWorkflow.imageRepairTriggers = 'x';
		expect(readState(trigger('1', 'A'), 'b/')).toEqual(at(10));
	});

	test('however many triggers a workflow has had, few places are kept', () => {
		const trigger = workflow();
		for (let id = 0; id < 100; id++) writeState(trigger(`id${id}`, `A${id}`), at(id));
		const { ofWorkflow } = trigger('id0', 'A0');
		expect(JSON.stringify(ofWorkflow).length).toBeLessThan(5000);
		expect(readState(trigger('id99', 'B'), 'b/')).toEqual(at(99));
	});
});

test('a state of an earlier version is read, and a memory that is malformed counts as none', () => {
	const cursor = { time: 1, key: 'k' };
	for (const memory of [undefined, null, 7, {}, { fingerprint: 'f', emitted: 'x' }]) {
		const state = { watching: 'b/', cursor, memory } as IDataObject;
		expect(readState(shelf(state), 'b/')).toEqual({ watching: 'b/', cursor });
	}
	const emitted = [7, [], ['a', 1, '1'], ['a', 1, 1, [1]]];
	const memory = { fingerprint: 'f', emitted, stop: { reason: 'growing', first: 1 } };
	const state = { watching: 'b/', cursor, memory } as IDataObject;
	expect(readState(shelf(state), 'b/')?.memory).toEqual({
		fingerprint: 'f',
		emitted: [{ key: 'a', at: 1, times: 1 }],
	});
});

test('a key does not grow out of itself', () => {
	expect(wayFrom('in/a.jpg', 'in/a.jpg')).toBeUndefined();
	expect(wayFrom('in/a.jpg', 'in/a.png')).toBeUndefined();
});
