import type { LedgerEntry, LedgerResult, LedgerRule } from '../../dev/sandbox/ledger/ledger';
import type { Version } from '../../dev/sandbox/store/store';
import { tracesOf } from '../engine/secretTraces';
import { AREAS, foundIn } from './history';
import type { ExecutionRecord, HistoryRecord, Job, Told } from './runHistory';

/** A law that a history has broken. */
export interface Violation {
	/** `1` to `8`, `cap` for Max Billed Calls, `detections`, `changed` for `sourceChanged`, `items` for an item that is lost or there twice, `quiet` */
	law: string;
	what: string;
}

interface ToldResult {
	key?: string;
	bucket?: string;
	status?: 'stored' | 'missing' | 'unknown';
	etag?: string;
}

interface ToldError {
	message?: string;
	description?: string;
	code?: string;
	billed?: 'no' | 'yes' | 'perhaps';
	requestId?: string;
	results?: ToldResult[];
}

const errorOf = ({ json }: Told): ToldError | undefined =>
	json.error === undefined ? undefined : (json.error as ToldError);
const resultsOf = ({ json }: Told) => (json.results ?? []) as ToldResult[];
const withoutQuotes = (etag = '') => etag.replaceAll('"', '');
/** Left unrepaired on purpose. */
const isLeftOut = ({ json }: Told) => json.reason === 'maxBilledCalls' || json.dryRun !== undefined;
const isSkipped = (told: Told) => told.json.skipped === true && !isLeftOut(told);
const isRepaired = (told: Told) =>
	errorOf(told) === undefined &&
	told.json.skipped !== true &&
	told.json.repaired !== false &&
	!isLeftOut(told);
/** Nothing was found, so that it was left as it is. */
const isUnrepaired = ({ json }: Told) => json.repaired === false && json.dryRun === undefined;
const wasCancelled = ({ status }: ExecutionRecord) => status === 'canceled';

const KINDS = {
	download: 'repair-download',
	upload: 'repair-upload',
	cloud: 'repair-cloud',
} as const;
const isRepair = ({ kind }: LedgerEntry) => kind.startsWith('repair-');

/** Whether a job may work under a key: `s1.png`, or `s1-2.png` where it gets a number. */
function isKeyOf({ key, numbered }: Job, used: string): boolean {
	return used === key || (numbered === true && used.replace(/-\d+(?=\.png$)/, '') === key);
}

/** The areas of pictures in the words of the ledger; undefined for those in which nothing is found. */
function areaFoundIn(md5: string): string | undefined {
	const area = AREAS[foundIn(md5)];
	return area && `polygons ${JSON.stringify(area)}`;
}

const FOUND_AREAS = AREAS.map((area) => `polygons ${JSON.stringify(area)}`);

/** Whether the ledger's words are those of an area. */
const isArea = (asked: string, area: string) =>
	area === 'text' ? FOUND_AREAS.includes(asked) : asked === area;

/** What a call of a job can ask for: without the result of which nothing was found. */
function askedBy({ results }: Job): Array<Job['results']> {
	const isLooked = results[0]?.area === 'text' && results.length > 1;
	return isLooked ? [results, results.slice(1)] : [results];
}

/** What an item that was repaired, or skipped, has to tell. */
const toldResults = (job: Job, { json }: Told) =>
	json.leftOut === undefined ? job.results : job.results.slice(1);

/** Whether a call asked for this job, as far as the ledger knows what it asked for. */
function isFor(job: Job, call: LedgerEntry): boolean {
	const { mode, picture } = job;
	if (call.kind !== KINDS[mode] || !isKeyOf(job, call.key)) return false;
	if (picture !== '' && call.source && call.source.md5 !== picture) return false;
	// The area of a mask is known once it was fetched.
	const isAsked = ({ key: place, area }: LedgerRule, result?: Job['results'][number]) =>
		place === result?.key &&
		(area === '' ? result.area.startsWith('mask') : isArea(area, result.area));
	return askedBy(job).some(
		(results) =>
			call.asked.length === results.length &&
			call.asked.every((rule, index) => isAsked(rule, results[index])) &&
			call.results.every(
				({ area }, index) => area === '' || isArea(area, results[index]?.area ?? ''),
			),
	);
}

const nameOf = (job: Job) => JSON.stringify(job);

