import {
	formatOfFileName,
	kindOfFile,
	MAX_SOURCE_BYTES,
	readImage,
	REPAIRABLE_FORMATS,
} from '../../../cos';
import { storedFileName } from '../../../nodes/ImageRepair/fileName';
import { checkLimits, knownOf, warningsOf } from '../../../nodes/ImageRepair/imageCheck';
import { explainInvalid, InvalidParameter } from '../../../nodes/shared/invalidParameter';
import { keyParts } from '../../../nodes/shared/resultKey';

/** What the bucket is to keep of a file, and what its owner should know. */
export interface Judged {
	/** With the extension of its bytes. */
	readonly fileName: string;
	readonly contentType: string;
	/** Sentences. */
	readonly notes: readonly string[];
}

/** A file that the node would refuse. The message says so, and what to do. */
export class Refused extends Error {}

const MEGABYTE = 1024 * 1024;
const LONGEST_NAME = 80;

const formatNames = new Intl.ListFormat('en-GB').format(REPAIRABLE_FORMATS.map(({ name }) => name));
const NO_IMAGE = `The node repairs ${formatNames} images.`;
const EMPTY = 'Get it again from where it comes from.';

/** The sandbox decodes none of these for a repair. */
const ONLY_STORED = new Set(['HEIF', 'AVIF', 'TIFF']);

/** The last part of a name that may be a path, as it can be shown. */
function shownName(given: string): string {
	const last = given.split(/[/\\]/).at(-1) ?? '';
	const printable = last.replace(/\p{C}/gu, '');
	return printable.length > LONGEST_NAME ? `${printable.slice(0, LONGEST_NAME)}…` : printable;
}

/** Runs a check of the node, and tells in its words what it refuses. */
function asRefusal<T>(check: () => T, advice?: string): T {
	try {
		return check();
	} catch (error) {
		const explained = explainInvalid(error);
		if (!explained) throw error;
		// The checks name a parameter first; here is none.
		throw new Refused(`${explained.message.trim()}. ${advice ?? explained.advice}`);
	}
}

/**
 * @param size of the whole file, in bytes, of which not all needs to be there
 * @throws Refused for a file that is too large
 */
export function checkSize(given: string, size: number): void {
	if (size <= MAX_SOURCE_BYTES) return;
	asRefusal(() => {
		const [megabytes, limit] = [(size / MEGABYTE).toFixed(1), MAX_SOURCE_BYTES / MEGABYTE];
		const field = shownName(given);
		throw new InvalidParameter('', 'binaryTooLarge', { field, megabytes, limit });
	});
}

function calledNow(given: string, fileName: string, formatName: string): string {
	const isOfFormat = formatOfFileName(given)?.name === formatName;
	return `It is called ${fileName} in the bucket${isOfFormat ? '' : `, because it is a ${formatName}`}.`;
}

function notesOf(given: string, fileName: string, known: ReturnType<typeof knownOf>): string[] {
	const { formatName = '', frames = 1 } = known;
	return [
		...(fileName === shownName(given) ? [] : [calledNow(given, fileName, formatName)]),
		...(frames > 1
			? [
					`It is an animation of ${frames} frames: the node refuses it unless Allow Animated is on, and one frame comes back.`,
				]
			: []),
		...(keyParts(fileName).name.endsWith('-repaired')
			? ['The lists of the node leave out names that end in "-repaired": its results have them.']
			: []),
		...warningsOf({ formatName }),
		...(ONLY_STORED.has(formatName)
			? [`The bucket on this machine cannot repair ${formatName} images.`]
			: []),
	];
}

/**
 * Holds a file against what the node and the service ask of an image, with the node's own checks.
 *
 * @param given its name, by whoever gives it
 * @throws Refused for a file that the node would refuse
 */
export function judge(given: string, bytes: Buffer): Judged {
	checkSize(given, bytes.length);
	const field = shownName(given);
	asRefusal(() => {
		if (bytes.length === 0) throw new InvalidParameter('', 'binaryEmpty', { field });
	}, EMPTY);
	const facts = asRefusal(() => {
		const read = readImage(bytes);
		if (read) return read;
		throw new InvalidParameter('', 'binaryNotImage', { field, kind: kindOfFile(bytes), named: '' });
	}, NO_IMAGE);
	const known = knownOf(facts);
	asRefusal(() => {
		if (facts.end === 'missing') {
			throw new InvalidParameter('', 'binaryCut', { field, format: facts.format.name });
		}
		checkLimits('', field, known);
	});
	const fileName = storedFileName(given, facts.format);
	return { fileName, contentType: facts.format.mimeType, notes: notesOf(given, fileName, known) };
}
