import { fractalNoise, latticeValue, mix, smoothstep } from './noise';
import { add, blend, paint, scale, type Colour, type Pixels } from './paint';

/** A row of trees on its own hill. */
interface Row {
	/** Where its hill lies, as part of the height. */
	ground: number;
	/** How much the hill rises and falls, as part of the height. */
	hill: number;
	/** Height of a tree of middle size, as part of the height. */
	tree: number;
	seed: number;
	/** 0 in front of the viewer … 1 lost in the mist. */
	mist: number;
}

const rows: readonly Row[] = [
	{ ground: 0.36, hill: 0.5, tree: 0.042, seed: 5, mist: 0.82 },
	{ ground: 0.48, hill: 0.42, tree: 0.07, seed: 17, mist: 0.66 },
	{ ground: 0.62, hill: 0.3, tree: 0.12, seed: 31, mist: 0.46 },
	{ ground: 0.82, hill: 0.2, tree: 0.2, seed: 43, mist: 0.22 },
	{ ground: 1.08, hill: 0.12, tree: 0.3, seed: 59, mist: 0.05 },
];

const MIST: Colour = [206, 214, 212];

/** Fir-covered hills one behind the other in the morning mist. */
export function paintForest(width: number, height: number): Pixels {
	const needles = fractalNoise(7, 4, 0.62);
	const drift = fractalNoise(23, 5, 0.55);
	const outlines = rows.map((row) => outlineOf(row, width, height));

	const sky = (x: number, y: number): Colour => {
		const light = blend([158, 178, 196], [240, 232, 216], smoothstep(0, height * 0.42, y));
		const cloud = drift(x * 0.004, y * 0.011 + 3) - 0.5;
		return add(light, [255, 246, 228], cloud * 0.24);
	};

	const trees = (row: Row, x: number, y: number, { top, ground }: Column): Colour => {
		const size = row.tree * height;
		const twigs = needles((x * 30) / size, (y * 16) / size + row.seed);
		const boughs = needles((x * 7) / size, (y * 13) / size + row.seed * 3);
		const green = blend(
			[12, 26, 24],
			[62, 82, 56],
			smoothstep(0.3, 0.85, 0.6 * twigs + 0.4 * boughs),
		);
		const lit = scale(green, 1.25 - 0.5 * smoothstep(0, size * 0.9, y - top));
		const sunk =
			smoothstep(-size * 0.5, size * 1.5, y - ground) * (drift(x * 0.006, y * 0.012) + 0.35);
		return blend(lit, MIST, row.mist + (1 - row.mist) * 0.7 * sunk);
	};

	/** What is seen at a pixel when only the rows up to this one stand there. */
	const view = (index: number, x: number, y: number): Colour => {
		const row = rows[index];
		const column = outlines[index]?.[x];
		if (!row || !column) return sky(x, y);
		const edge = smoothstep(column.top - 1, column.top + 1.5, y);
		if (edge === 0) return view(index - 1, x, y);
		if (edge === 1) return trees(row, x, y, column);
		return blend(view(index - 1, x, y), trees(row, x, y, column), edge);
	};

	return paint(width, height, { seed: 601, grain: 3.4, vignette: 0.34 }, (x, y) =>
		view(rows.length - 1, x, y),
	);
}

/** Where one column of pixels meets the tree tops and the ground, in pixels from the top. */
interface Column {
	top: number;
	ground: number;
}

function outlineOf(row: Row, width: number, height: number): Column[] {
	const hill = fractalNoise(row.seed, 3, 0.4);
	const branches = fractalNoise(row.seed + 500, 3, 0.7);
	const size = row.tree * height;
	const spacing = size * 0.2;
	return Array.from({ length: width }, (_, x) => {
		const ground = height * (row.ground + row.hill * (0.5 - hill((x / width) * 2.4, row.seed)));
		const here = Math.floor(x / spacing);
		let tallest = 0;
		for (let slot = here - 2; slot <= here + 2; slot++) {
			const trunk = (slot + latticeValue(row.seed, slot, 1)) * spacing;
			const tall = size * mix(0.4, 1.2, latticeValue(row.seed, slot, 2));
			const ragged = 0.45 + 1.1 * branches(((x - trunk) * 22) / size, slot * 3);
			tallest = Math.max(tallest, tall * (1 - (Math.abs(x - trunk) / (tall * 0.2)) * ragged));
		}
		return { top: ground - tallest, ground };
	});
}
