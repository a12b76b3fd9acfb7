import { readFileSync, writeFileSync } from 'node:fs';

const ON_LINUX = process.platform === 'linux';

/** Resets the peak of resident memory, which only Linux can do. */
export function resetPeak(): void {
	if (ON_LINUX) writeFileSync('/proc/self/clear_refs', '5');
}

/** Peak of this process's resident memory in bytes; outside Linux, since it started. */
export function peakBytes(): number {
	if (!ON_LINUX) return process.resourceUsage().maxRSS * 1024;
	const status = readFileSync('/proc/self/status', 'utf8');
	return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
