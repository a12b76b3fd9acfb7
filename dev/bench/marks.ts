import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';

import { toSharp } from '../demo/image';
import { lookAgain, notesOf, type Missed } from './markMisses';
import { countsOf, type Counts } from './markPixels';
import { openMarkRun, type Outcome } from './markRun';
import {
	ANGLES,
	BACKGROUNDS,
	BANDS,
	plans,
	prepare,
	SIZES,
	WORDS,
	type Plan,
	type Prepared,
} from './markScenes';
import { percent, type Goal, type Part } from './report';

interface Measured extends Prepared {
	outcome: Outcome;
	counts: Counts;
}

const total = (measured: readonly Measured[], what: keyof Counts) =>
	measured.reduce((sum, { counts }) => sum + counts[what], 0);

const share = (part: number, whole: number) => (whole === 0 ? '–' : percent(part / whole));

const COLUMNS = [
	'',
	'marks',
	'found',
	'pixels covered, of the found',
	'of all marks',
	'area outside',
	'images without a mark',
	'left alone',
];

function row(name: string, measured: readonly Measured[]): string[] {
	const marks = measured.filter(({ plan }) => plan.mark);
	const found = marks.filter(({ outcome }) => outcome.isRepaired);
	const clean = measured.filter(({ plan }) => !plan.mark);
	const alone = clean.filter(({ outcome }) => outcome.repairs === 0);
	return [
		name,
		String(marks.length),
		`${found.length} (${share(found.length, marks.length)})`,
		share(total(found, 'covered'), total(found, 'mark')),
		share(total(marks, 'covered'), total(marks, 'mark')),
		share(total(measured, 'outside'), total(measured, 'area')),
		String(clean.length),
		share(alone.length, clean.length),
	];
}

function rowsOf(measured: readonly Measured[]): string[][] {
	const where = (name: string, is: (plan: Plan) => boolean) =>
		row(
			name,
			measured.filter(({ plan }) => is(plan)),
		);
	return [
		row('all', measured),
		...Object.entries(WORDS).map(([script, word]) =>
			where(`${script}: ${word}`, (plan) => plan.script === script),
		),
		...ANGLES.map((angle) => where(`${angle}°`, ({ mark }) => mark?.angle === angle)),
		...BANDS.map(([from, to]) =>
			where(
				`${from} to ${to} % opaque`,
				({ mark }) => mark !== undefined && mark.opacity >= from && mark.opacity <= to,
			),
		),
		...BACKGROUNDS.map((one) =>
			where(
				`${one.photo}, ${one.isSoft ? 'out of focus' : 'sharp'}`,
				({ background }) => background === one,
			),
		),
		...SIZES.map((one) => where(`${one.width}x${one.height}`, ({ size }) => size === one)),
	];
}

const plainly = (text: string) => text.replaceAll(/\s/g, '').toUpperCase();

function goalsOf(measured: readonly Measured[], missed: readonly Missed[]): Goal[] {
	const goal = (text: string, except: ReadonlyArray<{ plan: Plan }>): Goal => ({
		text,
		measured:
			except.length === 0
				? 'true of all'
				: `not of those with the seeds ${except.map(({ plan }) => plan.seed).join(', ')}`,
		reached: except.length === 0,
	});
	const detections = measured.reduce((sum, { outcome }) => sum + outcome.detections, 0);
	return [
		{
			text: 'One detection billed for each image',
			measured: `${detections} for ${measured.length}`,
			reached: measured.every(({ outcome }) => outcome.detections === 1),
		},
		goal(
			'One repair billed for each image that is repaired, and none for others',
			measured.filter(({ outcome }) => outcome.repairs !== (outcome.isRepaired ? 1 : 0)),
		),
		goal(
			'An image without a mark is left alone',
			measured.filter(({ plan, outcome }) => !plan.mark && outcome.isRepaired),
		),
		goal(
			'A mark that was read without a mistake is repaired',
			missed.filter(({ plan, read }) =>
				read.some((text) => plainly(text).includes(WORDS[plan.script])),
			),
		),
		goal(
			'The repaired area holds all of the lines that were found',
			measured.filter(({ counts }) => counts.leftOut > 0),
		),
		goal(
			'Nothing outside of the repaired area is changed',
			measured.filter(({ counts }) => counts.strayed > 0),
		),
	];
}

