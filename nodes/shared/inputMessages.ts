/**
 * Why what somebody entered is refused, in words. The area picker shows these too, and has no use for the others
 * in messages.ts.
 */
import type { FileKind } from '../../cos/images/fileKind';
import type { InputField, InvalidReason } from '../../cos/invalidInput';
import type { NoValues } from '../../cos/values';

export interface Message {
	/**
	 * What happened. About a parameter, it continues a sentence that begins with the label, unless it begins
	 * with a capital letter.
	 */
	readonly message: string;
	/** How to get unstuck. */
	readonly advice: string;
}

/** Puts values into a message or advice. */
export function fill(template: string, values: Readonly<Record<string, unknown>>): string {
	return template.replace(/<(\w+)>/g, (_, name: string) => String(values[name]));
}

/** Characters that cannot be seen, by their code points. */
const CHARACTERS: Readonly<Record<string, string>> = {
	'U+0009': 'a tab',
	'U+000A': 'a line break',
	'U+000D': 'a line break',
	'U+0020': 'a space',
	'U+002F': 'a slash',
	'U+005C': 'a backslash',
	'U+00A0': 'a no-break space',
	'U+3000': 'an ideographic space',
	'U+FEFF': 'a byte order mark',
};

/** A character in words. */
export function characterName(codePoint: string): string {
	return CHARACTERS[codePoint] ?? `the invisible character ${codePoint}`;
}

/** The labels under which the editor shows the fields that `cos/` checks. */
export const LABELS: Readonly<Record<InputField, string>> = {
	secretId: 'Secret ID in the credential',
	secretKey: 'Secret Key in the credential',
	bucket: 'Bucket in the credential',
	region: 'Region or Other Region in the credential',
	customDomain: 'Custom Domain in the credential',
	objectKey: 'Image',
	storeAs: 'Store As',
	area: 'Area',
	polygons: 'Polygons',
	coordinates: 'Coordinates',
	rectangles: 'Rectangles',
	growArea: 'Grow Area',
	texts: 'Texts',
	logoNames: 'Logo Names',
	searchIn: 'Search In',
	searchRectangles: 'Search Rectangles',
	maskUrl: 'Mask Image URL',
	maskObjectKey: 'Mask in Bucket',
	imageUrl: 'Image (Public Image)',
	resultKey: 'Result Key',
	ignoredResultKeys: 'Result Keys to Ignore',
	soughtResultKeys: 'Result Keys to Look For',
	results: 'Additional Results',
	destinationBucket: 'Destination Bucket',
	folder: 'Folder',
	temporaryMaskFolder: 'Temporary Mask Folder',
	metadata: 'Metadata',
	tags: 'Tags',
	kmsKeyId: 'KMS Key ID',
	kmsContext: 'KMS Context',
	cacheControl: 'Cache Control',
	contentDisposition: 'Content Disposition',
};

/** An address that shows what a field is for. */
export const EXAMPLE_ADDRESS: Readonly<Partial<Record<InputField, string>>> = {
	maskUrl: 'https://example.com/mask.png',
	imageUrl: 'https://example.com/image.jpg',
};

const BUCKET_NAME =
	'Enter the name with its APPID as the console shows it: lower-case letters, digits and "-", then "-" and the digits of the APPID. For example: examplebucket-1250000000.';
const REGION_NAME =
	'Choose the region from the list, or enter its short name: lower-case letters, digits and "-". For example: ap-guangzhou.';
const COPY_KEY =
	'Open the credential and copy the value from "API Keys" in the Tencent Cloud console.';
const DOMAIN =
	'Enter the address of the domain that is bound to the bucket, without a path. For example: https://images.example.com. An address that begins with http:// is accepted for this machine only (localhost, 127.0.0.1).';
const BROKEN_CHARACTER =
	'Remove the broken character; it often comes from a text that was cut in the middle of an emoji.';
const REMOVE_CHARACTER =
	'Remove it: it comes along when text is copied from a table, a message or a list. In an expression, add .trim() at the end.';
const OBJECT_ADDRESS =
	'Enter the address of an image in this bucket. For example: <origin>/folder/image.jpg.';
const IMAGE_ADDRESS =
	'Enter the full address of an image that the service can fetch. For example: <example>.';
const RESULT_PATH =
	'Enter a path and name such as clean/image.jpg (relative to the folder of the original) or /clean/image.jpg (from the top of the bucket).';
const CORNERS =
	'Give corners as [x, y] in pixels from the top left, at least three for each polygon. For example: [[[608,794],[1024,794],[1024,842],[608,842]]].';
