import { InvalidInput } from '../invalidInput';
import type { Checked } from '../values';

/** An http(s) address that the service fetches an image from, checked. */
export type ImageUrl = Checked<string, 'ImageUrl'>;

/** @throws InvalidInput unless the text is an http(s) address */
export function imageUrl(text: string, field: 'maskUrl' | 'imageUrl'): ImageUrl {
	if (text === '') throw new InvalidInput(field, 'url.empty', {});
	let protocol: string | undefined;
	try {
		({ protocol } = new URL(text));
	} catch {
		// Refused below, together with addresses of another kind.
	}
	if (protocol === 'http:' || protocol === 'https:') return text as ImageUrl;
	throw new InvalidInput(field, 'url.notHttp', {});
}
