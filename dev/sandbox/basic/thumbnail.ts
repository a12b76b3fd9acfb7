import { CosFailure } from '../http/failure';

interface Size {
	/** pixels */
	readonly width: number;
	/** pixels */
	readonly height: number;
}

/** How an image is scaled. */
export type Thumbnail =
	/** to these sides, each of its own */
	| ({ readonly kind: 'exact' } & Size)
	/** by a share of each side, in percent */
	| { readonly kind: 'percent'; readonly width: number; readonly height: number }
	/**
	 * in proportion, so that it just fits between the sides that are given; `onlySmaller`: it is not
	 * enlarged
	 */
	| {
			readonly kind: 'fit';
			readonly width: number;
			readonly height: number;
			readonly onlySmaller: boolean;
	  };

const MAX_PERCENT = 1000;

const invalid = (text: string) =>
	new CosFailure(
		'InvalidArgument',
		`imageMogr2: thumbnail must be <width>x<height>, <width>x, x<height>, with ">" or "!" behind both, ` +
			`or !<percent>p, !<percent>px, !x<percent>p from 1 to ${MAX_PERCENT}, not "${text}".`,
	);

function readPercent(text: string): Thumbnail | undefined {
	const [, across = '', digits, along = ''] = /^!(x?)(\d{1,4})p(x?)$/.exec(text) ?? [];
	const percent = Number(digits);
	if (digits === undefined || (across !== '' && along !== '')) return undefined;
	if (percent < 1 || percent > MAX_PERCENT) return undefined;
	return {
		kind: 'percent',
		width: across === '' ? percent : 100,
		height: along === '' ? percent : 100,
	};
}

function readSides(text: string): Thumbnail | undefined {
	const [, left = '', right = '', mark = ''] = /^(\d{0,6})x(\d{0,6})([>!]?)$/.exec(text) ?? [];
	if (left === '' && right === '') return undefined;
	if (mark !== '' && (left === '' || right === '')) return undefined;
	const [width, height] = [left, right].map((side) => (side === '' ? Infinity : Number(side)));
	if (!width || !height) return undefined;
	if (mark === '!') return { kind: 'exact', width, height };
	return { kind: 'fit', width, height, onlySmaller: mark === '>' };
}

/**
 * Reads the geometry of `thumbnail` ("Scaling", 1045/33713).
 * @throws CosFailure `InvalidArgument`; `NotImplemented` for the forms that the sandbox does not have:
 * `<w>x<h><`, `!<w>x<h>r` and `<area>@`
 */
export function readThumbnail(text: string): Thumbnail {
	if (/^(\d+x\d+<|!\d+x\d+r|\d+@)$/.test(text)) {
		throw new CosFailure(
			'NotImplemented',
			`imageMogr2: the sandbox does not support "thumbnail/${text}".`,
		);
	}
	const thumbnail = readPercent(text) ?? readSides(text);
	if (thumbnail) return thumbnail;
	throw invalid(text);
}

/** The size of an image after scaling, rounded to whole pixels. */
export function scaledSize(thumbnail: Thumbnail, { width, height }: Size): Size {
	if (thumbnail.kind === 'exact') return { width: thumbnail.width, height: thumbnail.height };
	const side = (pixels: number) => Math.max(1, Math.round(pixels));
	if (thumbnail.kind === 'percent') {
		return {
			width: side((width * thumbnail.width) / 100),
			height: side((height * thumbnail.height) / 100),
		};
	}
	const fitting = Math.min(thumbnail.width / width, thumbnail.height / height);
	const scale = thumbnail.onlySmaller ? Math.min(1, fitting) : fitting;
	return { width: side(width * scale), height: side(height * scale) };
}
