import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startProgram, type Endings, type RunningProgram } from '../../dev/playground/childProcess';
import { freePort } from '../../dev/playground/machine';
import {
	launchN8n,
	untilAnswering,
	type N8nHome,
	type RunningN8n,
} from '../../dev/playground/n8nServer';
import { requireTool } from './tools';

/** Starts Redis without persistence. */
async function startRedis(home: N8nHome, endings: Endings): Promise<number> {
	requireTool('redis-server', 'redis-server');
	const port = await freePort();
	const redis = startProgram({
		command: 'redis-server',
		args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', home.userFolder],
		env: process.env,
		logFile: join(home.userFolder, 'redis.log'),
	});
	endings.add(async () => await redis.stop());
	return port;
}

/**
 * Starts a worker and waits until it is ready.
 *
 * @param main whose webhooks are called at the address that the worker tells
 */
export async function startWorker(
	home: N8nHome,
	name: string,
	main: RunningN8n,
	endings: Endings,
): Promise<RunningProgram> {
	const port = await freePort();
	const worker = launchN8n(home, 'worker', {
		name,
		args: ['--concurrency=2'],
		env: {
			WEBHOOK_URL: main.url,
			QUEUE_HEALTH_CHECK_ACTIVE: 'true',
			QUEUE_HEALTH_CHECK_PORT: String(port),
			N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
			N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		},
	});
	endings.add(async () => await worker.stop());
	await untilAnswering(worker, `http://127.0.0.1:${port}/healthz`);
	return worker;
}

async function loggedBy(worker: RunningProgram, what: 'started' | 'finished') {
	const log = await readFile(worker.logFile, 'utf8');
	const lines = log.matchAll(new RegExp(`Worker ${what} execution (\\d+)`, 'g'));
	return new Set([...lines].map(([, id]) => id ?? ''));
}

/** Ids of the executions that a worker has started, according to its log. */
export async function startedBy(worker: RunningProgram): Promise<Set<string>> {
	return await loggedBy(worker, 'started');
}

/** Whether a worker has an execution that it has not finished, according to its log. */
export async function isBusy(worker: RunningProgram): Promise<boolean> {
	const finished = await loggedBy(worker, 'finished');
	return [...(await loggedBy(worker, 'started'))].some((id) => !finished.has(id));
}

/**
 * The same n8n in queue mode, with a Redis of its own that is started here.
 *
 * @param env settings besides
 */
export async function queueHome(
	home: N8nHome,
	endings: Endings,
	env: Readonly<Record<string, string>> = {},
): Promise<N8nHome> {
	const redisPort = await startRedis(home, endings);
	return {
		...home,
		env: {
			...home.env,
			...env,
			EXECUTIONS_MODE: 'queue',
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(redisPort),
			// n8n then notices a dead worker after seconds instead of a minute.
			QUEUE_WORKER_LOCK_DURATION: '6000',
			QUEUE_WORKER_LOCK_RENEW_TIME: '2000',
			QUEUE_WORKER_STALLED_INTERVAL: '3000',
		},
	};
}
