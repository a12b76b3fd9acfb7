import { spawn } from 'node:child_process';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import gulp from 'gulp';
import { buildUnchecked } from '../../gulpfile';
import { PACKAGE_NAME } from '../packageNames';
import type { Endings } from './childProcess';

const SOURCES = ['nodes', 'cos', 'credentials', 'icons'];

/** Settings that make n8n reload a package when its files change. */
export const RELOADING = { NODE_ENV: 'development', N8N_DEV_RELOAD: 'true' };

/**
 * Copies the build over the installed package and waits until n8n reloads it. n8n does not log when it
 * starts watching, so the copy is repeated until it reacts.
 *
 * @throws Error when n8n does not load it
 */
async function install(installed: string, logFile: string): Promise<void> {
	const { length } = await readFile(logFile, 'utf8');
	const logged = async (event: string) =>
		(await readFile(logFile, 'utf8')).includes(`Hot reload ${event} for ${PACKAGE_NAME}`, length);
	for (let polls = 0; !(await logged('triggered')); polls++) {
		if (polls === 300) throw new Error(`n8n does not react to the change. Its log: ${logFile}`);
		if (polls % 50 === 0) await cp('dist', join(installed, 'dist'), { recursive: true });
		await sleep(100);
	}
	await sleep(1000);
	if (await logged('failed')) {
		throw new Error(
			`n8n cannot load the node. To see why: node -e "require('./dist/nodes/nodes.js')"`,
		);
	}
}

/**
 * Rebuilds the node on every change of its sources, has the running n8n reload it, and runs the type
 * checker alongside. Errors are printed and stop neither n8n nor the watching.
 *
 * @param installed folder of the installed package
 * @param logFile n8n's log
 * @returns when n8n has loaded the first build
 */
export async function watchSources(
	installed: string,
	logFile: string,
	endings: Endings,
): Promise<void> {
	// gulp throws without a listener. The watcher below prints the error.
	gulp.on('error', () => undefined);
	await new Promise<void>((resolve) => {
		const update = async () => {
			await install(installed, logFile);
			console.log(`${new Date().toLocaleTimeString()} - n8n has loaded the node.`);
			resolve();
		};
		// The first build picks up edits made while n8n was starting.
		const rebuild = gulp.series(buildUnchecked, update);
		const watcher = gulp.watch(SOURCES, { ignoreInitial: false }, rebuild);
		watcher.on('error', ({ message }) => console.error(message));
		endings.add(() => watcher.close());
	});
	const args = [require.resolve('typescript/bin/tsc'), '--watch', '--preserveWatchOutput'];
	const checker = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
	process.on('exit', () => checker.kill());
}
