import { fractalNoise, smoothstep } from './noise';
import { add, blend, gradient, paint, scale, type Colour, type Pixels } from './paint';

const HORIZON = 0.54;
const SUN_X = 0.68;

const skyStops = [
	[0, [70, 118, 178]],
	[0.55, [146, 178, 206]],
	[0.85, [232, 212, 188]],
	[1, [252, 214, 164]],
] as const;

interface Ridge {
	/** Height of the foot and of the highest peaks above the horizon, as parts of the image. */
	foot: number;
	peaks: number;
	/** How many hills go into the width. */
	hills: number;
	seed: number;
	/** 0 in front of the viewer … 1 lost in haze. */
	haze: number;
}

const ridges: readonly Ridge[] = [
	{ foot: 0.02, peaks: 0.2, hills: 3.2, seed: 11, haze: 0.74 },
	{ foot: 0.01, peaks: 0.14, hills: 4.4, seed: 29, haze: 0.5 },
	{ foot: -0.02, peaks: 0.1, hills: 2.6, seed: 47, haze: 0.2 },
];

/** A bay in the evening: clouds, three ridges in the haze, the sun's path on the water. */
export function paintCoast(width: number, height: number): Pixels {
	const clouds = fractalNoise(3, 6, 0.55);
	const waves = fractalNoise(71, 4, 0.6);
	const sparkle = fractalNoise(83, 2);
	const rock = fractalNoise(97, 5, 0.6);
	const horizon = Math.round(height * HORIZON);

	const skyline = ridges.map(({ foot, peaks, hills, seed }) => {
		const shape = fractalNoise(seed, 6, 0.48);
		return Array.from({ length: width }, (_, x) => {
			const rise = shape((x / width) * hills, seed * 1.7);
			return horizon - height * (foot + peaks * smoothstep(0.25, 0.85, rise));
		});
	});

	const sky = (x: number, y: number): Colour => {
		const base = gradient(skyStops, y / horizon);
		const nearness = 130 / (horizon - y + 55);
		const [cloudX, cloudY] = [(x - width / 2) * nearness * 0.011, nearness * 4.5];
		const density = smoothstep(0.5, 0.74, clouds(cloudX + 7, cloudY));
		const lit = smoothstep(0.35, 0.75, clouds(cloudX + 7.25, cloudY + 0.18));
		const cloud = blend([250, 232, 214], [150, 156, 176], lit);
		const glow = Math.exp(
			-(((x / width - SUN_X) * 2.6) ** 2) - (((y - horizon) / height) * 3.4) ** 2,
		);
		return add(blend(base, cloud, density * 0.8), [60, 38, 8], glow);
	};

	const land = (ridge: Ridge, x: number, y: number, top: number): Colour => {
		const roughness = rock(x * 0.035 + ridge.seed, (y - top) * 0.05);
		const near = blend([44, 52, 44], [86, 84, 66], smoothstep(0.35, 0.7, roughness));
		const lower = ridge.haze + 0.2 * smoothstep(top, horizon, y);
		return blend(near, [224, 202, 184], lower);
	};

	const sea = (x: number, y: number): Colour => {
		const depth = (y - horizon) / (height - horizon);
		const stretch = 7 + 62 * depth;
		const [waveX, waveY] = [(x - width / 2) / (stretch * 2.6), 46 * Math.log(depth + 0.06)];
		const wave = waves(waveX + 40, waveY) - 0.5;
		const mirrored = blend([238, 206, 168], [62, 104, 132], smoothstep(0, 0.62, depth));
		const water = scale(mirrored, 1 + wave * (0.34 + 0.3 * depth));
		const path = Math.exp(-((((x / width - SUN_X) * 6.5) / (0.55 + depth * 1.5)) ** 2));
		const glitter = smoothstep(0.52, 0.86, sparkle(waveX * 3.1, waveY * 2.3) + wave * 0.4);
		return add(water, [255, 214, 150], path * (0.1 + glitter * 0.62));
	};

	return paint(width, height, { seed: 501, grain: 3.2, vignette: 0.28 }, (x, y) => {
		if (y >= horizon + 1) return sea(x, y);
		// The nearest ridge that reaches this high hides what is behind it.
		for (let index = ridges.length - 1; index >= 0; index--) {
			const ridge = ridges[index];
			const top = skyline[index]?.[x] ?? Infinity;
			if (!ridge || y < top - 1) continue;
			const behind = sky(x, y);
			return blend(behind, land(ridge, x, y, top), smoothstep(top - 1, top + 1, y));
		}
		return sky(x, y);
	});
}
