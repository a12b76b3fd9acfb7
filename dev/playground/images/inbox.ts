import { createHash } from 'node:crypto';
import { formatOfFileName } from '../../../cos';
import { DEFAULT_RESULT_KEY, fillResultKey, keyParts } from '../../../nodes/shared/resultKey';
import type { SpawnedSandbox } from '../../sandbox/spawn';
import { judge } from './judge';

/** An object in the bucket, by its key and the MD5 of its bytes. */
interface Version {
	readonly key: string;
	readonly md5: string;
}

/** An image, and what the examples have made of it. */
export interface InboxImage extends Version {
	readonly repaired?: Version;
}

export interface Added {
	readonly key: string;
	/** What its owner should know, as sentences. */
	readonly notes: readonly string[];
}

type Bucket = Pick<SpawnedSandbox, 'remainingVersions' | 'getObject' | 'putObject'>;

/** The folder that the examples read, without its subfolders. */
export const INBOX = 'inbox/';

/** Where the examples store the repaired image. */
const repairedKey = (key: string) => keyParts(key).folder + fillResultKey(DEFAULT_RESULT_KEY, key);

/** `photo.jpg`, then `photo (2).jpg` and so on, as file managers number. */
function* numbered(fileName: string): Generator<string, never> {
	yield fileName;
	const { name, extension } = keyParts(fileName);
	for (let number = 2; ; number++) yield `${name} (${number})${extension}`;
}

/** The images that the examples work on. */
export class Inbox {
	private last: Promise<unknown> = Promise.resolve();

	constructor(private readonly bucket: Bucket) {}

	private async versions(): Promise<Map<string, string>> {
		const versions = await this.bucket.remainingVersions();
		return new Map(
			versions.flatMap(({ key, md5, isLatest }) => {
				const isHere = key.startsWith(INBOX) && !key.slice(INBOX.length).includes('/');
				const isImage = formatOfFileName(key) !== undefined;
				return isLatest && md5 !== null && isHere && isImage ? [[key, md5] as const] : [];
			}),
		);
	}

	/** All images, by their keys; one that was made of another is with that one. */
	async list(): Promise<InboxImage[]> {
		const versions = await this.versions();
		const results = new Set([...versions.keys()].map(repairedKey));
		return [...versions].flatMap(([key, md5]) => {
			if (results.has(key)) return [];
			const made = versions.get(repairedKey(key));
			return [
				{ key, md5, ...(made !== undefined && { repaired: { key: repairedKey(key), md5: made } }) },
			];
		});
	}

	/** The bytes of an image; undefined if there is none of this key. */
	async read(key: string): Promise<Buffer | undefined> {
		return (await this.versions()).has(key) ? await this.bucket.getObject(key) : undefined;
	}

	/**
	 * Stores a file under its own name. One of that name that is there already stays: the same image is
	 * not stored again, and another one gets a number.
	 *
	 * @throws Refused for a file that the node would refuse
	 */
	async add(given: string, bytes: Buffer): Promise<Added> {
		const { fileName, contentType, notes } = judge(given, bytes);
		const md5 = createHash('md5').update(bytes).digest('hex');
		// One at a time: two files of one name would both find it free.
		const added = this.last.then(async (): Promise<Added> => {
			const versions = await this.versions();
			for (const name of numbered(fileName)) {
				const key = INBOX + name;
				const there = versions.get(key);
				if (there === md5) {
					return { key, notes: [...notes, 'The same image was there already.'] };
				}
				if (there !== undefined) continue;
				await this.bucket.putObject(key, bytes, contentType);
				if (name === fileName) return { key, notes };
				const taken = `Another image is called ${fileName}, so this one is called ${name}.`;
				return { key, notes: [...notes, taken] };
			}
			throw new Error('There is always a free number.');
		});
		this.last = added.catch(() => undefined);
		return await added;
	}
}
