import { randomInt } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The owner's account of an n8n. */
export interface Owner {
	readonly email: string;
	readonly password: string;
	readonly firstName: string;
	readonly lastName: string;
}

/** Without the letters and digits that look like others. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789';

/** A password that n8n takes: it asks for a capital and a digit. Easy to type: `k3Qx-9aZp-Bm4t-Wd7h`. */
function newPassword(): string {
	for (;;) {
		const letters = Array.from({ length: 16 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
		const password = letters.replace(/.{4}(?=.)/g, '$&-');
		if (/[A-Z]/.test(password) && /\d/.test(password)) return password;
	}
}

/** An owner with a password that nobody else has. */
export function newOwner(password = newPassword()): Owner {
	return { email: 'you@example.com', password, firstName: 'Play', lastName: 'Ground' };
}

/** Where a playground keeps the password of its owner, which it shows at each start. */
export const passwordFile = (folder: string) => join(folder, 'owner-password');

/** The owner whose password is kept in a folder; undefined if none is. */
export async function keptOwner(folder: string): Promise<Owner | undefined> {
	const file = passwordFile(folder);
	const password = await readFile(file, 'utf8').catch(() => '');
	if (password.trim() === '') return undefined;
	// It may have been copied without its mode.
	await chmod(file, 0o600);
	return newOwner(password.trim());
}

/** Keeps the password of an owner in a folder, for the eyes of whoever started this. */
export async function keepOwner(folder: string, { password }: Owner): Promise<void> {
	const file = passwordFile(folder);
	await writeFile(file, `${password}\n`, { mode: 0o600 });
	await chmod(file, 0o600);
}
