import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Pixels } from './paint';
import { encodeImage } from './image';
import type { Repair, Task } from './repairs';
import type { SceneName } from './scenes';

interface Region {
	left: number;
	top: number;
	width: number;
	height: number;
}

/** Where to look closely: a third of the image, in pixels. */
const closeUps: Readonly<Record<SceneName, Region>> = {
	coast: { left: 8, top: 424, width: 320, height: 213 },
	'still-life': { left: 54, top: 74, width: 320, height: 213 },
	forest: { left: 320, top: 213, width: 320, height: 213 },
};

const modes: Readonly<Record<Task['mode'], { title: string; text: string }>> = {
	download: {
		title: 'Repaired while downloading',
		text: 'The image lies in the bucket and stays as it is; n8n gets the repaired one as a file. The area is given as three polygons.',
	},
	upload: {
		title: 'Repaired while uploading',
		text: 'n8n sends the image; the bucket keeps the original and a repaired copy. The area is given as two polygons, one of them turned.',
	},
	cloud: {
		title: 'Repaired inside the bucket',
		text: 'The image lies in the bucket and its repaired copy is written there too; nothing passes through n8n. The area is given as a mask image.',
	},
};

/**
 * Writes the images and `report.html`, which shows them side by side, into a folder.
 * @returns path of the report
 */
export async function writeReport(folder: string, repairs: readonly Repair[]): Promise<string> {
	for (const { scene, before, after } of repairs) {
		const views = { before, after, unmarked: scene.unmarked };
		for (const [view, image] of Object.entries(views)) {
			const name = `${scene.name}-${view}`;
			await writeFile(join(folder, `${name}.png`), await encodeImage(image, 'png'));
			const close = await closeUp(image, closeUps[scene.name]);
			await writeFile(join(folder, `${name}-close.png`), close);
		}
	}
	const path = join(folder, 'report.html');
	await writeFile(path, page(repairs));
	return path;
}

async function closeUp({ width, height, data }: Pixels, region: Region): Promise<Buffer> {
	return await sharp(data, { raw: { width, height, channels: 3 } })
		.extract(region)
		.resize({ width: region.width * 2, kernel: 'cubic' })
		.png()
		.toBuffer();
}

function page(repairs: readonly Repair[]): string {
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tencent Image Repair: before and after</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>Before and after</h1>
<p>Three example workflows, run by n8n's own engine with the built node against the sandbox on this
machine. The scenes are painted by code, so the image without a watermark is known: the numbers say
how close the repaired area comes to it, in decibels. Higher is closer.</p>
</header>
${table(repairs)}
${repairs.map(section).join('\n')}
<footer>Made by <code>npm run demo</code>. The sandbox repairs with OpenCV's inpainting; Tencent Cloud's
own results will differ.</footer>
</body>
</html>
`;
}

function table(repairs: readonly Repair[]): string {
	const rows = repairs.map(
		({ task, bytes, milliseconds, psnrBefore, psnrAfter, passed }) => `<tr>
<td><a href="#${task.mode}">${task.mode}</a></td>
<td><code>${task.resultKey ?? task.key}</code></td>
<td class="number">${bytes.toLocaleString('en')}</td>
<td class="number">${Math.round(milliseconds)}</td>
<td class="number">${psnrBefore.toFixed(1)} → <strong>${psnrAfter.toFixed(1)}</strong></td>
<td>${passed ? '<span class="good">closer</span>' : '<span class="bad">not closer</span>'}</td>
</tr>`,
	);
	return `<div class="scroll"><table>
<thead><tr><th>Mode</th><th>Key</th><th class="number">Bytes</th><th class="number">ms</th><th class="number">PSNR in dB</th><th></th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table></div>`;
}

function section({ task, scene, psnrBefore, psnrAfter }: Repair): string {
	const { title, text } = modes[task.mode];
	const image = (view: string, alt: string) =>
		`<img src="${scene.name}-${view}.png" alt="${alt}" loading="lazy">`;
	return `<section id="${task.mode}">
<h2>${title}</h2>
<p>${text} Workflow: <a href="../../examples/${task.example}.json"><code>${task.example}.json</code></a></p>
<div class="pair">
<figure>${image('before', 'With watermark')}<figcaption>Before <span>${psnrBefore.toFixed(1)} dB</span></figcaption></figure>
<figure>${image('after', 'Repaired')}<figcaption>After <span>${psnrAfter.toFixed(1)} dB</span></figcaption></figure>
</div>
<div class="close">
<figure>${image('before-close', 'With watermark, close up')}<figcaption>Before, close up</figcaption></figure>
<figure>${image('after-close', 'Repaired, close up')}<figcaption>After, close up</figcaption></figure>
<figure>${image('unmarked-close', 'Never marked, close up')}<figcaption>Never marked</figcaption></figure>
</div>
</section>`;
}

const style = `
:root {
	color-scheme: light dark;
	--page: #f6f6f4; --card: #fff; --text: #1d2125; --faint: #626a73; --line: #e1e2df;
	--link: #0b62b8; --good: #1a7f4b; --bad: #b3261e;
}
@media (prefers-color-scheme: dark) {
	:root {
		--page: #15181b; --card: #1e2226; --text: #e7eaed; --faint: #99a2ab; --line: #31373d;
		--link: #6fb3f7; --good: #5fcf93; --bad: #ff8a80;
	}
}
* { box-sizing: border-box; }
body {
	margin: 0 auto; padding: 2.5rem 1.5rem 4rem; max-width: 76rem;
	background: var(--page); color: var(--text);
	font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
h1 { margin: 0 0 .5rem; font-size: 2rem; line-height: 1.2; letter-spacing: -.015em; }
h2 { margin: 0 0 .25rem; font-size: 1.25rem; }
p { margin: 0 0 1rem; max-width: 46rem; }
a { color: var(--link); }
code { font: .875em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
header p, section > p, footer { color: var(--faint); }
section, .scroll {
	margin: 1.5rem 0; padding: 1.25rem; background: var(--card);
	border: 1px solid var(--line); border-radius: .75rem;
}
.scroll { padding: .5rem 1.25rem; overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .55rem 1rem .55rem 0; text-align: left; white-space: nowrap; }
th { color: var(--faint); font-size: .8125rem; font-weight: 600; }
td { border-top: 1px solid var(--line); }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.good { color: var(--good); }
.bad { color: var(--bad); }
.pair, .close { display: grid; gap: .75rem; }
.pair { grid-template-columns: 1fr 1fr; }
.close { grid-template-columns: repeat(3, 1fr); margin-top: .75rem; }
figure { margin: 0; }
img { display: block; width: 100%; height: auto; border-radius: .375rem; }
figcaption {
	display: flex; justify-content: space-between; padding-top: .3rem;
	color: var(--faint); font-size: .875rem; font-variant-numeric: tabular-nums;
}
@media (max-width: 40rem) { .pair, .close { grid-template-columns: 1fr; } }
`;
