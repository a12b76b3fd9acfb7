import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { WorkflowJson } from '../../dev/engine/engine';
import { TRIGGER_TYPE } from '../../dev/packageNames';
import { byKey, NODE, openScene, workflowOf, type Scene } from './bucketAndEngine';

const TRIGGER = 'New Images';
const TEMPLATE = 'photos/{yyyy}/{MM}/{dd}';
const HOUR = 3600;
const DAY = 24 * HOUR;

let scene: Scene;
/** The service's time, in seconds since 1970. */
let now = 0;

beforeAll(async () => {
	scene = await openScene({}, { delay: 1 });
});
afterAll(async () => {
	await scene.close();
});
beforeEach(async () => {
	await scene.sandbox.clearFaults();
	await scene.sandbox.deleteObjects();
	await setTime('2025-03-10T12:00:00Z');
	await scene.sandbox.resetCalls();
});

async function setTime(time: string): Promise<void> {
	now = Date.parse(time) / 1000;
	await scene.sandbox.setClock(now - Date.now() / 1000);
}

const at = (time: string) => new Date(time);

async function put(key: string, lastModified = new Date(now * 1000)): Promise<void> {
	await scene.sandbox.putObject(key, Buffer.from('any'), 'image/jpeg', lastModified);
}

const path = (value: string, mode = 'path'): INodeParameters => ({ __rl: true, mode, value });

interface Settings {
	timezone?: string;
	staticData?: IDataObject;
	repair?: INodeParameters;
	pollBudgetMs?: number;
	id?: string;
	name?: string;
}

function workflowWith(
	parameters: INodeParameters,
	{ timezone = 'UTC', repair, id = 'trigger', name = TRIGGER }: Settings,
): WorkflowJson {
	const { nodes } = workflowOf(repair ?? {});
	const [start, node] = nodes;
	if (!start || !node) throw new Error('The workflow has no two nodes');
	const trigger = {
		...{ ...start, id, name, type: TRIGGER_TYPE },
		parameters: {
			pollTimes: { item: [{ mode: 'everyMinute' }] },
			folder: path(TEMPLATE),
			minimumAge: 0,
			...parameters,
		},
	};
	const connections = repair
		? { [name]: { main: [[{ node: NODE, type: 'main' as const, index: 0 }]] } }
		: {};
	return { nodes: repair ? [trigger, node] : [trigger], connections, settings: { timezone } };
}

async function activate(parameters: INodeParameters = {}, settings: Settings = {}) {
	const { staticData, pollBudgetMs } = settings;
	return await scene.engine.activate(workflowWith(parameters, settings), {
		credentials: { bucket: scene.credential },
		staticData,
		pollBudgetMs,
	});
}

type Active = Awaited<ReturnType<typeof activate>>;

const keysOf = ({ emitted }: Active) => emitted.flat().map(({ json }) => json.key);
const everything = { startFrom: 'everything' };

/** Polls, and tells what prefixes it lists. */
async function listedBy(active: Active): Promise<string[]> {
	await scene.sandbox.resetCalls();
	await active.poll();
	// The first one is refused: by the clock of n8n it is another year.
	const calls = (await scene.sandbox.calls()).filter(({ status }) => status === 200);
	return calls.map(({ query }) => query.prefix ?? '');
}

const dayFolder = (day: string) => `photos/2025/03/${day}/`;

