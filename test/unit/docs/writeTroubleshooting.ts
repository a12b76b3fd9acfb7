import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { troubleshootingPage } from './troubleshootingPage';

writeFileSync(join(__dirname, '../../../docs/troubleshooting.md'), troubleshootingPage());