/** The jobs of an execution without repetition, each with its items and its calls. */
function jobsOf({ jobs, calls }: ExecutionRecord) {
	const byName = new Map<string, { job: Job; items: number[]; calls: LedgerEntry[] }>();
	for (const [item, job] of jobs.entries()) {
		const name = nameOf(job);
		const known = byName.get(name);
		if (known) known.items.push(item);
		else byName.set(name, { job, items: [item], calls: calls.filter((call) => isFor(job, call)) });
	}
	return [...byName.values()];
}

/**
 * What others have written under the keys of a job while this execution looked for a lost result: other
 * executions, or somebody else. It is newer than the call and is not the original, so it may be told as
 * found: the bucket tells no more than that.
 */
function writtenByOthers(
	{ calls, startedAt, endedAt }: ExecutionRecord,
	{ versions }: HistoryRecord,
	job: Job,
): Version[] {
	if (!calls.some((call) => isFor(job, call) && isLost(call))) return [];
	return job.results
		.flatMap(({ key }) => versionsDuring(versions, key, startedAt, endedAt))
		.filter(({ md5, writer }) => md5 !== null && !calls.some((call) => call.requestId === writer));
}

/** Without a whole response: whether it was done is not known to the node. */
const isLost = (call: LedgerEntry) =>
	(call.answered === 'fault' || call.answered === 'left') && !isRefusal(call);

/** Its whole response says that it was done, in whatever form it came. */
const isDone = ({ answered, billed, status }: LedgerEntry) =>
	billed && status === 200 && (answered === 'whole' || answered === 'changed');

/** Calls that were made after one that may have been billed. */
function afterLost(calls: readonly LedgerEntry[]): LedgerEntry[] {
	// A fault may have left the error document of a refusal readable.
	const lost = calls.findIndex((call) => isLost(call) && (call.status >= 300 || call.code === ''));
	return lost < 0 ? [] : calls.slice(lost + 1);
}

type Law = (execution: ExecutionRecord, history: HistoryRecord) => string[];

/**
 * Law 1: a job is billed once, however many items and tries ask for it. With Retry Lost Calls, only a
 * call that did not get its whole response may be made again.
 */
const billedOnce: Law = (execution) => {
	const broken: string[] = [];
	const { retryLostCalls } = execution.asked.options;
	const jobs = jobsOf(execution);
	// The mask of a call that was lost at once has not been fetched: it fits several jobs.
	const fitsOthers = (job: Job, call: LedgerEntry) =>
		jobs.some((other) => other.job !== job && other.calls.includes(call));
	for (const { job, items, calls } of jobs) {
		const again = afterLost(calls.filter((call) => !fitsOthers(job, call)));
		if (!retryLostCalls && again.length > 0) {
			broken.push(`item ${items.join(', ')} sent a lost call again (call ${numbersOf(again)})`);
		}
		const billed = calls.filter((call) => call.billed);
		if (billed.length < 2) continue;
		const lost = billed.slice(0, -1).every(isLost);
		if (retryLostCalls && lost) continue;
		broken.push(
			`item ${items.join(', ')} was billed ${billed.length} times (calls ${numbersOf(billed)})`,
		);
	}
	const known = new Set(jobs.flatMap(({ calls }) => calls));
	const strange = execution.calls.filter((call) => call.billed && !known.has(call));
	if (strange.length > 0) broken.push(`no item asked for the billed call ${numbersOf(strange)}`);
	return broken;
};

const numbersOf = (calls: readonly LedgerEntry[]) => calls.map(({ number }) => number).join(', ');

/** The versions of a key that were there at some moment of a period. */
function versionsDuring(
	versions: readonly Version[],
	key: string,
	from: number,
	to: number,
): Version[] {
	const all = versions.filter((version) => version.key === key);
	return all.filter(({ storedAt }, index) => {
		const next = all[index + 1];
		return storedAt <= to && (next === undefined || next.visibleAt >= from);
	});
}