const FEWER_CORNERS = 'Use fewer corners, or a mask image.';
const RECTANGLE =
	'Enter the distances from the two sides of the chosen corner and the size as numbers, in pixels or percent.';
const MOVE_POLYGON =
	'Move the polygon so that it lies inside the image. Polygons count pixels; rectangles can be measured in percent, which fits images of any size.';
const MOVE_RECTANGLE =
	'Move or shrink the rectangle so that it lies inside the image, or measure it in percent so that it fits images of any size.';

const PLAIN_ASCII =
	'Use letters, digits and signs of plain ASCII. Other text can be percent-encoded with encodeURIComponent() in an expression.';
const TAG_TEXT =
	'Use letters, digits, spaces and + - _ = . : / only. A key has 1 to 127 characters, a value up to 255.';

/** Why `cos/` refuses a value. */
export const INPUT = {
	'secret.empty': { message: 'is empty', advice: COPY_KEY },
	'bucket.empty': { message: 'is empty', advice: BUCKET_NAME },
	'bucket.malformed': { message: '"<bucket>" is not a full bucket name', advice: BUCKET_NAME },
	'region.empty': { message: 'is empty', advice: REGION_NAME },
	'region.malformed': { message: '"<region>" is not a region name', advice: REGION_NAME },
	'domain.empty': { message: 'is empty', advice: DOMAIN },
	'domain.notUrl': { message: '"<domain>" is not an address', advice: DOMAIN },
	'domain.notHttps': { message: '"<domain>" does not begin with https://', advice: DOMAIN },
	'domain.unencrypted': {
		message: '"<domain>" would send the request unencrypted',
		advice: DOMAIN,
	},
	'domain.notOrigin': { message: '"<domain>" holds more than a domain', advice: DOMAIN },
	'text.surrounded': {
		message: '<side> with <character>',
		advice: REMOVE_CHARACTER,
	},
	'text.control': { message: 'holds <character>', advice: REMOVE_CHARACTER },
	'path.address': {
		message: 'is an address, where a path in the bucket is needed',
		advice: 'Enter the path only, without https:// and the host. For example: folder/image.jpg.',
	},
	'path.localFile': {
		message: 'is the path of a file on a computer, not in the bucket',
		advice:
			'Enter a path in the bucket, such as folder/image.jpg. To upload a file, let the node Read/Write Files from Disk read it, and give it to Tencent Image Repair in the mode Upload and Repair Image.',
	},
	'path.bucketFirst': {
		message: 'begins with the name of the bucket, <bucket>',
		advice: 'Leave it out: <rest>.',
	},
	'path.backslash': {
		message: 'has a backslash',
		advice: 'Write folders with a slash: <path>.',
	},
	'key.leading': {
		message: 'begins with <character>, which no key can',
		advice:
			'Enter the full path from the top of the bucket, without anything before the first folder.',
	},
	'key.control': { message: 'holds <character>, which no key can have', advice: REMOVE_CHARACTER },
	'key.empty': {
		message: 'is empty',
		advice: 'Enter the path and name of the image in the bucket. For example: folder/image.jpg.',
	},
	'key.folder': {
		message: '"<key>" is a folder',
		advice:
			'Enter the path of an image in that folder. For example: folder/image.jpg. In From List, type the folder into the search, with its slash, to see what is in it.',
	},
	'key.characters': {
		message: 'holds a character that no key can have',
		advice: BROKEN_CHARACTER,
	},
	'key.tooLong': {
		message: 'is longer than <limit> bytes',
		advice: 'Use a shorter path and name. A Chinese character counts as three bytes.',
	},
	'key.dotSegment': {
		message: '"<key>" has "." or ".." as a folder',
		advice: 'Enter the full path from the top of the bucket, without "." or ".." between slashes.',
	},
	'objectUrl.notUrl': { message: 'is not an address', advice: OBJECT_ADDRESS },
	'objectUrl.otherHost': {
		message: 'is the address of another host (<host>), not of this bucket',
		advice: OBJECT_ADDRESS,
	},
	'objectUrl.escape': {
		message: 'holds a "%" that is not followed by two digits',
		advice: OBJECT_ADDRESS,
	},
	'url.empty': { message: 'is empty', advice: IMAGE_ADDRESS },
	'url.notHttp': {
		message: 'is not an address that begins with http:// or https://',
		advice: IMAGE_ADDRESS,
	},
	'prefix.empty': {
		message: 'is empty',
		advice:
			'Choose a folder from the list, or enter its path. For example: photos/2025. A single / means the whole bucket.',
	},
	'prefix.characters': {
		message: 'holds a character that no key can have',
		advice: BROKEN_CHARACTER,
	},
	'prefix.tooLong': {
		message: 'is longer than <limit> bytes',
		advice: 'Use a shorter path. A Chinese character counts as three bytes.',
	},
	'fileid.empty': { message: 'is empty', advice: RESULT_PATH },
	'fileid.folder': {
		message: '"<fileid>" ends in "/", so the file would have no name',
		advice: RESULT_PATH,
	},
	'fileid.source': {
		message: '"<fileid>" is the original itself, which would be overwritten',
		advice:
			'Enter another key. Only with Overwrite Original does a repaired image replace its original.',
	},
	'results.tooMany': {
		message: 'holds <additional> results, which makes <count> with the first',
		advice:
			'One call makes up to <limit> results. Remove some, or use a second Tencent Image Repair node for the others.',
	},
	'results.sameKey': {
		message: 'would store two results under "<key>"',
		advice: 'Give each result a key of its own.',
	},
	'request.tooLong': {
		message: 'makes a request with a line of <size> bytes, more than <limit>',
		advice:
			'Use fewer shapes, shapes with fewer corners, a mask image, or a shorter address. The results of one call share this limit: a second Tencent Image Repair node can make some of them.',
	},
	'header.characters': {
		message: 'is <shown>, which holds a line break or a character outside plain ASCII',
		advice: PLAIN_ASCII,
	},
	'metadata.name': {
		message: 'has <shown> as a name',
		advice: 'Use letters, digits and hyphens between them. For example: taken-by.',
	},
	'metadata.repeated': {
		message: 'has the name "<name>" twice',
		advice: 'Give each entry a name of its own. Upper and lower case do not count.',
	},
	'metadata.value': {
		message:
			'has <shown> under "<name>", which holds a line break or a character outside plain ASCII',
		advice: PLAIN_ASCII,
	},
	'metadata.tooLarge': {
		message: 'has <size> bytes in all, more than <limit>',
		advice: 'Use fewer entries, or shorter ones. Names count too.',
	},
	'tags.tooMany': {
		message: 'has <count> tags, more than <limit>',
		advice: 'Remove some: the service keeps no more for an object.',
	},
	'tags.key': { message: 'has <shown> as a key', advice: TAG_TEXT },
	'tags.repeated': {
		message: 'has the key "<key>" twice',
		advice: 'Give each tag a key of its own.',
	},
	'tags.value': { message: 'has <shown> as the value of "<key>"', advice: TAG_TEXT },
	'kmsKeyId.invalid': {
		message: 'is <shown>, which is not the ID of a key',
		advice:
			'Copy the ID from the console of KMS, the key management service, or leave it empty for the key that COS has there.',
	},
	'kmsContext.invalid': {
		message: 'is <shown>, which is not a JSON object with text values',
		advice:
			'Enter a JSON object with text values, or nothing. For example: {"department": "design"}.',
	},
	'polygons.notJson': { message: '<shown> is not JSON', advice: CORNERS },
	'polygons.unclosed': {
		message: '<shown>: a "<missing>" is missing at the end',
		advice: 'Copy the whole list, to its last bracket, or add what is missing.',
	},
	'polygons.notList': { message: '<shown> is not a list of polygons', advice: CORNERS },
	'polygons.none': { message: 'holds no polygon', advice: CORNERS },
	'polygons.tooDeep': {
		message: 'holds lists or objects in more than <limit> levels',
		advice: 'Pass on only the part of the response that holds the shapes.',
	},
	'polygons.tooMany': {
		message: 'has more than <limit> polygons',
		advice: 'Use fewer polygons, or a mask image.',
	},
	'polygons.corners': {
		message: 'holds <count> corners in all, more than <limit>',
		advice: FEWER_CORNERS,
	},
	'polygon.notList': {
		message: 'Polygon <polygon>: <shown> is not a list of corners',
		advice: CORNERS,
	},
	'polygon.corners': {
		message: 'Polygon <polygon> has <count> corners, more than <limit>',
		advice: FEWER_CORNERS,
	},
	'polygon.fewCorners': {
		message: 'Polygon <polygon> has fewer than three different corners',
		advice: CORNERS,
	},
	'polygon.flat': {
		message: 'Polygon <polygon> has no area: all its corners lie on one line',
		advice: CORNERS,
	},
	'polygon.foldsBack': {
		message: 'Polygon <polygon> runs back over itself at corner <corner> <shown>',
		advice:
			'Remove that corner, or give the corners in the order in which they follow the outline.',
	},
	'polygon.crosses': {
		message:
			'Polygon <polygon> crosses itself: the side from corner <corner> <shown> meets the side from corner <otherCorner> <otherShown>',
		advice:
			'Give the corners in the order in which they follow the outline, or split the shape into several polygons.',
	},
	'corner.notPair': {
		message: 'Polygon <polygon>, corner <corner>: <shown> is not a corner [x, y] of two numbers',
		advice: CORNERS,
	},
	'corner.negative': {
		message: 'Polygon <polygon>, corner <corner> <shown> is negative',
		advice: CORNERS,
	},
	'corner.tooFar': {
		message:
			'Polygon <polygon>, corner <corner> <shown> is beyond <limit> pixels, the largest side an image may have',
		advice: CORNERS,
	},
	'corner.outside': {
		message:
			'Polygon <polygon>, corner <corner> <shown> is outside the image of <width> × <height> pixels',
		advice: MOVE_POLYGON,
	},
	'box.notNumbers': {
		message: 'Polygon <polygon>: <shown> is not a box of numbers',
		advice:
			'Give a box as {"x", "y", "width", "height"} or {"left", "top", "right", "bottom"}, or pass on what a detector found as it is.',
	},
	'box.flat': {
		message: 'Polygon <polygon>: <shown> has no area',
		advice:
			'Give the box a width and a height above 0, or a right and bottom beyond its left and top.',
	},
	'labels.none': {
		message: 'is empty',
		advice:
			'Add what the mark says. To repair whatever is found, choose Any Text or Any Logo above.',
	},
	'box.bareNumbers': {
		message: 'Polygon <polygon>: <shown> can mean two corners, or a corner and a size',
		advice:
			'Name the numbers: {"left", "top", "right", "bottom"} for two corners, {"x", "y", "width", "height"} for a corner and a size.',
	},
	'shape.unclearUnit': {
		message:
			'Polygon <polygon>: <shown> comes as "bbox_2d", which counts pixels with Qwen2.5-VL and thousandths of the image with Qwen3-VL',
		advice: 'Choose Pixels or Per Mille under Coordinates, whichever your model gives.',
	},
	'shape.fractions': {
		message:
			'Polygon <polygon>: <shown> has no value beyond 1, as fractions of the image do, but would be read in another unit',
		advice: 'Choose Fractions under Coordinates.',
	},
	'shape.beyondUnit': {
		message: 'Polygon <polygon>: <shown> is far outside the image, which ends at <limit>',
		advice:
			'Choose under Coordinates what the values count: Pixels, or another part of the image (Fractions end at 1, Percent at 100, Per Mille at 1000).',
	},
	'shape.outside': {
		message: 'Polygon <polygon>: <shown> is outside the image of <width> × <height> pixels',
		advice:
			'Check that the shape was found in this image, at this size, and what its values count (Coordinates).',
	},
	'rectangles.none': {
		message: 'holds no rectangle',
		advice:
			'Press "Add Rectangle" and enter where the logo is, or choose another way to give the area.',
	},
	'rectangle.notNumber': {
		message: 'Rectangle <rectangle> holds a value that is not a number',
		advice: RECTANGLE,
	},
	'rectangle.negative': {
		message: 'Rectangle <rectangle> has a negative distance',
		advice: RECTANGLE,
	},
	'rectangle.flat': {
		message: 'Rectangle <rectangle> has no Width or no Height',
		advice: 'Enter a Width and a Height above 0: the size of the logo.',
	},
	'rectangle.overHundred': {
		message: 'Rectangle <rectangle>: distance <distance> + <side> <extent> = <sum> %',
		advice: 'Make one of them smaller: together they can be 100 % at most.',
	},
	'rectangle.underOnePixel': {
		message: 'Rectangle <rectangle> is smaller than one pixel',
		advice: 'Enter a larger width and height.',
	},
	'rectangle.outside': {
		message: 'Rectangle <rectangle> reaches beyond the image of <width> × <height> pixels',
		advice: MOVE_RECTANGLE,
	},
} as const satisfies Readonly<Record<InvalidReason, Message>>;

