import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { PACKAGE_NAME } from '../packageNames';
import { readIdentity } from '../release/identity';

const ROOT = join(__dirname, '../..');
const PACKAGE = 'package.json';
/** n8n wants this address typed out. */
const CREDENTIAL = 'credentials/TencentCloudInfiniteApi.credentials.ts';

const listed = (folder: string, recursive = true) =>
	readdirSync(join(ROOT, folder), { recursive, encoding: 'utf8' })
		.map((name) => join(folder, name))
		.filter((name) => /\.(?:md|yml|json)$/.test(name));

/**
 * A text with the addresses of the repository that `packageJson` names in `repository`, in place of those of any
 * repository under the name of the package, as it began and as it is forked.
 */
export function withAddresses(text: string, packageJson: unknown): string {
	const { homepage, repository, picker } = readIdentity(packageJson);
	const name = `(?:${PACKAGE_NAME}|${repository.replaceAll('.', '\\.')})(?![\\w-])`;
	return text
		.replace(new RegExp(`https://github\\.com/[\\w-]+/${name}`, 'g'), homepage)
		.replace(new RegExp(`https://[\\w-]+\\.github\\.io/${name}/picker/`, 'g'), picker);
}

/** The files with such addresses: as they are, and as they have to be. */
export function addressedFiles(): Array<{ file: string; now: string; then: string }> {
	const packageJson: unknown = JSON.parse(readFileSync(join(ROOT, PACKAGE), 'utf8'));
	return [
		CREDENTIAL,
		...listed('.', false),
		...['docs', 'cos', '.github', 'examples'].flatMap((name) => listed(name)),
	].map((file) => {
		const now = readFileSync(join(ROOT, file), 'utf8');
		return { file, now, then: withAddresses(now, packageJson) };
	});
}