const SHEET = join(__dirname, 'results/marks.png');
const PAIRS = 6;
const TILES_IN_ROW = 4;
const TILE = { width: 450, height: 300 };

/** Some images with marks, before and after, two pairs in a row. */
async function writeSheet(measured: readonly Measured[]): Promise<void> {
	const marked = measured.filter(({ plan }) => plan.mark);
	const step = Math.max(1, Math.floor(marked.length / PAIRS));
	const shown = marked.filter((_, index) => index % step === 0).slice(0, PAIRS);
	const images = shown.flatMap(({ drawn, outcome }) => [
		drawn.marked,
		outcome.after ?? drawn.marked,
	]);
	const tiles = images.map(async (image, index) => ({
		input: await toSharp(image).resize(TILE).png().toBuffer(),
		left: (index % TILES_IN_ROW) * TILE.width,
		top: Math.floor(index / TILES_IN_ROW) * TILE.height,
	}));
	const sheet = {
		width: TILES_IN_ROW * TILE.width,
		height: Math.ceil(tiles.length / TILES_IN_ROW) * TILE.height,
		channels: 3 as const,
		background: '#fff',
	};
	await mkdir(dirname(SHEET), { recursive: true });
	await sharp({ create: sheet })
		.composite(await Promise.all(tiles))
		.png()
		.toFile(SHEET);
}

async function measure(quick: boolean): Promise<[Measured[], Missed[]]> {
	const prepared = await Promise.all(
		plans(quick ? 12 : 120).map(async (plan) => await prepare(plan)),
	);
	const run = await openMarkRun();
	try {
		const outcomes = await run.repair(prepared.map(({ image }) => image));
		const measured = prepared.flatMap((one, index): Measured[] => {
			const outcome = outcomes[index];
			return outcome ? [{ ...one, outcome, counts: countsOf(one.drawn, outcome) }] : [];
		});
		const missed = measured.filter(({ plan, outcome }) => plan.mark && !outcome.isRepaired);
		return [measured, await lookAgain(run, quick ? missed.slice(0, 3) : missed)];
	} finally {
		await run.close();
	}
}

/** (i) How well Found Text finds and removes marks that say something. */
export async function measureMarks(quick: boolean): Promise<Part> {
	const [measured, missed] = await measure(quick);
	await writeSheet(measured);
	return {
		letter: 'i',
		title: 'Marks that Found Text finds and removes',
		how: [
			`The built node in n8n's engine, mode Download, area Found Text, "Contains One Of" with the mark's word, everything else as it is by default; text is read by the [sandbox's own OCR](sandbox.md#detections), so this says how the parts work together, not how well Tencent's OCR reads.`,
			`${measured.length} images drawn by seed, always the same: the three scenes in \`dev/demo/scenes/\`, sharp or a part of them out of focus, two thirds of them with a mark whose letters are 6 to 11 % of the image high and drawn as strokes, so that no font matters.`,
			'"Pixels covered": of those that drawing the marks changes, how many are in the repaired area. "Area outside": of the repaired areas, the share that is farther from the mark than 5 % of its length. Images without a mark are searched for the same words.',
		].join(' '),
		columns: COLUMNS,
		rows: rowsOf(measured),
		notes: notesOf(missed),
		goals: goalsOf(measured, missed),
		data: measured.map(({ plan, outcome, counts }) => ({
			...plan,
			...{ ...outcome, after: undefined, counts },
			...missed.find((one) => one.plan === plan),
			plan: undefined,
		})),
	};
}
