import { fractalNoise, mix, smoothstep } from './noise';
import { add, blend, paint, scale, type Colour, type Pixels } from './paint';

/** The scene is laid out for this size and scaled to any other. */
const WIDTH = 960;
const HEIGHT = 640;
const TABLE = 408;

const mug = { x: 590, top: 236, bottom: 492, radius: 108, flat: 0.2 };
const handle = { x: 708, y: 352, radius: 62, thickness: 15 };
const lemon = { x: 338, y: 476, wide: 78, high: 58 };

/** A mug and a lemon on a wooden table, lit by a window on the left. */
export function paintStillLife(width: number, height: number): Pixels {
	const plaster = fractalNoise(13, 5, 0.55);
	const grain = fractalNoise(37, 5, 0.6);
	const peel = fractalNoise(61, 3, 0.6);
	const glaze = fractalNoise(73, 4, 0.6);

	const wall = (x: number, y: number): Colour => {
		const window = Math.exp(-(((x - 210) / 420) ** 2) - ((y - 150) / 300) ** 2);
		const shade = 0.66 + 0.42 * window - 0.1 * smoothstep(TABLE - 60, TABLE, y);
		const relief = plaster(x * 0.012, y * 0.012) - 0.5 + (plaster(x * 0.06, y * 0.06) - 0.5) * 0.3;
		return add(scale([206, 196, 182], shade), [150, 142, 130], relief * 0.22);
	};

	const table = (x: number, y: number): Colour => {
		const near = (y - TABLE) / (HEIGHT - TABLE);
		const across = (x - WIDTH / 2) / (0.62 + near * 0.75);
		const board = Math.floor(across / 190 + 40);
		const seam = Math.abs(across / 190 + 40 - board - 0.5);
		const ring = grain(across * 0.06 + board * 9, near * 1.4 + board * 3);
		const fibre = grain(across * 0.5, near * 4 + 20);
		const wood = blend([122, 82, 54], [172, 124, 84], smoothstep(0.25, 0.78, ring));
		const lit = 0.72 + 0.42 * Math.exp(-(((x - 300) / 520) ** 2)) + (fibre - 0.5) * 0.22;
		return scale(wood, lit * (1 - 0.5 * smoothstep(0.486, 0.5, seam)));
	};

	const shadow = (x: number, y: number): number => {
		const blot = (cx: number, cy: number, wide: number, high: number) =>
			Math.exp(-(((x - cx) / wide) ** 2) - ((y - cy) / high) ** 2);
		const cast = 0.62 * blot(mug.x + 92, mug.bottom + 2, 170, 26) + 0.5 * blot(mug.x, 500, 112, 18);
		const under = 0.55 * blot(lemon.x + 42, lemon.y + 50, 92, 16);
		return y > TABLE ? 1 - Math.min(0.8, cast + under) : 1;
	};

	/** Distance outside the mug's outline, in pixels; negative inside. */
	const mugEdge = (x: number, y: number) => {
		const across = (x - mug.x) / mug.radius;
		const sideways = (Math.abs(across) - 1) * mug.radius;
		const bulge = Math.sqrt(Math.max(0, 1 - across ** 2)) * mug.radius * mug.flat;
		return Math.max(mug.top - bulge - y, y - mug.bottom - bulge * 0.8, sideways);
	};

	const mugColour = (x: number, y: number): Colour => {
		const across = Math.min(1, Math.max(-1, (x - mug.x) / mug.radius));
		const opening = Math.hypot(across, (y - mug.top) / (mug.radius * mug.flat));
		if (opening < 0.92) return coffee(across, (y - mug.top) / (mug.radius * mug.flat));
		const facing = Math.sqrt(1 - across ** 2);
		const light = 0.36 + 0.72 * Math.max(0, facing * 0.55 - across * 0.72);
		const speckle = smoothstep(0.62, 0.8, glaze(across * 26, y * 0.24)) * 0.25;
		const tide = smoothstep(-14, 14, y - 404 - 26 * (glaze(across * 3, 9) - 0.5));
		const paintwork = blend([58, 122, 130], [214, 200, 176], tide);
		const body = scale(paintwork, light * (1 - speckle));
		const shine = Math.exp(-(((across + 0.52) / 0.09) ** 2)) * smoothstep(500, 300, y);
		const rim = smoothstep(0.92, 0.97, opening) * smoothstep(1.08, 1.02, opening);
		return add(add(body, [255, 250, 240], shine * 0.42), [120, 120, 112], rim * 0.5);
	};

	const coffee = (across: number, down: number): Colour => {
		const inside = blend([170, 150, 126], [60, 52, 46], smoothstep(-0.9, 0.2, down));
		const liquid = blend([46, 26, 16], [96, 58, 34], smoothstep(0.1, 0.8, across * 0.5 + 0.5));
		const level = smoothstep(-0.34, -0.26, down - 0.1 * across ** 2);
		return blend(inside, liquid, level);
	};

	const handleEdge = (x: number, y: number) =>
		Math.abs(Math.hypot((x - handle.x) * 1.15, y - handle.y) - handle.radius) - handle.thickness;

	const handleColour = (x: number, y: number): Colour => {
		const from = Math.hypot((x - handle.x) * 1.15, y - handle.y) - handle.radius;
		const round = Math.sqrt(Math.max(0, 1 - (from / handle.thickness) ** 2));
		const light = 0.3 + 0.42 * round - 0.2 * (from / handle.thickness) * ((x - handle.x) / 62);
		return add(scale([58, 122, 130], light), [255, 250, 240], 0.22 * round ** 12);
	};

	const lemonEdge = (x: number, y: number) => {
		const [dx, dy] = [(x - lemon.x) / lemon.wide, (y - lemon.y) / lemon.high];
		const tip = 0.2 * Math.exp(-((dy / 0.22) ** 2)) * smoothstep(0.6, 1.1, Math.abs(dx));
		return (Math.hypot(dx, dy) - 1 - tip) * lemon.high;
	};

	const lemonColour = (x: number, y: number): Colour => {
		const [dx, dy] = [(x - lemon.x) / lemon.wide, (y - lemon.y) / lemon.high];
		const up = Math.sqrt(Math.max(0, 1 - dx ** 2 - dy ** 2));
		const pore = peel(x * 0.16, y * 0.16) - 0.5;
		const light = 0.34 + 0.74 * Math.max(0, up * 0.5 - dx * 0.5 - dy * 0.58) + pore * 0.2;
		const glint = Math.exp(-(((dx + 0.38) / 0.2) ** 2) - ((dy + 0.44) / 0.18) ** 2);
		const skin = blend([214, 150, 26], [250, 208, 58], smoothstep(0.2, 0.9, light));
		const bounce = smoothstep(0.4, 1, dy) * 0.2;
		return add(
			add(scale(skin, mix(0.42, 1.1, light)), [120, 76, 40], bounce),
			[255, 250, 220],
			glint * (0.45 + pore),
		);
	};

	type Shape = readonly [
		edge: (x: number, y: number) => number,
		colour: (x: number, y: number) => Colour,
	];
	const shapes: readonly Shape[] = [
		[lemonEdge, lemonColour],
		[mugEdge, mugColour],
		[handleEdge, handleColour],
	];

	const background = (x: number, y: number): Colour => {
		const edge = smoothstep(TABLE - 2.5, TABLE + 2.5, y);
		if (edge === 0) return wall(x, y);
		if (edge === 1) return scale(table(x, y), shadow(x, y));
		return blend(wall(x, y), scale(table(x, y), shadow(x, y)), edge);
	};

	/** What is seen at a point when the first shapes, the nearest, are taken away. */
	const view = (index: number, x: number, y: number): Colour => {
		const [edge, colour] = shapes[index] ?? [];
		if (!edge || !colour) return background(x, y);
		const cover = smoothstep(0.8, -0.8, edge(x, y));
		if (cover === 0) return view(index + 1, x, y);
		if (cover === 1) return colour(x, y);
		return blend(view(index + 1, x, y), colour(x, y), cover);
	};

	return paint(width, height, { seed: 701, grain: 2.8, vignette: 0.3 }, (x, y) =>
		view(0, (x * WIDTH) / width, (y * HEIGHT) / height),
	);
}
