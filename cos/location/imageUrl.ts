import { InvalidInput } from '../invalidInput';
import { unlessThrown, type Checked } from '../values';

/** An http(s) address that the service fetches an image from, checked. */
export type ImageUrl = Checked<string, 'ImageUrl'>;

/** @throws InvalidInput unless the text is an http(s) address */
export function imageUrl(text: string, field: 'maskUrl' | 'imageUrl'): ImageUrl {
	if (text === '') throw new InvalidInput(field, 'url.empty', {});
	const protocol = unlessThrown(() => new URL(text).protocol);
	if (protocol === 'http:' || protocol === 'https:') return text as ImageUrl;
	throw new InvalidInput(field, 'url.notHttp', {});
}
