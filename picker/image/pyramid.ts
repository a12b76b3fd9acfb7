import type { ImageSize, Point } from '../../cos/areas/points';
import { toScreen, type View } from '../geometry/view';

/** Side of a tile in pixels: large enough for few tiles, small enough for every graphics card. */
const TILE = 1024;

interface Level {
	readonly size: ImageSize;
	readonly columns: number;
	readonly tiles: readonly ImageBitmap[];
}

/**
 * An image in tiles at full, half, quarter … size. At any zoom, about as many pixels are drawn as the
 * screen has, so that a large image moves as smoothly as a small one.
 */
export class Pyramid {
	private constructor(private readonly levels: readonly Level[]) {}

	/** Closes the bitmap when its tiles are cut. */
	static async build(bitmap: ImageBitmap): Promise<Pyramid> {
		const levels: Level[] = [];
		let current = bitmap;
		for (;;) {
			levels.push(await cut(current));
			const { width, height } = current;
			if (Math.max(width, height) <= TILE) break;
			const half = await createImageBitmap(current, {
				resizeWidth: Math.ceil(width / 2),
				resizeHeight: Math.ceil(height / 2),
				resizeQuality: 'medium',
			});
			current.close();
			current = half;
		}
		current.close();
		return new Pyramid(levels);
	}

	get size(): ImageSize {
		return this.levels[0]?.size ?? { width: 0, height: 0 };
	}

	/**
	 * Draws the visible part of the image, upright.
	 *
	 * @param density device pixels per CSS pixel; the context counts device pixels
	 */
	draw(context: CanvasRenderingContext2D, view: View, density: number): void {
		const { size } = this;
		const scale = view.scale * density;
		const level = this.levelFor(scale);
		if (!level) return;
		const { width, height } = context.canvas;
		// Enlarged pixels stay sharp, so that a corner can be placed between them.
		context.imageSmoothingEnabled = scale < 3;
		context.imageSmoothingQuality = 'medium';
		// Whole device pixels, so that tiles meet without a seam.
		const place = (x: number, y: number): Point => {
			const stored: Point = [
				(x / level.size.width) * size.width,
				(y / level.size.height) * size.height,
			];
			const [seenX, seenY] = toScreen(stored, view);
			return [Math.round(seenX * density), Math.round(seenY * density)];
		};
		level.tiles.forEach((tile, index) => {
			const x = (index % level.columns) * TILE;
			const y = Math.floor(index / level.columns) * TILE;
			const [fromX, fromY] = place(x, y);
			const [toX, toY] = place(x + tile.width, y + tile.height);
			if (Math.max(fromX, toX) <= 0 || Math.max(fromY, toY) <= 0) return;
			if (Math.min(fromX, toX) >= width || Math.min(fromY, toY) >= height) return;
			// Upright, a row of stored pixels may be a column, and may run backwards.
			const [rowX, rowY] = place(x + tile.width, y);
			const [columnX, columnY] = place(x, y + tile.height);
			context.setTransform(
				(rowX - fromX) / tile.width,
				(rowY - fromY) / tile.width,
				(columnX - fromX) / tile.height,
				(columnY - fromY) / tile.height,
				fromX,
				fromY,
			);
			context.drawImage(tile, 0, 0);
		});
		context.resetTransform();
	}

	close(): void {
		for (const { tiles } of this.levels) for (const tile of tiles) tile.close();
	}

	/** The smallest level with at least one pixel for each device pixel. */
	private levelFor(scale: number): Level | undefined {
		const halvings = Math.floor(Math.log2(1 / scale) + 1e-9);
		return this.levels[Math.min(Math.max(halvings, 0), this.levels.length - 1)];
	}
}

async function cut(bitmap: ImageBitmap): Promise<Level> {
	const { width, height } = bitmap;
	const columns = Math.ceil(width / TILE);
	const tiles: ImageBitmap[] = [];
	for (let y = 0; y < height; y += TILE) {
		for (let x = 0; x < width; x += TILE) {
			const [tileWidth, tileHeight] = [Math.min(TILE, width - x), Math.min(TILE, height - y)];
			tiles.push(await createImageBitmap(bitmap, x, y, tileWidth, tileHeight));
		}
	}
	return { size: { width, height }, columns, tiles };
}
