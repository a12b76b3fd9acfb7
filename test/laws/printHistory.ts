import type { History } from './history';
import type { Violation } from './judge';
import type { HistoryRecord } from './runHistory';

/** A history, what it did and what it broke, for a person to read. */
export function printHistory(
	{ clockOffsetSeconds, workMs, executions, faults, writes, refused }: History,
	record: HistoryRecord,
	violations: readonly Violation[],
): string {
	const start = record.executions[0]?.startedAt ?? 0;
	const at = (time: number | null) => (time === null ? 'never' : `${Math.round(time - start)} ms`);
	const lines = [
		...violations.map(({ law, what }) => `law ${law}: ${what}`),
		...(clockOffsetSeconds === 0 ? [] : [`clock of the service: ${clockOffsetSeconds} s`]),
		...(workMs === 0 ? [] : [`every repair takes ${workMs} ms`]),
		...faults.map((rule) => `fault ${JSON.stringify(rule)}`),
		...refused.map((one) => `refused ${JSON.stringify(one)}`),
		...writes.map((write) => `write ${JSON.stringify(write)}`),
	];
	for (const [number, { mode, items, options, node, ...more }] of executions.entries()) {
		lines.push(`execution ${number}: ${mode} ${JSON.stringify({ ...options, ...node, ...more })}`);
		for (const [index, item] of items.entries()) {
			lines.push(`  item ${index}: ${JSON.stringify(item)}`);
		}
		const done = record.executions.find((one) => one.number === number);
		if (!done) continue;
		lines.push(
			`  ${done.status} at ${at(done.startedAt)} to ${at(done.endedAt)}: ${done.hint}${done.thrown}`,
		);
		for (const { item, json, binary } of done.told) {
			const rest = { ...json, polygons: undefined };
			lines.push(`  out ${item}: ${JSON.stringify({ ...rest, ...binary }).slice(0, 900)}`);
		}
		for (const call of done.calls) {
			const { number: of, kind, key, arrivedAt, finishedAt, answered, status, code, fault } = call;
			const results = call.results.map(
				({ key: to, md5, failed, storedAt, visibleAt }) =>
					` -> ${to} ${md5.slice(0, 6)} ${failed || `${at(storedAt)}/${at(visibleAt)}`}`,
			);
			lines.push(
				`  call ${of} ${kind} ${key} ${at(arrivedAt)} to ${at(finishedAt)} ${answered} ${status} ${code} ${fault}` +
					`${call.billed ? ' BILLED' : ''} of ${call.source?.md5.slice(0, 6) ?? 'nothing'}${results.join('')}`,
			);
		}
	}
	return lines.slice(0, 120).join('\n');
}