const OTHER_IMAGE = {
	objectKey: 'For an image elsewhere, choose the mode Download Repaired Image and Public Image.',
	storeAs: 'Or enter a path such as inbox/image.jpg.',
	maskObjectKey: 'For a mask elsewhere, choose URL as Mask Source.',
} as const;

/** How to get unstuck besides, in one field alone. */
export const FIELD_ADVICE: Readonly<
	Partial<Record<InvalidReason, Readonly<Partial<Record<InputField, string>>>>>
> = {
	'text.surrounded': {
		objectKey: 'If the path does have it there, give the image By URL, with %20 for a space.',
	},
	'path.bucketFirst': {
		objectKey: 'If there is a folder of that name in the bucket, give the image By URL.',
	},
	'path.backslash': {
		objectKey:
			'If the path does have a backslash, choose the image from the list, or give it By URL with %5C.',
	},
	'objectUrl.notUrl': OTHER_IMAGE,
	'objectUrl.otherHost': OTHER_IMAGE,
	'objectUrl.escape': OTHER_IMAGE,
};

/** What a file is that is no image to repair. */
export const FILE_KINDS: Readonly<Record<FileKind, string>> = {
	pdf: 'a PDF',
	svg: 'an SVG drawing',
	html: 'a web page (HTML)',
	xml: 'an XML file',
	json: 'JSON text',
	zip: 'a ZIP file',
	archive: 'a compressed archive',
	office: 'an office document',
	photoshop: 'a Photoshop file',
	icon: 'an icon file (ICO)',
	jpeg2000: 'a JPEG 2000 image',
	jpegXl: 'a JPEG XL image',
	raw: 'a camera raw file',
	otherImage: 'an image of another format',
	base64: 'an image as Base64 text',
	brokenText: 'an image that another node has read as text, which destroys it',
	postscript: 'a PostScript file',
	video: 'a video',
	audio: 'a sound file',
	text: 'plain text',
	unknown: 'of an unknown kind',
};