/** Law 2: what is told as repaired is a repair of this source with this area, made by this run. */
const repairedIsRepaired: Law = (execution, history) =>
	execution.told.filter(isRepaired).flatMap((told) => {
		const job = execution.jobs[told.item];
		if (!job) return [`output item without an input item ${told.item}`];
		const calls = execution.calls.filter((call) => isFor(job, call) && call.billed);
		if (job.mode === 'download') {
			const md5s = Object.values(told.binary);
			// A picture with status 206 is a part, also when all of it is there.
			const made = calls.filter(
				({ results, status }) => results[0]?.md5 === md5s[0] && status !== 206,
			);
			if (md5s.length !== 1) return [`item ${told.item} has ${md5s.length} files`];
			return made.length > 0 ? [] : [`the file of item ${told.item} is no repair of its image`];
		}
		const results = resultsOf(told);
		const expected = toldResults(job, told);
		if (results.length !== expected.length) {
			return [`item ${told.item} tells ${results.length} of ${expected.length} results`];
		}
		return expected.flatMap(({ key, area }, rule) => {
			const { key: toldKey, etag } = results[rule] ?? {};
			if (toldKey !== key) return [`item ${told.item} tells ${String(toldKey)} for ${key}`];
			const isOf = (version: Version) => version.key === key && version.md5 === withoutQuotes(etag);
			if (writtenByOthers(execution, history, job).some(isOf)) return [];
			const made = calls.filter(({ results: all }) =>
				all.some(
					(one) =>
						one.key === key &&
						isArea(one.area, area) &&
						one.storedAt !== null &&
						(etag === undefined || one.md5 === withoutQuotes(etag)),
				),
			);
			if (made.length === 0) {
				return [
					`item ${told.item} tells ${key} ${String(etag)}, which none of its calls has stored`,
				];
			}
			return overwritten(execution, told, key, made);
		});
	});

/** Whether another item of the run has taken the place of a result. */
function overwritten(
	{ calls, jobs, endedAt }: ExecutionRecord,
	{ item, json }: Told,
	key: string,
	made: readonly LedgerEntry[],
): string[] {
	const newest = Math.max(...made.flatMap(({ results }) => versionOf(results, key)));
	const job = jobs[item];
	const others = calls.filter((call) => job !== undefined && isRepair(call) && !isFor(job, call));
	const later = others.filter(({ results }) =>
		results.some(
			(one) =>
				one.key === key && (one.version ?? 0) > newest && (one.storedAt ?? Infinity) <= endedAt,
		),
	);
	if (later.length === 0 || json.overwritten !== undefined) return [];
	return [`${key} of item ${item} was overwritten by another item (call ${numbersOf(later)})`];
}

const versionOf = (results: readonly LedgerResult[], key: string) =>
	results.filter((one) => one.key === key).map(({ version }) => version ?? 0);

/**
 * Law 3: a skipped result was made from the image that is there now. A result that another execution has
 * made from an image under another key cannot be told from it: the bucket keeps no more than its time.
 */
const skippedIsUpToDate: Law = (execution, { versions, calls }) =>
	execution.told.filter(isSkipped).flatMap((told) => {
		const { startedAt, endedAt } = execution;
		const job = execution.jobs[told.item];
		if (!job) return [];
		const sources =
			job.picture === ''
				? versionsDuring(versions, job.key, startedAt, endedAt).map(({ md5 }) => md5)
				: [job.picture];
		const isUsable = (call: LedgerEntry) =>
			sources.includes(call.source?.md5 ?? '') ||
			(call.key !== (told.json.key ?? job.key) &&
				!execution.calls.some(({ number }) => number === call.number));
		return toldResults(job, told).flatMap(({ key }) => {
			const there = versionsDuring(versions, key, startedAt, endedAt);
			const right = there.some(({ version }) =>
				calls.some(
					(call) =>
						isUsable(call) &&
						call.results.some((one) => one.key === key && one.version === version),
				),
			);
			return right ? [] : [`item ${told.item} was skipped, but ${key} is no repair of its image`];
		});
	});

/** Whether a cancelled item had not begun, and another one that asks for the same tells what was paid. */
const isToldElsewhere = (execution: ExecutionRecord, told: Told, job: Job) =>
	wasCancelled(execution) &&
	errorOf(told)?.billed === 'no' &&
	execution.told.some(({ item, json }) => {
		const other = execution.jobs[item];
		const isSame = other !== undefined && nameOf(other) === nameOf(job);
		const error = json.error as ToldError | undefined;
		return isSame && json.skipped !== true && error?.billed !== 'no';
	});

