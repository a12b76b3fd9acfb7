/** Pixels of the longer side of the copies that are compared. */
export const COPY_SIDE = 512;