/** Why a parameter is refused before `cos/` sees it, with the values that the message needs. */
export interface ParameterReasons {
	/** `shown` is the value as JSON, cut short. */
	unlisted: { shown: string; allowed: string };
	toolDownload: NoValues;
	toolUpload: NoValues;
	notSwitch: { shown: string };
	notText: { shown: string };
	notNumber: { shown: string };
	tooSmall: { least: number };
	tooLarge: { most: number };
	notRows: { shown: string };
	unknownPlaceholder: { placeholder: string; allowed: string };
	leftoverBrace: { template: string; allowed: string };
	/** `off` is the switch that makes the field needless. */
	resultKeysEmpty: { off: string };
	resultKeysFitAll: { template: string; off: string };
	polygonsEmpty: NoValues;
	publicImageStored: NoValues;
	publicImageSize: NoValues;
	uploadKeyMissing: NoValues;
	binaryUnnamed: NoValues;
	binaryMissing: { field: string };
	binaryNotBase64: { field: string };
	binaryUnreadable: { field: string };
	binaryEmpty: { field: string };
	binaryTooLarge: { field: string; megabytes: string; limit: number };
	/** `named` is empty, or says the name of the file. */
	binaryNotImage: { field: string; kind: FileKind; named: string };
	binaryCut: { field: string; format: string };
	binaryUnmeasured: { field: string };
	/** `image` is the binary field, or the key, that holds the image. */
	imageBytes: { image: string; megabytes: string; most: number };
	imageSide: { image: string; width: number; height: number; most: number };
	imagePixels: { image: string; width: number; height: number; most: number };
	imageFrames: { image: string; frames: number; most: number };
	imageFramePixels: { image: string; width: number; height: number; frames: number; most: number };
	imageAnimated: { image: string; frames: number };
	/** `mask` is the binary field, or the key, that holds it. */
	maskSize: {
		mask: string;
		width: number;
		height: number;
		imageWidth: number;
		imageHeight: number;
	};
	maskMissing: { mask: string };
	maskUnreadable: { mask: string };
	maskEmpty: { mask: string };
	maskFull: { mask: string };
	maskInverted: { mask: string; percent: number };
	maskAlpha: { mask: string };
	folderTooLarge: NoValues;
	/** `placeholder` is of a date. */
	dateInList: { placeholder: string };
	dateIncomplete: { part: string; missing: string };
	/** `today` is the folder of today. */
	datesWithoutImage: { today: string; timeZone: string; why: string };
	/** `why` is the sentences of NOTHING_FITS. */
	folderWithoutImage: { folder: string; why: string };
	keyOfOtherItem: { key: string; other: number };
	keyExists: { key: string };
	linkElsewhere: { bucket: string };
	keysTaken: { key: string; count: number };
	keyUnclear: { key: string };
	loopOverwrites: { node: string };
	loopResultKey: { template: string; node: string };
	loopOriginal: { key: string; node: string };
	foundAgainOverwritten: { key: string; trigger: string };
	foundAgainResult: { key: string; trigger: string };
	foundAgainOriginal: { key: string; trigger: string };
	/** Of an image in which nothing was found. */
	nothingFound: NoValues;
	/** `first`, `second` and `third` are keys in the order in which they were found. */
	stoppedGrowing: { first: string; second: string; third: string };
	stoppedRepeating: { key: string; times: number; node: string };
}

