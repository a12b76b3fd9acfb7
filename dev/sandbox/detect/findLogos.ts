import type { FoundLogo } from '../http/found';
import type { SourceFormat } from '../repair/formats';
import type { LogoFile } from './logoThread';

export async function findLogos(
	_source: Buffer,
	_format: SourceFormat,
	_logos: readonly LogoFile[],
): Promise<FoundLogo[]> {
	return await Promise.resolve([]);
}
