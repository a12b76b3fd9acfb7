/** Prints what follows from the code: the messages, and the addresses of the repository that package.json names. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { addressedFiles } from './addresses';
import { troubleshootingPage } from './troubleshooting';

const ROOT = join(__dirname, '../..');

writeFileSync(join(ROOT, 'docs/troubleshooting.md'), troubleshootingPage());
for (const { file, now, then } of addressedFiles()) {
	if (now !== then) writeFileSync(join(ROOT, file), then);
}
