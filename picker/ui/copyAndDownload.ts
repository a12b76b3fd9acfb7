export function download(content: Blob, name: string): void {
	const url = URL.createObjectURL(content);
	const link = document.createElement('a');
	link.href = url;
	link.download = name;
	link.click();
	// Some browsers lose the download if the URL is revoked at once.
	setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** @returns whether the browser allowed it */
export async function copy(text: string): Promise<boolean> {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		return false;
	}
}

/** A file name without its extension. */
export function baseName(name: string): string {
	return name.replace(/\.[^.]+$/, '');
}
