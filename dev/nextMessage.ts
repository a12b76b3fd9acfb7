import type { ChildProcess } from 'node:child_process';

/**
 * The next message of a child process.
 *
 * @throws Error when the process exits instead
 */
export async function nextMessage(child: ChildProcess): Promise<unknown> {
	return await new Promise((resolve, reject) => {
		const ended = () => reject(new Error('The child process exited'));
		child.once('exit', ended);
		child.once('message', (message) => {
			child.off('exit', ended);
			resolve(message);
		});
	});
}