/** Law 4: a failure tells what was paid for and what came of it. */
const failedTellsWhatWasPaid: Law = (execution) => {
	const broken = execution.told.flatMap((told) => {
		const error = errorOf(told);
		const job = execution.jobs[told.item];
		if (!error || !job) return [];
		const calls = execution.calls.filter((call) => isFor(job, call));
		const billed = calls.filter((call) => call.billed);
		const name = `item ${told.item}`;
		if (error.billed === undefined) return [`${name} does not tell whether it was billed`];
		if (billed.length === 0) {
			return error.billed === 'yes' ? [`${name} tells "billed", but was not`] : [];
		}
		// Of two items that ask for the same, the error can tell what the first one's call did.
		if (error.billed === 'no') {
			return isToldElsewhere(execution, told, job)
				? []
				: [`${name} tells "not billed", but call ${numbersOf(billed)} was`];
		}
		if (job.mode === 'download') return requestIdOf(name, error, billed);
		const toldKeys = new Map((error.results ?? []).map((result) => [result.key, result]));
		return [
			...requestIdOf(name, error, billed),
			...job.results.flatMap(({ key }) => {
				if (!billed.some(({ asked }) => asked.some((rule) => rule.key === key))) return [];
				const result = toldKeys.get(key);
				// Where a call was done, the error tells what came of that one.
				const done = billed.filter(isDone);
				const stored = (done.length > 0 ? done : billed).some(({ results }) =>
					results.some((one) => one.key === key && one.storedAt !== null),
				);
				if (!result) return [`${name} does not tell of ${key}`];
				if (stored && result.status === 'missing')
					return [`${name} tells ${key} is missing, but it is stored`];
				if (!stored && result.status === 'stored')
					return [`${name} tells ${key} is stored, but it is not`];
				return [];
			}),
		];
	});
	if (execution.thrown === '' || wasCancelled(execution)) return broken;
	const paid = execution.calls.filter((call) => call.billed).flatMap(({ results }) => results);
	const keys = paid.filter(({ storedAt }) => storedAt !== null).map(({ key }) => key);
	const untold = [...new Set(keys)].filter((key) => !execution.thrown.includes(key));
	return untold.length === 0
		? broken
		: [...broken, `the error does not tell of ${untold.join(', ')}`];
};

function requestIdOf(name: string, error: ToldError, billed: readonly LedgerEntry[]): string[] {
	const whole = billed.filter(({ answered, named }) => answered === 'whole' && named);
	if (whole.length === 0 || whole.some(({ requestId }) => requestId === error.requestId)) return [];
	return [`${name} does not tell the request id of call ${numbersOf(whole)}`];
}

/** Whether the service itself has said, in a response that is whole, that it did not do it. */
const isRefusal = ({ status, code, named, answered, fault }: LedgerEntry) =>
	// It carries an `X-ErrNo`.
	fault === 'placeholder' ||
	// A fault can break off an error document; the generator names no such response.
	((answered === 'refused' || (answered === 'fault' && named)) &&
		((status >= 300 && status < 500) || ([429, 500, 503].includes(status) && code !== '')));

/** The numbers of the line above the output, or of the error. */
function countsOf(text: string): { billed: number; perhaps: number } | undefined {
	if (text.includes('no repair billed')) return { billed: 0, perhaps: 0 };
	const billed = /(\d+) billed calls?/.exec(text)?.[1];
	if (billed === undefined) return undefined;
	return {
		billed: Number(billed),
		perhaps: Number(/(\d+) more may have been billed/.exec(text)?.[1] ?? 0),
	};
}

/** Law 5: "perhaps" is said only of what was sent and is unknown, and the counts are those of the ledger. */
const countsAreTrue: Law = (execution, history) => {
	const broken = execution.told.flatMap((told) => {
		const job = execution.jobs[told.item];
		if (errorOf(told)?.billed !== 'perhaps' || !job) return [];
		const calls = execution.calls.filter((call) => isFor(job, call));
		if (calls.length === 0) return [`item ${told.item} tells "perhaps", but nothing was sent`];
		if (calls.every((call) => isRefusal(call))) {
			return [`item ${told.item} tells "perhaps", but call ${numbersOf(calls)} was refused`];
		}
		const done = calls.filter(isDone);
		return done.length === 0
			? []
			: [`item ${told.item} tells "perhaps", but call ${numbersOf(done)} was done`];
	});
	if (wasCancelled(execution)) return broken;
	const billed = execution.calls.filter((call) => call.billed).length;
	const where = execution.thrown === '' ? execution.hint : execution.thrown;
	const counts = countsOf(where);
	const beside = jobsOf(execution).filter(({ job, calls }) => {
		if (calls.some((call) => call.billed)) return false;
		const others = writtenByOthers(execution, history, job);
		return job.results.every(({ key }) => others.some((version) => version.key === key));
	}).length;
	if (!counts) {
		const one = execution.told.length === 1 || execution.thrown !== '';
		return one && billed <= 1 ? broken : [...broken, `${billed} billed calls are not told`];
	}
	const repairs = execution.calls.filter(isRepair);
	const lost = repairs.filter(isLost).length;
	const done = repairs.filter(isDone).length;
	const isTrue =
		counts.billed <= billed + beside &&
		counts.billed >= done &&
		billed <= counts.billed + counts.perhaps &&
		counts.perhaps <= lost;
	if (isTrue) return broken;
	return [
		...broken,
		`${counts.billed} billed calls and ${counts.perhaps} perhaps are told, ` +
			`${billed} were billed, ${done} told so, ${lost} were lost`,
	];
};

