import { build } from 'esbuild';

/**
 * Makes a script for Node.js's `--require` of n8nGuard.ts: n8n's Node.js may be another one than that which runs this,
 * and knows nothing of TypeScript.
 */
export async function buildGuard(outfile: string): Promise<void> {
	const entryPoints = [require.resolve('./n8nGuard')];
	await build({ entryPoints, outfile, bundle: true, platform: 'node', target: 'node20' });
}
