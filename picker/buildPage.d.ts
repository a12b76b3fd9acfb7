/** Where the built page is kept; GitHub Pages serves it from there. */
export const PAGE_FILE: string;

/** The area picker as one HTML text. The same sources give the same text, byte for byte. */
export function buildPage(): Promise<string>;
