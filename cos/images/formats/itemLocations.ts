import { take, uint64, type Steps } from '../walk';

/** Where the data of the items end that a `meta` box lists. */
export interface ItemsEnd {
	/** Bytes from the start of the file; Infinity when it is "up to the end of the file". */
	end: number;
	/** Whether data stand within the box. */
	inside: boolean;
}

/** A field of 0, 4 or 8 bytes. */
function sized(view: DataView, at: number, bytes: number): number {
	if (bytes === 0) return 0;
	return bytes === 8 ? uint64(view, at) : view.getUint32(at);
}

/** Reads the item locations (ISO/IEC 14496-12, 8.11.3); undefined when they make no sense. */
export function* itemLocations(): Steps<(ItemsEnd & { read: number }) | undefined> {
	const start = yield take(6);
	const version = start.getUint8(0);
	const [sizes, more] = [start.getUint8(4), start.getUint8(5)];
	const [offsetBytes, lengthBytes, baseBytes] = [sizes >> 4, sizes & 15, more >> 4];
	const indexBytes = version === 0 ? 0 : more & 15;
	const fields = [offsetBytes, lengthBytes, baseBytes, indexBytes];
	if (version > 2 || fields.some((bytes) => ![0, 4, 8].includes(bytes))) return undefined;
	const idBytes = version < 2 ? 2 : 4;
	const counted = yield take(idBytes);
	const items = version < 2 ? counted.getUint16(0) : counted.getUint32(0);
	const found = { end: 0, inside: false, read: 6 + idBytes };
	// Id, where the data stand (from version 1 on), file, base, number of extents.
	const methodBytes = version === 0 ? 0 : 2;
	const baseAt = idBytes + methodBytes + 2;
	const itemBytes = baseAt + baseBytes + 2;
	const extentBytes = indexBytes + offsetBytes + lengthBytes;
	for (let item = 0; item < items; item++) {
		const view = yield take(itemBytes);
		const inFile = methodBytes === 0 || (view.getUint16(idBytes) & 15) === 0;
		const base = sized(view, baseAt, baseBytes);
		const extents = view.getUint16(itemBytes - 2);
		found.read += itemBytes;
		// Extents without a field are all the same one.
		for (let left = extentBytes > 0 ? extents : Math.min(extents, 1); left > 0; left--) {
			const extent = yield take(extentBytes);
			const offset = sized(extent, indexBytes, offsetBytes);
			const length = sized(extent, indexBytes + offsetBytes, lengthBytes);
			found.read += extentBytes;
			if (inFile) found.end = Math.max(found.end, length > 0 ? base + offset + length : Infinity);
			else found.inside = true;
		}
	}
	return found;
}