describe('a date in Folder', () => {
	test('a poll lists the folder of today, and that of yesterday until it is quiet', async () => {
		await put('photos/2025/03/09/old.jpg', at('2025-03-09T23:00:00Z'));
		await put('photos/2024/12/31/older.jpg', at('2024-12-31T12:00:00Z'));
		const active = await activate();
		expect(await listedBy(active)).toEqual([dayFolder('09'), dayFolder('10')]);
		// Yesterday is over for six hours, and nothing was stored there since.
		expect(await listedBy(active)).toEqual([dayFolder('10')]);
		await put('photos/2025/03/10/new.jpg');
		await setTime('2025-03-10T12:01:00Z');
		expect(await listedBy(active)).toEqual([dayFolder('10')]);
		expect(keysOf(active)).toEqual(['photos/2025/03/10/new.jpg']);
		await active.deactivate();
	});

	test('no image is lost or repeated across midnight', async () => {
		await setTime('2025-03-10T23:58:00Z');
		const active = await activate({ minimumAge: 60 });
		await put('photos/2025/03/10/a.jpg', at('2025-03-10T23:59:50Z'));
		// The clock of whoever stores it is fast.
		await put('photos/2025/03/11/b.jpg', at('2025-03-10T23:59:40Z'));
		await setTime('2025-03-10T23:59:59Z');
		await active.poll();
		expect(keysOf(active)).toEqual([]);
		await setTime('2025-03-11T00:01:00Z');
		await active.poll();
		expect(keysOf(active)).toEqual(['photos/2025/03/11/b.jpg', 'photos/2025/03/10/a.jpg']);
		// Late for yesterday.
		await put('photos/2025/03/10/late.jpg', at('2025-03-11T05:30:00Z'));
		await setTime('2025-03-11T05:32:00Z');
		await active.poll();
		await put('photos/2025/03/10/later.jpg', at('2025-03-11T11:29:00Z'));
		await setTime('2025-03-11T11:30:30Z');
		await active.poll();
		await active.poll();
		expect(keysOf(active).slice(2)).toEqual([
			'photos/2025/03/10/late.jpg',
			'photos/2025/03/10/later.jpg',
		]);
		await setTime('2025-03-11T17:31:00Z');
		await active.poll();
		expect(await listedBy(active)).toEqual([dayFolder('11')]);
		await active.deactivate();
	});

	test('an image of tomorrow that was stored before another one was emitted is not lost', async () => {
		await setTime('2025-03-10T23:50:00Z');
		const active = await activate();
		await put('photos/2025/03/11/early.jpg', at('2025-03-10T23:51:00Z'));
		await put('photos/2025/03/10/a.jpg', at('2025-03-10T23:55:00Z'));
		await setTime('2025-03-10T23:56:00Z');
		await active.poll();
		await setTime('2025-03-11T00:00:30Z');
		await active.poll();
		expect(keysOf(active)).toEqual(['photos/2025/03/10/a.jpg', 'photos/2025/03/11/early.jpg']);
		await active.deactivate();
	});

	test('after n8n was off for weeks, each day is worked off, oldest first, with no image twice', async () => {
		const first = await activate();
		await first.poll();
		await first.deactivate();
		const keys: string[] = [];
		for (let day = 0; day < 70; day += 2) {
			const time = new Date(now * 1000 + day * DAY * 1000 + 1000);
			const key = `photos/${time.toISOString().slice(0, 10).replaceAll('-', '/')}/a.jpg`;
			keys.push(key);
			await put(key, time);
		}
		await setTime('2025-05-20T12:00:00Z');
		const again = await activate({}, { staticData: first.saved() });
		for (let polls = 0; polls < 4; polls++) await again.poll();
		expect(keysOf(again)).toEqual(keys);
		expect(again.pollErrors).toEqual([]);
		expect(await listedBy(again)).toEqual(['photos/2025/05/20/']);
		expect(JSON.stringify(again.saved()).length).toBeLessThan(8000);
		await again.deactivate();
	});

	test('images beyond Limit come with the next polls, those of each day once', async () => {
		for (const [index, day] of ['09', '10'].entries()) {
			for (let image = 0; image < 5; image++) {
				await put(`${dayFolder(day)}${image}.jpg`, at(`2025-03-10T11:5${index}:0${image}Z`));
			}
		}
		const active = await activate({ limit: 3, ...everything });
		for (let polls = 0; polls < 4; polls++) await active.poll();
		expect(keysOf(active)).toEqual(
			[0, 1, 2, 3, 4].map((image) => `${dayFolder('10')}${image}.jpg`),
		);
		await active.deactivate();
	});

	test('"Everything That Is There" means the folder of today, also when the first poll comes tomorrow', async () => {
		await put(`${dayFolder('09')}old.jpg`, at('2025-03-09T23:00:00Z'));
		await put(`${dayFolder('10')}young.jpg`, at('2025-03-10T11:59:50Z'));
		const active = await activate({ ...everything, minimumAge: 60 });
		await setTime('2025-03-11T00:00:10Z');
		await active.poll();
		expect(keysOf(active)).toEqual([`${dayFolder('10')}young.jpg`]);
		await active.deactivate();
	});

	test('after a restart and under another name the trigger goes on', async () => {
		const first = await activate();
		await put(`${dayFolder('10')}a.jpg`);
		await setTime('2025-03-10T12:01:00Z');
		await first.poll();
		await first.deactivate();
		await put(`${dayFolder('10')}b.jpg`);
		await setTime('2025-03-11T00:05:00Z');
		const second = await activate({}, { staticData: first.saved(), name: 'Renamed' });
		expect(keysOf(second)).toEqual([`${dayFolder('10')}b.jpg`]);
		await second.deactivate();
	});

	test('with another date in Folder it begins anew', async () => {
		const first = await activate();
		await first.deactivate();
		await put('photos/2025-03-10/old.jpg');
		const folder = path('photos/{yyyy}-{MM}-', 'prefix');
		const other = await activate({ folder }, { staticData: first.saved() });
		expect(other.emitted).toEqual([]);
		await put('photos/2025-03-10/new.jpg', at('2025-03-10T12:00:05Z'));
		await setTime('2025-03-10T12:01:00Z');
		expect(await listedBy(other)).toEqual(['photos/2025-03-']);
		expect(keysOf(other)).toEqual(['photos/2025-03-10/old.jpg', 'photos/2025-03-10/new.jpg']);
		await other.deactivate();
	});

	test('a folder of each month is one folder on all of its days, and no image comes twice', async () => {
		await setTime('2025-03-30T12:00:00Z');
		await put('photos/2025/03/a.jpg', at('2025-03-30T11:00:00Z'));
		const active = await activate({ ...everything, folder: path('photos/{yyyy}/{MM}') });
		await setTime('2025-03-31T12:00:00Z');
		expect(await listedBy(active)).toEqual(['photos/2025/03/']);
		await setTime('2025-04-01T03:00:00Z');
		expect(await listedBy(active)).toEqual(['photos/2025/03/', 'photos/2025/04/']);
		await setTime('2025-04-01T07:00:00Z');
		await active.poll();
		expect(await listedBy(active)).toEqual(['photos/2025/04/']);
		expect(keysOf(active)).toEqual(['photos/2025/03/a.jpg']);
		await active.deactivate();
	});

	test.each<[timezone: string, time: string, today: string]>([
		['Pacific/Kiritimati', '2025-03-10T10:30:00Z', dayFolder('11')],
		['Pacific/Pago_Pago', '2025-03-10T10:30:00Z', dayFolder('09')],
		['America/New_York', '2025-03-09T03:59:59Z', dayFolder('08')],
		// The clock has gone forward at two, so that the day has 23 hours.
		['America/New_York', '2025-03-10T03:59:59Z', dayFolder('09')],
		['America/New_York', '2025-03-10T04:00:02Z', dayFolder('10')],
	])('days are those of the time zone %s: at %s it is %s', async (timezone, time, today) => {
		await setTime(time);
		const active = await activate(everything, { timezone });
		expect(await listedBy(active)).toEqual([today]);
		await active.deactivate();
	});

	test('another time zone, where it is yesterday still, repeats nothing and loses nothing', async () => {
		const east = { timezone: 'Asia/Shanghai' };
		await setTime('2025-03-10T15:00:00Z');
		const first = await activate({}, east);
		await put(`${dayFolder('10')}a.jpg`);
		await setTime('2025-03-10T15:01:00Z');
		await first.poll();
		await setTime('2025-03-10T23:00:00Z');
		await first.poll();
		await put(`${dayFolder('11')}b.jpg`);
		await setTime('2025-03-10T23:01:00Z');
		await first.poll();
		await first.deactivate();
		const second = await activate({}, { timezone: 'UTC', staticData: first.saved() });
		await put(`${dayFolder('10')}c.jpg`);
		await setTime('2025-03-10T23:03:00Z');
		await second.poll();
		expect([keysOf(first), keysOf(second)]).toEqual([
			[`${dayFolder('10')}a.jpg`, `${dayFolder('11')}b.jpg`],
			[`${dayFolder('10')}c.jpg`],
		]);
		await second.deactivate();
	});

	test('a day that cannot be listed in the time that n8n allows does not hold up the days before', async () => {
		const active = await activate();
		await active.poll();
		const lastModified = at('2025-03-11T00:00:01Z').toISOString();
		const series = { digits: 4, first: 0, lastModified };
		await scene.sandbox.addSeries([{ ...series, key: 'photos/2025/03/11/{n}.jpg', count: 1500 }]);
		await put(`${dayFolder('10')}a.jpg`, at('2025-03-10T23:59:59Z'));
		await setTime('2025-03-11T00:10:00Z');
		await active.deactivate();
		const slow = await activate({}, { staticData: active.saved(), pollBudgetMs: -1 });
		// One folder a poll: that of the ninth, which is quiet, and that of the tenth.
		expect(keysOf(slow)).toEqual([]);
		await slow.poll();
		expect(keysOf(slow)).toEqual([`${dayFolder('10')}a.jpg`]);
		expect(slow.pollErrors).toEqual([]);
		await slow.poll();
		expect(slow.pollErrors.map(({ message }) => message)).toEqual([
			'Folder holds more files than can be listed in the time that n8n gives a poll',
		]);
		await slow.deactivate();
	});
});