/** Law 6: every object that the run has stored is told, and no temporary mask is left unnamed. */
const storedIsTold: Law = (execution, { versions, keys }) => {
	if (wasCancelled(execution)) return [];
	const writers = new Set(execution.calls.map(({ requestId }) => requestId));
	const written = versions.filter(({ writer, md5 }) => writers.has(writer) && md5 !== null);
	const there = new Set(written.map(({ key }) => key).filter((key) => keys.includes(key)));
	const text = JSON.stringify(execution.told.map(({ json }) => json)) + execution.thrown;
	return [...there]
		.filter((key) => !text.includes(key))
		.map((key) => `${key} was stored, and is not told`);
};

/**
 * Law 6: an upload that must not overwrite leaves every other picture that was there before the execution.
 * A call that was lost may have stored the picture itself.
 */
const othersStay: Law = (execution, { versions }) => {
	const { mode, options } = execution.asked;
	const isKept = mode === 'upload' && options.ifKeyExists && !options.overwriteOriginal;
	if (!isKept) return [];
	return execution.calls.filter(isRepair).flatMap(({ number, key, requestId }) => {
		const ofKey = versions.filter((version) => version.key === key);
		const own = ofKey.find(({ writer }) => writer === requestId);
		const earlier = own ? ofKey.filter(({ version }) => version < own.version) : [];
		const last = earlier.sort((one, other) => other.version - one.version)[0];
		const wasThere = last && last.md5 !== null && last.storedAt < execution.startedAt;
		return wasThere && last.md5 !== own?.md5
			? [`call ${number} took the place of another picture under ${key}`]
			: [];
	});
};

/** Law 7: a picture that came whole is not thrown away, in whatever form it came. */
const wholeFilesArePassedOn: Law = (execution) =>
	execution.told.flatMap((told) => {
		const job = execution.jobs[told.item];
		if (job?.mode !== 'download' || !errorOf(told)) return [];
		if (isToldElsewhere(execution, told, job)) return [];
		const done = execution.calls.filter((call) => isFor(job, call) && isDone(call));
		return done.length === 0
			? []
			: [`item ${told.item} failed, but call ${numbersOf(done)} brought the whole picture`];
	});

/** Law 7: every file that is passed on is a whole one. */
const filesAreWhole: Law = (execution, { versions }) =>
	execution.told.flatMap((told) => {
		const files = Object.entries(told.binary);
		if (files.length === 0) return [];
		if (!isRepaired(told) && !isSkipped(told))
			return [`item ${told.item} has a file, but is not repaired`];
		if (execution.asked.mode === 'download') return [];
		const { startedAt, endedAt } = execution;
		const results = resultsOf(told);
		return files.flatMap(([field, md5], index) => {
			const { key = '', etag } = results[index] ?? {};
			// The bucket does not always tell an ETag.
			const stored = versionsDuring(versions, key, startedAt, endedAt).map((one) => one.md5);
			const isRight = etag === undefined ? stored.includes(md5) : withoutQuotes(etag) === md5;
			return isRight ? [] : [`${field} of item ${told.item} is not what is stored under ${key}`];
		});
	});

/** Law 8: no secret and no link leaves. */
const noSecretLeaves: Law = ({ everything }, { secrets }) => {
	const [found] = tracesOf(everything, secrets);
	return found === undefined ? [] : [`a secret leaves: ${found}`];
};

