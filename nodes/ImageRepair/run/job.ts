import { createHash } from 'crypto';

/** An object of a bucket, by its place: `<bucket>/<key>`. */
export type Place = string;

/** A file that a job is about. */
export interface JobFile {
	/** Two files with the same one are the same; the same file may have several. */
	readonly identity: string;
	/** Bytes. */
	readonly size: number;
	readonly md5: () => Promise<string>;
}

/** What an item asks for, in a form that tells whether two items ask for the same. */
export interface Job {
	/** What is repaired and where the logo is, as text; files are left out. */
	readonly asked: string;
	/** The same, where the results go, and how an upload is stored. */
	readonly whole: string;
	/** The files it is about: the image to upload, and masks. */
	readonly files: readonly JobFile[];
	/** Objects that the repair reads. */
	readonly reads: readonly Place[];
	/** Objects that it stores, and the label of the parameter that names each. */
	readonly writes: ReadonlyMap<Place, string>;
}

async function isSameFile(one: JobFile, other: JobFile): Promise<boolean> {
	if (one.identity === other.identity) return true;
	return one.size === other.size && (await one.md5()) === (await other.md5());
}

/** Whether two items ask for the same, by the bytes of their files. */
export async function isSameJob(one: Job, other: Job): Promise<boolean> {
	if (one.whole !== other.whole || one.files.length !== other.files.length) return false;
	for (const [index, file] of one.files.entries()) {
		const counterpart = other.files[index];
		if (!counterpart || !(await isSameFile(file, counterpart))) return false;
	}
	return true;
}

function digest(text: string, files: readonly JobFile[]): string {
	const identities = files.map(({ identity }) => identity);
	return createHash('sha256')
		.update(JSON.stringify([text, identities]))
		.digest('base64url');
}

/** Short names for a job, the same whenever it is run; a file is taken by n8n's name for it. */
export function digestsOf({ asked, whole, files }: Job): { asked: string; whole: string } {
	return { asked: digest(asked, files), whole: digest(whole, files) };
}
