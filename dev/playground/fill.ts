import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runN8nCommand, type N8nHome } from './n8nServer';

async function importFile(home: N8nHome, command: string, content: unknown): Promise<void> {
	// Credentials are readable in it, so it lives in the home and no longer than the command.
	const folder = await mkdtemp(join(home.userFolder, 'import-'));
	try {
		const file = join(folder, 'import.json');
		await writeFile(file, JSON.stringify(content), { mode: 0o600 });
		await runN8nCommand(home, [command, `--input=${file}`]);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** Imports credentials and workflows with n8n's own commands, while its server is not running. */
export async function fillHome(
	home: N8nHome,
	content: { credentials: readonly object[]; workflows: readonly object[] },
): Promise<void> {
	await importFile(home, 'import:credentials', content.credentials);
	await importFile(home, 'import:workflow', content.workflows);
}
