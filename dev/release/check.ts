/**
 * Refuses a release as long as package.json, the repository and the links in it disagree about who
 * publishes: `npm run release:check`.
 */
import { join } from 'node:path';

import { releaseFindings } from './findings';

const findings = releaseFindings(join(__dirname, '../..'), process.env.GITHUB_REPOSITORY);
for (const finding of findings) console.error(finding);
if (findings.length > 0) process.exitCode = 1;
else console.log('package.json, the repository and all links agree about who publishes.');
