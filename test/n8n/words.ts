import type { Editor } from './editor';

/** What somebody types who looks for the node; n8n compares with each alias as a whole. */
const WORDS = [
	'remove watermark',
	'remove logo',
	'erase',
	'retouch',
	'clean image',
	'object removal',
	'inpaint',
	'inpainting',
	'去水印',
	'tencent',
	'logo',
	'watermark',
];

/** Asserts that each of these words finds the node in the node panel. */
export async function assertFound(editor: Editor): Promise<void> {
	for (const word of WORDS) await editor.search(word, 'Tencent Image Repair');
}