export type ParameterReason = keyof ParameterReasons;

const TOOL_MODE =
	'Open the tool and change Mode to Repair Image in Bucket: it stores the repaired image and answers with its key and address.';
const BINARY_FIELD =
	'Enter the name of the field that holds the image. The input panel shows it under Binary; most nodes call it "data".';
const READABLE_FORMATS =
	'The service reads JPG, PNG, WebP, GIF, BMP and HEIC (HEIF). Convert other images to one of these first.';
const SMALLER_IMAGE = 'Make the image smaller first: the service refuses larger ones.';
const SHORTER_ANIMATION =
	'Save one of its frames as an image of its own first: the service refuses longer animations.';
const WHITE_MARKS = 'On a mask, white marks what to remove, and all else is black.';
const UNCHECKED_MASK =
	'No repair was billed. To send masks as they are, switch Check Area First off under Options.';
const WITHOUT_END = 'It would be repaired and billed at every poll, without end.';
const IGNORE_RESULTS =
	'switch Ignore Repaired Images on in the trigger and add a pattern to Result Keys to Ignore there that matches them, or store them outside of Folder';
const STAYS_STOPPED =
	'The trigger stopped before more was billed, and starts again once its parameters, or those of a node after it, are changed.';
const REPAIRING_RESULT_KEY =
	'Enter the Result Key of the node that repairs the images. For example: {name}-repaired{extension}. Or switch <off> off.';

