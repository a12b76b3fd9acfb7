import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CONTENDER_NAMES, CONTENDERS, type ContenderName, type Job } from './contenders/contender';
import { type Goal, type Part } from './report';
import { noise, openRig } from './rig';

/** A 30 MB image. */
const LARGE = { width: 2500, height: 4000 };
const LIMIT_MB = 100;
/** Two runs of the same code differ by up to 10 MB; one more image in memory would add 30. */
const HALF_AN_IMAGE_MB = 15;
const KEY = 'large.bmp';

interface Peak {
	name: ContenderName;
	call: 'upload' | 'download';
	items: number;
	/** Bytes. */
	idle: number;
	peak: number;
}

const aboveIdle = ({ peak, idle }: Peak) => (peak - idle) / 1e6;
const shown = (megabytes: number) => megabytes.toFixed(0);

/** Uses a fresh process, so that no run benefits from memory allocated by an earlier one. */
async function measurePeak(
	name: ContenderName,
	job: Pick<Job, 'items'> & { call: Peak['call'] },
	image: { bytes: Buffer; file: string },
): Promise<Peak> {
	const rig = await openRig(0, [name]);
	try {
		await rig.putObject(KEY, image.bytes);
		const source = job.call === 'upload' ? image.file : KEY;
		const { idleBytes, peakBytes } = await rig.run(name, { ...job, concurrency: 4, source });
		return { name, ...job, idle: idleBytes, peak: peakBytes };
	} finally {
		await rig.close();
	}
}

function goalsOf(peaks: readonly Peak[], few: number, many: number): Goal[] {
	return (['upload', 'download'] as const).flatMap((call) => {
		const of = (items: number) =>
			peaks.find((one) => one.name === 'node' && one.call === call && one.items === items);
		const [first, last] = [of(few), of(many)];
		if (!first || !last) return [];
		const [a, b] = [aboveIdle(first), aboveIdle(last)];
		const highest = Math.max(a, b);
		return [
			{
				text: `${call}: at most ${LIMIT_MB} MB above idle`,
				measured: `${shown(highest)} MB`,
				reached: highest <= LIMIT_MB,
			},
			{
				text: `${call}: the same at ${many} images as at ${few} (less than half an image more)`,
				measured: `${shown(b)} MB and ${shown(a)} MB`,
				reached: b - a < HALF_AN_IMAGE_MB,
			},
		];
	});
}

/** (c) Memory above idle while large images pass through. */
export async function measureMemory(quick: boolean): Promise<Part> {
	const few = quick ? 8 : 50;
	const many = quick ? 16 : 200;
	const runs: ReadonlyArray<readonly [name: ContenderName, items: number]> = [
		...CONTENDER_NAMES.map((name) => [name, few] as const),
		['node', many],
	];
	const folder = await mkdtemp(join(tmpdir(), 'image-repair-bench-'));
	const bytes = noise(LARGE.width, LARGE.height);
	const file = join(folder, KEY);
	const peaks: Peak[] = [];
	try {
		await writeFile(file, bytes);
		for (const call of ['upload', 'download'] as const) {
			for (const [name, items] of runs) {
				peaks.push(await measurePeak(name, { call, items }, { bytes, file }));
			}
		}
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
	const megabytes = (count: number) => shown(count / 1e6);
	return {
		letter: 'c',
		title: 'Peak memory above idle for 30 MB images, concurrency 4, in MB',
		how: "Resident memory of the contender's process, a fresh process per row. Idle is measured after a warm-up with small images and a garbage collection; the peak is Linux's own figure (`VmHWM`, reset before the run). Images are read from a file and written to a file: n8n's `filesystem` binary data in n8n, a plain file elsewhere. n8n stores the image to upload once and shares it between all items.",
		columns: ['', 'images', 'idle', 'peak', 'above idle'],
		rows: peaks.map((one) => [
			`${one.call}, ${CONTENDERS[one.name]}`,
			String(one.items),
			megabytes(one.idle),
			megabytes(one.peak),
			shown(aboveIdle(one)),
		]),
		goals: goalsOf(peaks, few, many),
		chart: {
			title: '(c) Peak memory above idle, 30 MB images',
			unit: 'in MB',
			groups: ['upload', 'download'],
			series: runs.map(([name, items]) => ({
				name: `${CONTENDERS[name]}, ${items}`,
				values: ['upload', 'download'].map((call) => {
					const peak = peaks.find(
						(one) => one.name === name && one.items === items && one.call === call,
					);
					return peak && aboveIdle(peak);
				}),
			})),
			marks: [LIMIT_MB, LIMIT_MB],
		},
		data: peaks,
	};
}
