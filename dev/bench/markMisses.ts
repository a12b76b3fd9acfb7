import { count, filled } from './markPixels';
import type { MarkRun } from './markRun';
import { prepare, WORDS, type Plan, type Prepared } from './markScenes';

/** A mark that was not found. */
export interface Missed {
	plan: Plan;
	/** What was read at its place. */
	read: string[];
	/** In which easier forms it is found. */
	foundWhen: string[];
}

type Change = (plan: Plan) => Plan;

/** What makes a mark easier to read. */
const EASIER: Readonly<Record<string, Change>> = {
	opaque: (plan) => ({ ...plan, ...(plan.mark && { mark: { ...plan.mark, opacity: 100 } }) }),
	upright: (plan) => ({ ...plan, ...(plan.mark && { mark: { ...plan.mark, angle: 0 } }) }),
	'on an even grey': (plan) => ({ ...plan, background: 'grey' }),
};
const ALL = 'all of this';
const easiest: Change = (plan) => Object.values(EASIER).reduce((so, make) => make(so), plan);

/** Those that are found when something about them is changed. */
async function foundWith(run: MarkRun, missed: readonly Missed[], name: string, change: Change) {
	const again = await Promise.all(
		missed.map(async ({ plan }) => await prepare(change(plan), `-${name}`)),
	);
	const found = await run.look(
		again.map(({ image }) => image),
		'contains',
	);
	const helped = missed.filter((_, index) => (found[index] ?? []).length > 0);
	for (const { foundWhen } of helped) foundWhen.push(name);
	return helped;
}

/** Looks again at the marks that were missed, and at easier forms of them. */
export async function lookAgain(run: MarkRun, prepared: readonly Prepared[]): Promise<Missed[]> {
	const found = await run.look(
		prepared.map(({ image }) => image),
		'any',
	);
	const missed = prepared.map(({ plan, drawn: { marked, around } }, index): Missed => {
		const place = filled(marked, around);
		const isHere = count(place);
		const here = (found[index] ?? []).filter(
			({ polygon }) => count(place, filled(marked, [polygon])) < isHere,
		);
		return { plan, read: here.map(({ label }) => label), foundWhen: [] };
	});
	const readable = await foundWith(run, missed, ALL, easiest);
	for (const [name, change] of Object.entries(EASIER)) {
		await foundWith(run, readable, name, change);
	}
	return missed;
}

function noteOf(script: string, missed: readonly Missed[]): string {
	const misread = missed.filter(({ read }) => read.length > 0);
	const readings = misread.slice(0, 4).map(({ read }) => `"${read.join(' ')}"`);
	const when = (name: string) => missed.filter(({ foundWhen }) => foundWhen.includes(name)).length;
	const onlyAll = missed.filter(({ foundWhen }) => foundWhen.join() === ALL).length;
	const easier = Object.keys(EASIER).map((name) => `${when(name)} when ${name}`);
	return [
		`${script}, ${missed.length} missed: nothing is read at the place of ${missed.length - misread.length},`,
		`something else at that of ${misread.length}${readings.length > 0 ? ` (such as ${readings.join(', ')})` : ''}.`,
		`Drawn again, the same marks are found: ${easier.join(', ')}, ${onlyAll} only when all of this;`,
		`${missed.length - when(ALL)} not even then.`,
		`Seeds: ${missed.map(({ plan }) => plan.seed).join(', ')}.`,
	].join(' ');
}

/** Why marks were missed, for each script. A mark may be found in several easier forms. */
export function notesOf(missed: readonly Missed[]): string[] {
	return Object.keys(WORDS).flatMap((script) => {
		const ofScript = missed.filter(({ plan }) => plan.script === script);
		return ofScript.length > 0 ? [noteOf(script, ofScript)] : [];
	});
}
