import { spawnSync } from 'node:child_process';
import { SetupFailure } from '../../dev/playground/machine';

function has(command: string): boolean {
	return spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
}

/**
 * Makes sure that a program is installed; as root on Debian or Ubuntu, installs it.
 *
 * @throws SetupFailure that says what to install
 */
export function requireTool(command: string, debianPackage: string): void {
	if (has(command)) return;
	const canInstall = process.getuid?.() === 0 && has('apt-get');
	if (canInstall) {
		console.log(`Installing ${debianPackage} …`);
		const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
		const options = { env, stdio: ['ignore', 'ignore', 'inherit'] as const };
		spawnSync('apt-get', ['update', '-q'], { ...options, stdio: [...options.stdio] });
		const args = ['install', '-q', '-y', '--no-install-recommends', debianPackage];
		spawnSync('apt-get', args, { ...options, stdio: [...options.stdio] });
		if (has(command)) return;
	}
	throw new SetupFailure(
		`"${command}" is needed for this part. On Debian and Ubuntu: apt-get install ${debianPackage}`,
	);
}
