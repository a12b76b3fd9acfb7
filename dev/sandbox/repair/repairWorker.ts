import { answerJobs } from './answerJobs';
import { repairImage } from './repair';
import type { RepairJob } from './repairThread';

answerJobs('repair', async (job) => {
	const { source, area } = job as RepairJob;
	return await repairImage(Buffer.from(source), area);
});
