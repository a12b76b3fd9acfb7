import { answerJobs } from '../repair/answerJobs';
import type { DetectionJob } from './detectionThread';
import { findLogos } from './findLogos';
import { readText } from './readText';
import { TextEngine } from './textEngine';

const engine = new TextEngine();

answerJobs('detection', async (job) => {
	const { source, format, logos } = job as DetectionJob;
	const image = Buffer.from(source);
	return logos ? await findLogos(image, format, logos) : await readText(engine, image, format);
});
