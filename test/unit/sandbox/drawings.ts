import sharp from 'sharp';

/** What is drawn on an image of 900x600 pixels. */
export interface Mark {
	readonly text: string;
	/** left end of the baseline */
	readonly x: number;
	readonly y: number;
	readonly size?: number;
	readonly fill?: string;
	readonly opacity?: number;
	/** degrees clockwise around the left end of the baseline */
	readonly angle?: number;
}

const SIZE = { width: 900, height: 600 };
const svg = (content: string) =>
	Buffer.from(
		`<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE.width}" height="${SIZE.height}">${content}</svg>`,
	);

const markSvg = ({ text, x, y, size = 40, fill = '#fff', opacity = 1, angle = 0 }: Mark) =>
	`<text x="${x}" y="${y}" font-family="DejaVu Sans" font-weight="bold" font-size="${size}" ` +
	`fill="${fill}" fill-opacity="${opacity}" transform="rotate(${angle} ${x} ${y})">${text}</text>`;

/** Numbers from 0 to 1 that are the same in every run. */
function numbers(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
}

/** Something like a photo: soft colours with noise, and some shapes with sharp edges. */
async function makePhoto(): Promise<Buffer> {
	const next = numbers(5);
	const bytes = (count: number, from: number, range: number) =>
		Buffer.from(Array.from({ length: count }, () => from + next() * range));
	const coarse = bytes(9 * 6 * 3, 40, 140);
	const soft = await sharp(coarse, { raw: { width: 9, height: 6, channels: 3 } })
		.resize({ ...SIZE, fit: 'fill', kernel: 'cubic' })
		.png()
		.toBuffer();
	const noise = await sharp(bytes(128 * 128 * 3, 112, 32), {
		raw: { width: 128, height: 128, channels: 3 },
	})
		.png()
		.toBuffer();
	const shapes = Array.from({ length: 6 }, (_, index) => {
		const [x, y, wide, high] = [next() * 900, next() * 600, 30 + next() * 90, 20 + next() * 60];
		const colour = `hsl(${Math.round(next() * 360)} 60% 40%)`;
		return index % 2 === 0
			? `<ellipse cx="${x}" cy="${y}" rx="${wide}" ry="${high}" fill="${colour}"/>`
			: `<rect x="${x}" y="${y}" width="${wide}" height="${high}" fill="${colour}"/>`;
	});
	return await sharp(soft)
		.composite([{ input: svg(shapes.join('')) }, { input: noise, tile: true, blend: 'overlay' }])
		.png()
		.toBuffer();
}

let made: Promise<Buffer> | undefined;

/** Always the same one. */
export async function photo(): Promise<Buffer> {
	made ??= makePhoto();
	return await made;
}

/** An image of one colour. */
export async function plain(background = '#fff'): Promise<Buffer> {
	return await sharp({ create: { ...SIZE, channels: 3, background } })
		.png()
		.toBuffer();
}

/** An image with marks, as PNG. */
export async function marked(image: Buffer, ...marks: readonly Mark[]): Promise<Buffer> {
	return await drawnOn(image, marks.map(markSvg).join(''));
}

/** An image with SVG elements, as PNG. */
export async function drawnOn(image: Buffer, content: string): Promise<Buffer> {
	return await sharp(image)
		.composite([{ input: svg(content) }])
		.png()
		.toBuffer();
}

/** A logo of 160x80 pixels with round corners, transparent around them. */
export const LOGO =
	'<rect width="160" height="80" rx="16" fill="#c22"/><circle cx="38" cy="40" r="24" fill="#fff"/>' +
	'<path d="M80 60L100 20L120 60ZM125 20h20v40h-20z" fill="#fe0"/>';

export async function logoPng(content = LOGO): Promise<Buffer> {
	const logo = `<svg xmlns="http://www.w3.org/2000/svg" width="160" height="80">${content}</svg>`;
	return await sharp(Buffer.from(logo)).png().toBuffer();
}
