/**
 * An `UploadResult` with one result.
 *
 * @param key as XML, of the source and of the result
 * @param object further nodes of the result
 */
export function uploadResult(key: string, object = ''): string {
	return `<UploadResult><OriginalInfo><Key>${key}</Key><Location>h/${key}</Location></OriginalInfo><ProcessResults><Object><Key>${key}</Key><Location>h/${key}</Location>${object}</Object></ProcessResults></UploadResult>`;
}