/** Max Billed Calls is never passed; what may have been billed counts. */
const capIsKept: Law = (execution) => {
	const cap = execution.asked.options.maxBilledCalls;
	// A fault can leave an error document readable, or not: then the call may count or not.
	const { length } = execution.calls.filter(
		(call) => call.billed || (isRepair(call) && isLost(call) && call.code === ''),
	);
	return cap !== undefined && length > cap
		? [`${length} calls were billed or lost, ${cap} were allowed`]
		: [];
};

/**
 * What is found in the pictures that an item is about: those that were there while it ran, or the one that it
 * uploads. In a picture that is a repair itself it is nothing.
 */
function foundFor(
	{ startedAt, endedAt }: ExecutionRecord,
	{ versions, calls }: HistoryRecord,
	{ key, picture }: Job,
): Array<string | undefined> {
	if (picture !== '') return [areaFoundIn(picture)];
	const isRepaired = (md5: string) =>
		calls.some(({ results }) => results.some((result) => result.md5 === md5));
	return versionsDuring(versions, key, startedAt, endedAt)
		.flatMap(({ md5 }) => md5 ?? [])
		.map((md5) => (isRepaired(md5) ? undefined : areaFoundIn(md5)));
}

/** Law 2: what a detector has found is repaired, and where it has found nothing, nothing is. */
const repairedIsFound: Law = (execution, history) => {
	const wrong = execution.jobs.flatMap((job) => {
		if (job.results[0]?.area !== 'text') return [];
		const found = foundFor(execution, history, job);
		const calls = execution.calls.filter((call) => isFor(job, call));
		return calls.flatMap(({ number, asked }) => {
			const rule = asked.find(({ key }) => key === job.results[0]?.key);
			return !rule || found.includes(rule.area)
				? []
				: [`call ${number} repairs an area that is not found in its picture`];
		});
	});
	const left = execution.told.flatMap((told) => {
		const job = execution.jobs[told.item];
		if (!job || !(isUnrepaired(told) || told.json.leftOut !== undefined)) return [];
		const found = foundFor(execution, history, job);
		return found.includes(undefined) ? [] : [`item ${told.item} was left, but has text`];
	});
	return [...wrong, ...left];
};

/** Detections told in the line above the output, or in the error. */
function detectionsOf(text: string): { done: number; perhaps: number } {
	return {
		done: Number(/(\d+) detections?(?! may)/.exec(text)?.[1] ?? 0),
		perhaps: Number(/(\d+) more detections may/.exec(text)?.[1] ?? 0),
	};
}

const isDetection = ({ kind }: LedgerEntry) => kind.startsWith('detect-');

/** A job is detected once, however often it is tried, and the line counts what the ledger does. */
const detectedOnce: Law = (execution) => {
	const { calls, asked, thrown, hint } = execution;
	const detections = calls.filter(isDetection);
	const detected = detections.filter((call) => call.detected);
	const jobs = jobsOf(execution).length;
	const lost = detections.filter(isLost);
	const broken: string[] = [];
	const allowed = jobs + (asked.options.retryLostCalls ? lost.length : 0);
	if (detected.length > allowed) {
		broken.push(`${detected.length} detections for ${jobs} jobs (calls ${numbersOf(detected)})`);
	}
	if (wasCancelled(execution)) return broken;
	// What costs nothing else is not counted in an error that stops the run.
	if (thrown !== '' && countsOf(thrown) === undefined) return broken;
	const told = detectionsOf(thrown === '' ? hint : thrown);
	const done = detections.filter(
		({ detected: was, answered, status }) =>
			was && status === 200 && (answered === 'whole' || answered === 'changed'),
	).length;
	const isTrue =
		told.done <= detected.length &&
		told.done >= done - (thrown === '' ? 0 : done) &&
		detected.length <= told.done + told.perhaps + (thrown === '' ? 0 : detected.length) &&
		told.perhaps <= lost.length;
	return isTrue
		? broken
		: [
				...broken,
				`${told.done} detections and ${told.perhaps} perhaps are told, ${detected.length} were made, ${done} told so, ${lost.length} were lost`,
			];
};

/** `sourceChanged` is told only of an image that somebody has replaced during the run. */
const changeIsTrue: Law = ({ told, jobs, startedAt, endedAt }, { versions }) =>
	told.flatMap(({ item, json }) => {
		const job = jobs[item];
		if (json.sourceChanged === undefined || !job) return [];
		const there = versionsDuring(versions, job.key, startedAt, endedAt);
		return there.length > 1 ? [] : [`item ${item} tells that ${job.key} has changed`];
	});

