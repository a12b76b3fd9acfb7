/** Prints the pages of docs/ that come from the code. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { troubleshootingPage } from './troubleshooting';

writeFileSync(join(__dirname, '../../docs/troubleshooting.md'), troubleshootingPage());
