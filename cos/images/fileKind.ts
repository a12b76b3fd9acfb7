/** Kinds of files that are no image to repair, as far as their first bytes tell. */
export type FileKind =
	| 'pdf'
	| 'svg'
	| 'html'
	| 'xml'
	| 'json'
	| 'zip'
	| 'archive'
	| 'office'
	| 'photoshop'
	| 'icon'
	| 'jpeg2000'
	| 'jpegXl'
	| 'raw'
	| 'otherImage'
	| 'base64'
	| 'brokenText'
	| 'postscript'
	| 'video'
	| 'audio'
	| 'text'
	| 'unknown';

type Test = (start: string) => boolean;

const startsWith =
	(...signatures: string[]): Test =>
	(start) =>
		signatures.some((signature) => start.startsWith(signature));

/** Brands of ISO media files follow the size and `ftyp`. */
const brand =
	(...brands: string[]): Test =>
	(start) =>
		start.slice(4, 8) === 'ftyp' && brands.some((name) => start.startsWith(name, 8));

/** Markup, with or without a byte order mark, comments and declarations before it. */
const markup =
	(name: RegExp): Test =>
	(start) => {
		const text = start.replace(/^\xef\xbb\xbf/, '').trimStart();
		return text.startsWith('<') && name.test(text);
	};

const isJson: Test = (start) => /^(?:\xef\xbb\xbf)?\s*[[{]\s*["[{\]}\d]/.test(start);

/** Nothing but printable characters and line breaks; bytes above 0x7f may be UTF-8. */
const isText: Test = (start) =>
	/^(?:\xef\xbb\xbf)?[\t\n\f\r\x20-\x7e][\t\n\f\r\x20-\x7e\x80-\xff]*$/.test(start);

/** In this order: the first that fits. */
const KINDS: ReadonlyArray<readonly [FileKind, Test]> = [
	['pdf', (start) => start.slice(0, 1024).includes('%PDF-')],
	['office', (start) => start.startsWith('PK\x03\x04') && /\[Content_Types\]|mimetype/.test(start)],
	['office', startsWith('\xd0\xcf\x11\xe0')],
	['zip', startsWith('PK\x03\x04', 'PK\x05\x06')],
	['archive', startsWith('\x1f\x8b', 'Rar!', '7z\xbc\xaf', 'BZh', '\xfd7zXZ')],
	['photoshop', startsWith('8BPS')],
	['icon', (start) => /^\0\0[\x01\x02]\0[^\0]/.test(start)],
	['jpeg2000', startsWith('\0\0\0\x0cjP  ', '\xff\x4f\xff\x51')],
	['jpegXl', startsWith('\0\0\0\x0cJXL ', '\xff\x0a')],
	['raw', startsWith('FUJIFILMCCD-RAW', 'IIU\0', 'IIRO', 'IIRS', 'MMOR', '\0MRM')],
	['raw', (start) => /^(?:II\*\0|MM\0\*)/.test(start) && start.slice(8, 10) === 'CR'],
	['raw', brand('crx ')],
	[
		'otherImage',
		startsWith('II\xbc', 'DDS ', '\x76\x2f\x31\x01', '#?RADIANCE', '\x8aMNG', '\x8bJNG', 'FLIF'),
	],
	['otherImage', startsWith('\xd7\xcd\xc6\x9a', '\x0a\x05\x01\x08')],
	['otherImage', (start) => /^P[1-7]\s/.test(start)],
	['brokenText', startsWith('\xef\xbf\xbd')],
	['base64', startsWith('data:image/', 'iVBORw0KGgo', '/9j/', 'R0lGOD', 'UklGR')],
	['postscript', startsWith('%!PS', '\xc5\xd0\xd3\xc6')],
	['video', brand('isom', 'iso', 'mp4', 'avc1', 'M4', 'qt', '3g', 'dash', 'MSNV', 'f4v')],
	['video', (start) => ['moov', 'mdat', 'wide', 'skip'].includes(start.slice(4, 8))],
	['video', startsWith('\x1a\x45\xdf\xa3', 'FLV\x01', '\0\0\x01\xba', '\0\0\x01\xb3')],
	['video', (start) => start.startsWith('RIFF') && start.slice(8, 12) === 'AVI '],
	['audio', startsWith('ID3', 'OggS', 'fLaC', '\xff\xfb', '\xff\xf3')],
	['audio', (start) => start.startsWith('RIFF') && start.slice(8, 12) === 'WAVE'],
	['svg', markup(/<svg[\s>]/i)],
	['html', markup(/^<(?:!doctype html|html|head|body)[\s>]/i)],
	['html', markup(/<html[\s>]/i)],
	['xml', markup(/^<(?:\?xml|[A-Za-z][\w:.-]*[\s/>])/)],
	['json', isJson],
	['text', isText],
];

/** Bytes that are enough to tell a kind. */
export const KIND_BYTES = 1024;

/** What a file is whose first bytes are not those of an image to repair. */
export function kindOfFile(bytes: Uint8Array): FileKind {
	const start = String.fromCharCode(...bytes.subarray(0, KIND_BYTES));
	return KINDS.find(([, fits]) => fits(start))?.[0] ?? 'unknown';
}
