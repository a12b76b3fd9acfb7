/** A smooth random surface: any point of the plane → 0 … 1. */
export type Surface = (x: number, y: number) => number;

/** A random number from 0 to 1 that belongs to one point of the whole-number grid. */
export function latticeValue(seed: number, x: number, y: number): number {
	let mixed = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ Math.imul(seed, 0x9e3779b1);
	mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
	mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
	return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}

const fade = (t: number) => t * t * t * (t * (t * 6 - 15) + 10);

/** One octave: random values on the grid, blended in between. */
function valueNoise(seed: number): Surface {
	return (x, y) => {
		const left = Math.floor(x);
		const top = Math.floor(y);
		const across = fade(x - left);
		const down = fade(y - top);
		const upper = mix(latticeValue(seed, left, top), latticeValue(seed, left + 1, top), across);
		const lower = mix(
			latticeValue(seed, left, top + 1),
			latticeValue(seed, left + 1, top + 1),
			across,
		);
		return mix(upper, lower, down);
	};
}

/**
 * Fractal noise: octaves of ever finer, ever fainter detail, as clouds, rock and bark have it.
 * @param gain strength of each octave against the one before
 */
export function fractalNoise(seed: number, octaves: number, gain = 0.5): Surface {
	const layers = Array.from({ length: octaves }, (_, octave) => ({
		noise: valueNoise(seed + octave * 101),
		frequency: 2 ** octave,
		strength: gain ** octave,
	}));
	const total = layers.reduce((sum, { strength }) => sum + strength, 0);
	return (x, y) => {
		let sum = 0;
		for (const { noise, frequency, strength } of layers) {
			sum += noise(x * frequency, y * frequency) * strength;
		}
		return sum / total;
	};
}

/** Blends two numbers: 0 gives the first, 1 the second. */
export function mix(from: number, to: number, share: number): number {
	return from + (to - from) * share;
}

/** 0 below the first edge, 1 above the second, smooth in between. The edges may be swapped. */
export function smoothstep(from: number, to: number, value: number): number {
	const t = Math.min(1, Math.max(0, (value - from) / (to - from)));
	return t * t * (3 - 2 * t);
}
