import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Editor } from './editor';

const imagesFolder = join(__dirname, '../../docs/images');

/** Saves what the editor shows for the documentation. */
export async function keepScreenshot(editor: Editor, name: string): Promise<void> {
	await editor.settle();
	await mkdir(imagesFolder, { recursive: true });
	const small = sharp(await editor.page.screenshot()).png({
		palette: true,
		quality: 100,
		compressionLevel: 9,
	});
	await small.toFile(join(imagesFolder, `editor-${name}.png`));
}
