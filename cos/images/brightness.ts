/** How bright a color is, by the weights of ITU-R BT.601; all of them from 0 to 255, or differences of those. */
export function brightness(red: number, green: number, blue: number): number {
	return 0.299 * red + 0.587 * green + 0.114 * blue;
}
