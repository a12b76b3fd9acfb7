import { answerJobs } from '../repair/answerJobs';
import { findLogos } from './findLogos';
import type { LogoJob } from './logoThread';

answerJobs('detection', ({ source, format, logos }: LogoJob) =>
	findLogos(Buffer.from(source), format, logos),
);
