import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import sharp from 'sharp';
import { isRecord } from '../../cos/values';
import { idOf, type LocalWorkflow } from '../../dev/playground/localWorkflows';
import type { Execution, N8nClient } from '../../dev/playground/n8nClient';
import type { SpawnedSandbox } from '../../dev/sandbox/spawn';
import { assertSucceeded } from './serverChecks';

export const ARCHIVE = 'clean-archive';
export const ARCHIVE_BATCH = 'clean-archive-batch';
const FOLDER = 'archive/';

/** What the node "Settings" of the example says. */
export interface ArchiveSettings {
	readonly workers: number;
	readonly requestsPerSecond: number;
	readonly maxConcurrency: number;
	readonly imagesPerBatch: number;
	readonly imagesPerRun?: number;
}

/** What a batch answers. */
export interface BatchCount {
	readonly repaired: number;
	readonly skipped: number;
	readonly failed: number;
}

/** The examples, with other settings in the one that cleans an archive. */
export function withArchiveSettings(
	workflows: readonly LocalWorkflow[],
	settings: ArchiveSettings,
): LocalWorkflow[] {
	const values = new Map<string, number>(Object.entries(settings));
	const copies = structuredClone([...workflows]);
	const nodes = copies.find(({ id }) => id === idOf(ARCHIVE))?.nodes;
	const node = nodes?.find(({ name }) => name === 'Settings');
	const { assignments } = node?.parameters.assignments as { assignments: INodeParameters[] };
	for (const assignment of assignments) {
		const value = values.get(String(assignment.name));
		if (value !== undefined) assignment.value = value;
	}
	return copies;
}

async function plainImage(): Promise<Buffer> {
	const create = { width: 64, height: 48, channels: 3, background: '#345678' } as const;
	return await sharp({ create }).jpeg().toBuffer();
}

/**
 * Stores images of the same bytes in the archive, in place of what is there.
 *
 * @param bytes by default a small image of one color
 */
export async function fillArchive(
	sandbox: SpawnedSandbox,
	count: number,
	bytes?: Buffer,
): Promise<string[]> {
	const image = bytes ?? (await plainImage());
	const keys = (await sandbox.keys()).filter((key) => key.startsWith(FOLDER));
	for (const key of keys) await sandbox.deleteObject(key);
	const objects = Array.from({ length: count }, (_, index) => ({
		key: `${FOLDER}${String(index).padStart(5, '0')}.jpg`,
		bytes: image,
	}));
	await sandbox.putObjects(objects, 'image/jpeg');
	return objects.map(({ key }) => key);
}

export const repairedKey = (key: string) => key.replace('.jpg', '-repaired.jpg');

/**
 * Publishes the webhook of the batches, and waits until it is there.
 *
 * @throws Error when n8n does not publish it
 */
export async function untilBatchesAreTaken(client: N8nClient): Promise<void> {
	await client.activate(idOf(ARCHIVE_BATCH));
	for (let tries = 0; tries < 60; tries++) {
		// Without the key of the example, n8n refuses it: the webhook is there.
		const url = `${client.url}/webhook/${ARCHIVE_BATCH}`;
		const { status } = await fetch(url, { method: 'POST' });
		if (status === 403) return;
		assert.equal(status, 404);
		await sleep(250);
	}
	throw new Error('The webhook of the batches is not there.');
}

/** Runs the workflow as a person does, in the main process, until all its batches are over. */
export async function runArchive(client: N8nClient): Promise<Execution> {
	const id = await client.start(idOf(ARCHIVE), 'Every two hours');
	return await client.untilOver(id, 240_000);
}

function batchesOf(execution: Execution): INodeExecutionData[] {
	return execution.runs('Run a batch').flatMap(({ data }) => data?.main?.[0] ?? []);
}

/** What the batches of a run answered; those that ended without an answer are left out. */
export function countsOf(execution: Execution): BatchCount[] {
	assertSucceeded(execution);
	return batchesOf(execution).flatMap(({ json: { repaired, skipped, failed } }) =>
		typeof repaired === 'number' && typeof skipped === 'number' && typeof failed === 'number'
			? [{ repaired, skipped, failed }]
			: [],
	);
}

/** What the batches that ended without an answer say instead. */
export function lostBatches(execution: Execution): string[] {
	return batchesOf(execution).flatMap(({ json: { error } }) => {
		if (error === undefined) return [];
		return [isRecord(error) && 'message' in error ? String(error.message) : String(error)];
	});
}

export function total(counts: readonly BatchCount[]): BatchCount {
	const sum = (name: keyof BatchCount) => counts.reduce((all, count) => all + count[name], 0);
	return { repaired: sum('repaired'), skipped: sum('skipped'), failed: sum('failed') };
}