/** Every item leaves once, unless the execution ends early. */
const itemsLeaveOnce: Law = (execution) => {
	if (execution.thrown !== '' || wasCancelled(execution)) return [];
	const items = execution.told.map(({ item }) => item).sort((a, b) => a - b);
	const expected = execution.jobs.map((_, item) => item);
	return JSON.stringify(items) === JSON.stringify(expected)
		? []
		: [`items ${items.join(', ')} leave, ${expected.length} came`];
};

/** Where nothing goes wrong, an item fails only for what it asks. */
const quietSucceeds: Law = (execution, { asked, executions }) => {
	const { timeout = 60 } = execution.asked.options;
	const { faults, writes, refused } = asked;
	const quiet = [...faults, ...writes, ...refused].length === 0;
	const early = executions.some(({ asked: { cancelAfterMs } }) => cancelAfterMs !== undefined);
	if (!quiet || early || asked.workMs >= timeout * 1000) return [];
	// A quick sandbox makes small images of large ones, and other executions may store under the same keys.
	const known = (text: string) =>
		/is also stored by item|There is no image|8 × 8|is in the bucket already/.test(text) ||
		(executions.length > 1 && text.includes('Another image than the result is under'));
	const failed = execution.told.flatMap((told) => {
		const { message = '' } = errorOf(told) ?? { message: 'is also stored by item' };
		return known(message) ? [] : [`item ${told.item} failed though nothing went wrong: ${message}`];
	});
	return execution.thrown === '' || known(execution.thrown)
		? failed
		: [`it stopped though nothing went wrong: ${execution.thrown}`];
};

const LAWS: ReadonlyArray<[string, Law]> = [
	['1', billedOnce],
	['2', repairedIsRepaired],
	['3', skippedIsUpToDate],
	['4', failedTellsWhatWasPaid],
	['5', countsAreTrue],
	['6', storedIsTold],
	['6', othersStay],
	['7', filesAreWhole],
	['7', wholeFilesArePassedOn],
	['2', repairedIsFound],
	['detections', detectedOnce],
	['changed', changeIsTrue],
	['8', noSecretLeaves],
	['cap', capIsKept],
	['items', itemsLeaveOnce],
	['quiet', quietSucceeds],
];

/** Virtual milliseconds between events whose order is chance. */
const AT_ONCE = 50;

/** Chance decides whether a response that ends in the moment of a cancellation is still read. */
function withoutTies(execution: ExecutionRecord): ExecutionRecord {
	const { calls, cancelledAt } = execution;
	if (cancelledAt === undefined) return execution;
	const isTie = ({ finishedAt }: LedgerEntry) =>
		finishedAt !== null && Math.abs(finishedAt - cancelledAt) <= AT_ONCE;
	return {
		...execution,
		calls: calls.map((call) => (isTie(call) ? { ...call, answered: 'left' } : call)),
	};
}

/** All that a history has broken. */
export function judge(history: HistoryRecord): Violation[] {
	return history.executions.map(withoutTies).flatMap((execution) =>
		LAWS.flatMap(([law, check]) =>
			check(execution, history).map((what) => ({
				law,
				what: `execution ${execution.number}: ${what}`,
			})),
		),
	);
}

/** What a history has shown, so that a test can tell whether all states have occurred. */
export function countsIn({ executions }: HistoryRecord): Record<string, number> {
	const counts: Record<string, number> = {};
	const add = (name: string, by = 1) => (counts[name] = (counts[name] ?? 0) + by);
	for (const execution of executions) {
		add('executions');
		const { area } = execution.asked.options;
		if (area !== undefined) add(area);
		add(execution.status);
		add('calls', execution.calls.length);
		add('billed', execution.calls.filter((call) => call.billed).length);
		for (const told of execution.told) {
			const error = errorOf(told);
			if (error?.code === 'ECONNREFUSED') add('never sent');
			if (error) add(`failed, billed ${error.billed ?? 'untold'}`);
			else if (told.json.sameAs !== undefined) add('sameAs');
			else if (isSkipped(told)) add('skipped');
			else if (isUnrepaired(told)) add('nothing found');
			else if (isRepaired(told)) add('repaired');
			else add('left out');
			if (told.json.sourceChanged !== undefined) add('sourceChanged');
		}
	}
	return counts;
}
