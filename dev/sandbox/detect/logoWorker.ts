import { answerJobs } from '../repair/answerJobs';
import { findLogos } from './findLogos';
import type { LogoJob } from './logoThread';

answerJobs('detection', async (job) => {
	const { source, format, logos } = job as LogoJob;
	return await findLogos(Buffer.from(source), format, logos);
});
