import { latticeValue, mix } from './noise';

/** Red, green and blue, 0 … 255, not rounded yet. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Blends two colours: 0 gives the first, 1 the second. */
export function blend(from: Colour, to: Colour, share: number): Colour {
	const s = Math.min(1, Math.max(0, share));
	return [mix(from[0], to[0], s), mix(from[1], to[1], s), mix(from[2], to[2], s)];
}

/** Makes a colour lighter (above 1) or darker (below 1). */
export function scale(colour: Colour, factor: number): Colour {
	return [colour[0] * factor, colour[1] * factor, colour[2] * factor];
}

/** Adds light of a colour. */
export function add(colour: Colour, light: Colour, amount: number): Colour {
	return [
		colour[0] + light[0] * amount,
		colour[1] + light[1] * amount,
		colour[2] + light[2] * amount,
	];
}

/** A colour from a gradient of stops in rising order of their place. */
export function gradient(
	stops: ReadonlyArray<readonly [place: number, colour: Colour]>,
	place: number,
): Colour {
	let previous = stops[0];
	for (const stop of stops) {
		if (previous && place < stop[0]) {
			return blend(previous[1], stop[1], (place - previous[0]) / (stop[0] - previous[0]));
		}
		previous = stop;
	}
	return previous?.[1] ?? [0, 0, 0];
}

/** Pixels in rows, three bytes each: red, green, blue. */
export interface Pixels {
	width: number;
	height: number;
	data: Uint8Array;
}

/** What a camera adds to a scene. */
export interface Camera {
	seed: number;
	/** Strength of the film grain, in steps of brightness. */
	grain: number;
	/** How much darker the corners are, 0 … 1. */
	vignette: number;
}

/** Asks for the colour of every pixel and develops it with the camera's grain and vignette. */
export function paint(
	width: number,
	height: number,
	camera: Camera,
	colourAt: (x: number, y: number) => Colour,
): Pixels {
	const data = new Uint8Array(width * height * 3);
	let offset = 0;
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			const fromCentre = Math.hypot(x / width - 0.5, y / height - 0.5) / Math.SQRT1_2;
			const light = 1 - camera.vignette * fromCentre ** 2.5;
			// Three even numbers added up are close to the bell curve that grain follows.
			const grain =
				(latticeValue(camera.seed, x, y) +
					latticeValue(camera.seed + 1, x, y) +
					latticeValue(camera.seed + 2, x, y) -
					1.5) *
				2 *
				camera.grain;
			for (const channel of colourAt(x, y)) {
				data[offset++] = Math.min(255, Math.max(0, Math.round(channel * light + grain)));
			}
		}
	}
	return { width, height, data };
}
