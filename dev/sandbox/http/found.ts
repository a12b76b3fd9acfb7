/** A point `[x, y]` in pixels of the stored image, from its top left. */
export type Point = readonly [x: number, y: number];

/** Top left, top right, bottom right and bottom left, as somebody sees them who reads the text. */
export type Corners = readonly [Point, Point, Point, Point];

/** A character that was read, with the place where it stands. */
export interface FoundCharacter {
	readonly text: string;
	/** 0 to 100 */
	readonly confidence: number;
	readonly corners: Corners;
}

/** A line of text in an image. */
export interface FoundText extends FoundCharacter {
	/** left out where characters are not told apart */
	readonly characters?: readonly FoundCharacter[];
}

/** A logo in an image. */
export interface FoundLogo {
	readonly name: string;
	/** 0 to 100 */
	readonly score: number;
	readonly corners: Corners;
}

/** What is found in one image, whose size in pixels says where that is. */
export interface Finds<Found> {
	readonly width: number;
	readonly height: number;
	readonly found: readonly Found[];
}

/**
 * What a fault makes a detector find: nothing, one text or logo in the middle, hundreds of them, one that is turned by 30 degrees, or
 * one of low confidence.
 */
export const FIND_KINDS = ['nothing', 'one', 'many', 'turned', 'unsure'] as const;

/** How a number is written: as a whole one, `99.50`, or with spaces around it. */
export const NUMBER_STYLES = ['whole', 'decimal', 'spaced'] as const;

/** How a detection differs from the usual one. */
export interface DetectionChange {
	/** made up, in place of what is in the image */
	readonly find?: (typeof FIND_KINDS)[number];
	/** in place of the text that is in the image */
	readonly texts?: readonly FoundText[];
	/** in place of the logos that are in the image */
	readonly logos?: readonly FoundLogo[];
	readonly numbers?: (typeof NUMBER_STYLES)[number];
	/** of the place of a logo: two opposite corners, which is usual, or four */
	readonly points?: 2 | 4;
	/** the document has nothing in it but its root */
	readonly empty?: boolean;
}
