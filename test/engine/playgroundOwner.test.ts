import { chmod, copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { keepOwner, keptOwner, newOwner, passwordFile } from '../../dev/playground/owner';

/** The password with which one signs in to the n8n of a playground. */

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'image-repair-owner-'))));
afterEach(async () => await rm(folder, { recursive: true, force: true }));

/** Windows has no modes of this kind. */
const modeOf = async (file: string) =>
	process.platform === 'win32' ? 0o600 : (await stat(file)).mode & 0o777;

test('every folder has another password, which n8n takes', () => {
	const passwords = Array.from({ length: 500 }, () => newOwner().password);
	expect(new Set(passwords).size).toBe(500);
	for (const password of passwords) {
		// What n8n asks for: 8 to 64 characters with a capital and a digit.
		expect(password).toMatch(/^(?=.*[A-Z])(?=.*\d)[A-Za-z2-9-]{19}$/);
		// Letters and digits that look like others.
		expect(password).not.toMatch(/[0O1lI]/);
	}
	// No place holds the same, so none is made up after a pattern.
	const places = Array.from(
		{ length: 19 },
		(_, at) => new Set(passwords.map((one) => one[at])).size,
	);
	expect(places.map((count) => count > 30)).toEqual(places.map((_, at) => at % 5 !== 4));
});

test('the next start continues with the same password', async () => {
	const owner = newOwner();
	await keepOwner(folder, owner);
	expect(await keptOwner(folder)).toEqual(owner);
	expect(await readFile(passwordFile(folder), 'utf8')).toBe(`${owner.password}\n`);
});

test('a folder without a password has no owner yet', async () => {
	expect(await keptOwner(folder)).toBeUndefined();
	// As after a crash while it was written.
	await writeFile(passwordFile(folder), '\n');
	expect(await keptOwner(folder)).toBeUndefined();
});

test('nobody else on the machine can read it, also where it could be read before', async () => {
	const file = passwordFile(folder);
	await keepOwner(folder, newOwner());
	expect(await modeOf(file)).toBe(0o600);

	await chmod(file, 0o644);
	await keptOwner(folder);
	expect(await modeOf(file)).toBe(0o600);

	await rm(file);
	await writeFile(`${file}.other`, 'x', { mode: 0o644 });
	await copyFile(`${file}.other`, file);
	await keepOwner(folder, newOwner());
	expect(await modeOf(file)).toBe(0o600);
});
