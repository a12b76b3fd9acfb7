import { bytes, type Part } from './writers/bytes';

/** What a right reader says of a file. What is left out is not judged; null: it must not claim to know. */
export interface Expected {
	/** The name in `cos/images/format.ts`; null is not an image of a format that we know. */
	format?: string | null;
	/** Pixels, by the size rule of README.md. */
	size?: { width: number; height: number } | null;
	/** EXIF 1–8; a file without a valid one counts as 1. */
	orientation?: number;
	/** A reader that says nothing means 1. */
	frames?: number;
	/** A reader that says nothing means false. */
	hasAlpha?: boolean;
	/** The file ends before the image does, and its structure shows it. */
	isCut?: boolean;
}

/** The formats, and what is none of them. */
export const FAMILIES = [
	'JPG',
	'PNG',
	'GIF',
	'WebP',
	'BMP',
	'HEIF',
	'AVIF',
	'TIFF',
	'other',
] as const;
export type Family = (typeof FAMILIES)[number];

export interface Specimen {
	/** What it is, as a person says it. */
	name: string;
	family: Family;
	bytes: Uint8Array;
	expected: Expected;
	/** Who says so: `sharp`, which the tests ask again, or whoever wrote the file, from its specification. */
	judge: 'sharp' | 'hand';
	kind: 'ordinary' | 'odd' | 'hostile';
}

/** Adds a file to a family. */
export type Add = (name: string, file: Part, expected: Expected) => void;

/** A family in the making: `add.ordinary.sharp(…)` adds a file of this kind with this judge. */
export interface Collection {
	readonly specimens: Specimen[];
	readonly ordinary: Readonly<Record<Specimen['judge'], Add>>;
	readonly odd: Readonly<Record<Specimen['judge'], Add>>;
	readonly hostile: Add;
}

/** Starts a family. Its files are of its format unless they are said not to be. */
export function collect(family: Family): Collection {
	const specimens: Specimen[] = [];
	const format = family === 'other' ? null : family;
	const adder =
		(kind: Specimen['kind'], judge: Specimen['judge']): Add =>
		(name, file, expected) => {
			const image = file instanceof Uint8Array ? file : bytes(file);
			specimens.push({
				name,
				family,
				bytes: image,
				expected: { format, ...expected },
				judge,
				kind,
			});
		};
	return {
		specimens,
		ordinary: { sharp: adder('ordinary', 'sharp'), hand: adder('ordinary', 'hand') },
		odd: { sharp: adder('odd', 'sharp'), hand: adder('odd', 'hand') },
		hostile: adder('hostile', 'hand'),
	};
}

/** Facts of the table that somebody says otherwise. */
export function differences(
	said: Expected,
	expected: Expected,
	facts: ReadonlyArray<keyof Expected>,
): string[] {
	return facts
		.filter((fact) => expected[fact] !== undefined)
		.map((fact) => [fact, JSON.stringify(said[fact]), JSON.stringify(expected[fact])] as const)
		.filter(([, saidOf, expectedOf]) => saidOf !== expectedOf)
		.map(([fact, saidOf, expectedOf]) => `${fact} ${saidOf} and not ${expectedOf}`);
}
