import type { History, HistoryExecution, HistoryOptions } from './history';

/** The list without each of its parts in turn: first its halves, then single entries. */
export function without<Entry>(list: readonly Entry[]): Entry[][] {
	if (list.length === 0) return [];
	const half = Math.ceil(list.length / 2);
	const halves = list.length > 2 ? [list.slice(0, half), list.slice(half)] : [];
	return [...halves, ...list.map((_, index) => list.filter((__, other) => other !== index))];
}

const withoutField = <Value extends object>(value: Value, name: string): Value =>
	Object.fromEntries(Object.entries(value).filter(([other]) => other !== name)) as Value;

function smallerExecutions(execution: HistoryExecution): HistoryExecution[] {
	return [
		...without(execution.items)
			.filter((items) => items.length > 0)
			.map((items) => ({ ...execution, items })),
		...Object.keys(execution.options).map((name) => ({
			...execution,
			options: withoutField<HistoryOptions>(execution.options, name),
		})),
		...(execution.node.maxTries === undefined
			? []
			: [{ ...execution, node: withoutField(execution.node, 'maxTries') }]),
		...(execution.cancelAfterMs === undefined ? [] : [withoutField(execution, 'cancelAfterMs')]),
		...(execution.pauseMs === 0 ? [] : [{ ...execution, pauseMs: 0 }]),
	];
}

/** Histories that are a little smaller than this one, the smallest first. */
export function smaller(history: History): History[] {
	return [
		...without(history.executions)
			.filter((executions) => executions.length > 0)
			.map((executions) => ({ ...history, executions })),
		...without(history.faults).map((faults) => ({ ...history, faults })),
		...without(history.writes).map((writes) => ({ ...history, writes })),
		...without(history.refused).map((refused) => ({ ...history, refused })),
		...(history.workMs === 0 ? [] : [{ ...history, workMs: 0 }]),
		...(history.clockOffsetSeconds === 0 ? [] : [{ ...history, clockOffsetSeconds: 0 }]),
		...history.executions.flatMap((execution, index) =>
			smallerExecutions(execution).map((made) => ({
				...history,
				executions: history.executions.map((other, at) => (at === index ? made : other)),
			})),
		),
	];
}
