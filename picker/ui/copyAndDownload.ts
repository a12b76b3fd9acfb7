/** Gives a file to the user. */
export function download(content: Blob, name: string): void {
	const address = URL.createObjectURL(content);
	const link = document.createElement('a');
	link.href = address;
	link.download = name;
	link.click();
	// The browser has taken it by then; without a pause some lose it.
	setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Puts text on the clipboard. @returns whether the browser let it */
export async function copy(text: string): Promise<boolean> {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		return false;
	}
}

/** A file's name without its ending. */
export function stem(name: string): string {
	return name.replace(/\.[^.]+$/, '');
}