describe('a folder whose name has braces', () => {
	test('but no date is watched as it is, also with a date in From List', async () => {
		await put('in/{x}/a.jpg', at('2025-03-10T11:00:00Z'));
		const active = await activate({ ...everything, folder: path('in/{x}') });
		expect(keysOf(active)).toEqual(['in/{x}/a.jpg']);
		await active.deactivate();
		await put('in/{dd}/a.jpg', at('2025-03-10T11:00:00Z'));
		const listed = await activate({ ...everything, folder: path('in/{dd}/', 'list') });
		expect(keysOf(listed)).toEqual(['in/{dd}/a.jpg']);
		await listed.deactivate();
	});

	test.each<[what: string, folder: string, message: RegExp]>([
		['a date in capitals', 'in/{YYYY}', /Folder has the unknown placeholder {YYYY}/],
		['another placeholder', 'in/{yyyy}/{name}', /Folder has the unknown placeholder {name}/],
		['a brace too many', 'in/{{yyyy}}', /Folder .* has a brace that belongs to no placeholder/],
		['a day of whatever month', 'in/{yyyy}/{dd}', /Folder has {dd} without {MM}/],
		['a month of whatever year', 'in/{MM}', /Folder has {MM} without {yyyy}/],
	])('with %s is refused before anything is sent', async (_, folder, message) => {
		await expect(activate({ folder: path(folder) })).rejects.toThrow(message);
		expect(await scene.sandbox.calls()).toEqual([]);
	});

	test('Get Many Images refuses a date, and says what to enter', async () => {
		const result = await scene.run({ operation: 'getMany', folder: path(TEMPLATE) });
		expect(result.error?.message).toMatch(/^Folder has the date placeholder {yyyy}/);
		expect(result.error?.description).toContain("{{ $now.format('yyyy/MM/dd') }}");
		expect(await scene.sandbox.calls()).toEqual([]);
	});
});

