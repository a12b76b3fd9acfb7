import { formatOfFileName, readImage, REPAIRABLE_FORMATS } from '../../../cos';
import { printableName, storedFileName } from '../../../nodes/ImageRepair/fileName';
import { checkFile, checkSize, knownOf, warningsOf } from '../../../nodes/ImageRepair/imageCheck';
import { explainInvalid } from '../../../nodes/shared/explainInvalid';
import { InvalidParameter } from '../../../nodes/shared/invalidParameter';
import type { ParameterReason } from '../../../nodes/shared/messages';
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

const formatNames = new Intl.ListFormat('en-GB').format(REPAIRABLE_FORMATS.map(({ name }) => name));
/** What to do here about what the node advises on for a workflow. */
const ADVICE: Partial<Record<ParameterReason, string>> = {
	binaryEmpty: 'Get it again from where it comes from.',
	binaryNotImage: `The node repairs ${formatNames} images.`,
};

/** The sandbox decodes none of these for a repair. */
const ONLY_STORED = new Set(['HEIF', 'AVIF', 'TIFF']);

/** The last part of a name that may be a path, as it can be shown. */
function shownName(given: string): string {
	const last = given.split(/[/\\]/).at(-1) ?? '';
	return printableName(last);
}

/** Runs a check of the node, and tells in its words what it refuses. */
function asRefusal<T>(check: () => T): T {
	try {
		return check();
	} catch (error) {
		const explained = explainInvalid(error);
		if (!explained) throw error;
		const advice = error instanceof InvalidParameter ? ADVICE[error.reason] : undefined;
		// The checks name a parameter first; here is none.
		throw new Refused(`${explained.message.trim()}. ${advice ?? explained.advice}`);
	}
}

/**
 * @param size of the whole file, in bytes, of which not all needs to be there
 * @throws Refused for a file that is empty or too large
 */
export function judgeSize(given: string, size: number): void {
	asRefusal(() => checkSize('', shownName(given), size));
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
	judgeSize(given, bytes.length);
	const facts = asRefusal(() => checkFile('', shownName(given), readImage(bytes) ?? bytes, ''));
	const known = knownOf(facts);
	const fileName = storedFileName(given, facts.format);
	return { fileName, contentType: facts.format.mimeType, notes: notesOf(given, fileName, known) };
}
