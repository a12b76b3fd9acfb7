import type { PolicyDocument } from '../../../dev/sandbox/permissions/policy';
import { fencedBlocksOf, sections } from './markdown';

/** The policies on the page for users, by the mode of their section. */
export const POLICIES: ReadonlyMap<string, readonly PolicyDocument[]> = new Map(
	[...sections('docs/permissions.md')]
		.map(([heading, text]): [string, PolicyDocument[]] => [
			heading,
			fencedBlocksOf(text, 'json').map((json) => JSON.parse(json) as PolicyDocument),
		])
		.filter(([, policies]) => policies.length > 0),
);
