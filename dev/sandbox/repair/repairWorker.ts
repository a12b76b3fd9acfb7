import { answerJobs } from './answerJobs';
import { repairImage } from './repair';
import type { RepairJob } from './repairThread';

answerJobs('repair', ({ source, area }: RepairJob) => repairImage(Buffer.from(source), area));