export const PARAMETER = {
	unlisted: {
		message: 'is <shown>, which is not on the list',
		advice: 'Choose from the list, or let the expression give one of these: <allowed>.',
	},
	toolDownload: {
		message: 'is Download Repaired Image, which does not work as a tool',
		advice: `A model is answered with text, so the image would be lost. ${TOOL_MODE}`,
	},
	toolUpload: {
		message: 'is Upload and Repair Image, which does not work as a tool',
		advice: `A model calls with text, so there is no file to upload. ${TOOL_MODE}`,
	},
	notSwitch: {
		message: 'is <shown>, which is neither on nor off',
		advice: 'Use the switch, or let the expression give true or false.',
	},
	notText: {
		message: 'is <shown>, which is not text',
		advice: 'Enter a text, or let the expression give one.',
	},
	notNumber: {
		message: 'is <shown>, which is not a number',
		advice: 'Enter a number, or let the expression give one.',
	},
	tooSmall: { message: 'is less than <least>', advice: 'Enter a number of <least> or more.' },
	tooLarge: { message: 'is more than <most>', advice: 'Enter a number of <most> or less.' },
	notRows: {
		message: 'is <shown>, which is not a list of rows',
		advice: 'Add the rows in the editor, and use expressions for the values in them.',
	},
	unknownPlaceholder: {
		message: 'has the unknown placeholder <placeholder>',
		advice: 'Use <allowed>, or an expression.',
	},
	leftoverBrace: {
		message: '"<template>" has a brace that belongs to no placeholder',
		advice:
			'Write placeholders with one brace on each side: <allowed>. For an n8n expression such as {{ $json.name }}, switch the field from Fixed to Expression.',
	},
	resultKeysEmpty: {
		message: 'is needed to recognize repaired images',
		advice: REPAIRING_RESULT_KEY,
	},
	resultKeysFitAll: {
		message: '"<template>" fits every image, so none would be left',
		advice: REPAIRING_RESULT_KEY,
	},
	polygonsEmpty: {
		message: 'is empty',
		advice:
			'Enter the corners of the logo, for example [[[608,794],[1024,794],[1024,842],[608,842]]], or choose Automatic as Area.',
	},
	publicImageStored: {
		message: 'is a public image, which works in the mode Download Repaired Image only',
		advice: 'Choose an image of the bucket, or change Mode to Download Repaired Image.',
	},
	publicImageSize: {
		message: 'depends on the size of the image, which is not known of a public image',
		advice:
			'Count in pixels from the top left corner (Unit, Coordinates, Grow By), or store the image in the bucket first.',
	},
	nothingFound: {
		message: 'Nothing was found in the image',
		advice:
			'No repair was billed. If a mark is there, see what the mode Detect Logos and Text finds: Minimum Confidence, Search In or the filter may leave it out. To let such images pass, choose Leave Out at If Nothing Is Found.',
	},
	uploadKeyMissing: {
		message: 'is an expression that gave nothing',
		advice: 'Check the expression. To use the name of the file, clear the field.',
	},
	binaryUnnamed: { message: 'is empty', advice: BINARY_FIELD },
	binaryMissing: {
		message: '"<field>" is not a binary field of this item',
		advice: BINARY_FIELD,
	},
	binaryNotBase64: {
		message: '"<field>" holds text that is not Base64',
		advice:
			'Let the node before give the file itself, or its bytes as Base64 text. The Convert to File node makes a file of such text.',
	},
	binaryUnreadable: {
		message: '"<field>" holds a file that cannot be read from the storage of n8n',
		advice:
			'Run the workflow again from the node that gives the file: n8n deletes files together with the data of their execution.',
	},
	binaryEmpty: {
		message: '"<field>" holds an empty file',
		advice: 'Check the node before: it gave a file without content.',
	},
	binaryTooLarge: {
		message: '"<field>" holds a file of <megabytes> MB',
		advice: 'The service takes images of up to <limit> MB. Make the image smaller first.',
	},
	binaryNotImage: {
		message: '"<field>" holds a file<named> that cannot be repaired: it is <kind>',
		advice: `Check which file the node before gives. ${READABLE_FORMATS}`,
	},
	binaryCut: {
		message:
			'"<field>" holds a <format> that is cut short or damaged: its image goes on beyond its end',
		advice:
			'Get the file again from where it comes from: most often a download or upload broke off. If it can be opened, save it again in an image program.',
	},
	binaryUnmeasured: {
		message: '"<field>" does not tell how large its image is',
		advice:
			'Measure the area in pixels from the top left corner, or check that the file is an image.',
	},
	imageBytes: {
		message: '"<image>" is an image of <megabytes> MB; it may have at most <most>',
		advice: SMALLER_IMAGE,
	},
	imageSide: {
		message: '"<image>" is an image of <width> × <height> pixels; a side may have at most <most>',
		advice: SMALLER_IMAGE,
	},
	imagePixels: {
		message:
			'"<image>" is an image of <width> × <height> pixels; it may have at most <most> in all',
		advice: SMALLER_IMAGE,
	},
	imageFrames: {
		message: '"<image>" is an animation of <frames> frames; it may have at most <most>',
		advice: SHORTER_ANIMATION,
	},
	imageFramePixels: {
		message:
			'"<image>" is an animation of <frames> frames of <width> × <height> pixels; they may have at most <most> pixels in all',
		advice: SHORTER_ANIMATION,
	},
	imageAnimated: {
		message: '"<image>" is an animation of <frames> frames, of which one would come back',
		advice:
			'No repair was billed. To repair it and get one frame back, switch Allow Animated on under Options. To leave animations out, filter them before this node.',
	},
	maskSize: {
		message:
			'"<mask>" is <width> × <height> pixels, and the image to repair <imageWidth> × <imageHeight>',
		advice: `Make a mask of the size of the image, as it is stored. ${UNCHECKED_MASK}`,
	},
	maskMissing: {
		message: '"<mask>" is not in the bucket',
		advice: 'Choose the mask from the list, or check its path and name. Capital letters matter.',
	},
	maskUnreadable: {
		message: '"<mask>" is not an image that the service can read',
		advice: 'Save the mask again as a PNG or JPG: black, and white where the logo is.',
	},
	maskEmpty: {
		message: '"<mask>" is black all over, so it marks nothing',
		advice: `${WHITE_MARKS} ${UNCHECKED_MASK}`,
	},
	maskFull: {
		message: '"<mask>" is white all over, so it marks the whole image',
		advice: `${WHITE_MARKS} ${UNCHECKED_MASK}`,
	},
	maskInverted: {
		message:
			'"<mask>" is white on <percent> percent of the image: black and white seem to be swapped',
		advice: `${WHITE_MARKS} ${UNCHECKED_MASK}`,
	},
	maskAlpha: {
		message: '"<mask>" marks with transparency, and has no white on black',
		advice: `${WHITE_MARKS} Put it on a black background. ${UNCHECKED_MASK}`,
	},
	folderTooLarge: {
		message: 'holds more files than can be listed in the time that n8n gives a poll',
		advice:
			'Choose a smaller folder, one for each day (photos/{yyyy}/{MM}/{dd}/), or several triggers for parts of it. Nothing is lost: what is new stays new.',
	},
	dateInList: {
		message: 'has the date placeholder <placeholder>, which only the trigger knows',
		advice:
			"To list the images of today, switch the field to Expression: photos/{{ $now.format('yyyy/MM/dd') }}. For a folder of this very name, choose From List.",
	},
	dateIncomplete: {
		message: 'has <part> without <missing>, so the same folder would come again',
		advice:
			'Add <missing>. For example: photos/{yyyy}/{MM}/{dd}/. For a folder of this very name, choose From List.',
	},
	datesWithoutImage: {
		message: 'is "<today>" today, which holds no image that fits, nor does the folder of yesterday',
		advice:
			'Why: <why> Upload an image there, or check Folder. Days are those of the time zone <timeZone>, which the settings of the workflow say.',
	},
	folderWithoutImage: {
		message: '"<folder>" holds no image that fits',
		advice: 'Why: <why> Upload an image there, or choose another Folder.',
	},
	keyOfOtherItem: {
		message:
			'"<key>" is also stored by item <other> of this run, for another image, area or settings',
		advice:
			'One would replace the other. Give each item a key of its own, with an expression or with {name}, for example; uploads also get one with {id}, or with Add a Number under Options, If the Key Exists. To repair several places of one image, give them as one area.',
	},
	linkElsewhere: {
		message: 'Results go to "<bucket>", where Temporary Links cannot lead',
		advice:
			'The credential signs for its own bucket only. Leave Destination Bucket empty, or set Temporary Links under Options to 0.',
	},
	keyExists: {
		message: '"<key>" is in the bucket already',
		advice:
			'Nothing was sent, as If the Key Exists says. Upload under another key, or choose Add a Number or Overwrite there.',
	},
	keysTaken: {
		message:
			'"<key>" is in the bucket already, as is the same name with a number: <count> keys in all',
		advice:
			'Nothing was sent. Use a name that is not used so often, with {date} or {id} in Store As, for example.',
	},
	keyUnclear: {
		message:
			'is Add a Number, but the node cannot tell whether "<key>" is the same image, because it was encrypted with a KMS key or uploaded in parts',
		advice:
			'With Skip Existing Results, the same image would be stored and billed again under a new number each time. Choose Overwrite or Fail, or switch Skip Existing Results off.',
	},
	loopOverwrites: {
		message: 'is on in "<node>", so each repaired image would be a changed one and found again',
		advice:
			'It would be repaired and billed at every poll, without end. Switch Overwrite Original off there, so that results have keys of their own.',
	},
	loopResultKey: {
		message: '"<template>" of "<node>" stores images that this trigger would find again',
		advice:
			'They would be repaired and billed at every poll, without end. Switch Ignore Repaired Images on in the trigger and add this Result Key to Result Keys to Ignore there, or store results outside of Folder.',
	},
	loopOriginal: {
		message: '"<key>" is where "<node>" uploads images, and this trigger would find them again',
		advice:
			'They would be repaired and billed at every poll, without end. Upload to a key outside of Folder. To repair an image that is in the bucket already, use the mode Repair Image in Bucket.',
	},
	foundAgainOverwritten: {
		message: 'is on, so the trigger "<trigger>" would find "<key>" again as a changed image',
		advice: `${WITHOUT_END} Nothing was sent. Switch Overwrite Original off, so that results have keys of their own.`,
	},
	foundAgainResult: {
		message: '"<key>" is a key that the trigger "<trigger>" would find as a new image',
		advice: `${WITHOUT_END} Nothing was sent. To keep results from being found, ${IGNORE_RESULTS}.`,
	},
	foundAgainOriginal: {
		message: '"<key>" is a key that the trigger "<trigger>" would find as a new image',
		advice: `${WITHOUT_END} Nothing was sent. Upload to a key outside of the trigger’s Folder. To repair an image that is in the bucket already, use the mode Repair Image in Bucket.`,
	},
	stoppedGrowing: {
		message:
			'gave "<first>", after that "<second>", and now has "<third>": results seem to be found as new images',
		advice: `${STAYS_STOPPED} To keep results from being found, ${IGNORE_RESULTS}. If they are images of your own, rename them.`,
	},
	stoppedRepeating: {
		message:
			'gave "<key>" <times> times, changed each time: "<node>" seems to store its results there',
		advice: `${STAYS_STOPPED} In that node, store results under keys of their own. To keep results from being found, ${IGNORE_RESULTS}.`,
	},
} as const satisfies Readonly<Record<ParameterReason, Message>>;