describe('Fetch Test Event with a date in Folder', () => {
	const fetchTestEvent = async () =>
		await scene.engine.run(workflowWith({}, {}), {
			credentials: { bucket: scene.credential },
			startNode: TRIGGER,
		});

	test('shows the newest image of today, otherwise of yesterday, otherwise says why', async () => {
		const none = await fetchTestEvent();
		expect(none.error?.message).toBe(
			'Folder is "photos/2025/03/10/" today, which holds no image that fits, nor does the folder of yesterday',
		);
		expect(none.error?.description).toContain('time zone UTC');
		await put(`${dayFolder('09')}a.jpg`);
		expect((await fetchTestEvent()).output(TRIGGER)[0]?.json.key).toBe(`${dayFolder('09')}a.jpg`);
		await put(`${dayFolder('10')}b.jpg`, at('2025-03-10T01:00:00Z'));
		expect((await fetchTestEvent()).output(TRIGGER)[0]?.json.key).toBe(`${dayFolder('10')}b.jpg`);
	});
});

describe('results that a trigger with a date would find again', () => {
	const repairWith = (resultKey: string): INodeParameters => ({
		operation: 'cloud',
		objectKey: byKey('={{ $json.key }}'),
		resultKey,
		options: { checkAreaFirst: false },
	});

	test('are refused at the activation, and elsewhere they are stored', async () => {
		await expect(activate({}, { repair: repairWith('clean/{name}{extension}') })).rejects.toThrow(
			/Result Key "clean/,
		);
		const active = await activate({}, { repair: repairWith('/clean/{folder}{name}{extension}') });
		await active.deactivate();
	});

	test('are refused when the node runs, in the folder of any date', async () => {
		const repair = repairWith('=/photos/1999/12/31/{{ "x" }}{extension}');
		const active = await activate({}, { repair });
		await put(`${dayFolder('10')}a.jpg`);
		await setTime('2025-03-10T12:01:00Z');
		await active.poll();
		const [execution] = await Promise.all(active.executions);
		expect(execution?.error?.message).toMatch(
			/^Result Key "photos\/1999\/12\/31\/x.jpg" is a key that the trigger "New Images" would find/,
		);
		await active.deactivate();
	});
});

describe('requests of a poll', () => {
	test.each([
		[1000, 1, 2],
		[3000, 3, 4],
	])(
		'with %i images in a month: %i for a folder of a day, %i for the whole folder',
		async (count, ofDay, ofAll) => {
			const lastModified = at('2025-03-10T01:00:00Z').toISOString();
			const series = { digits: 5, first: 0, lastModified };
			await scene.sandbox.addSeries([
				{ ...series, key: 'photos/2025/03/10/{n}.jpg', count },
				{ ...series, key: 'photos/2025/01/01/{n}.jpg', count: 1000 },
			]);
			for (const [folder, expected] of [
				[TEMPLATE, ofDay],
				['photos', ofAll],
			] as const) {
				const active = await activate({ folder: path(folder) });
				await active.poll();
				expect(await listedBy(active)).toHaveLength(expected);
				await active.deactivate();
			}
		},
	);
});
