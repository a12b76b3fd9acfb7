/** What stands under one heading of the changelog. */
export interface ChangelogSection {
	/** As in `## [1.0.0] - 2026-11-24`; undefined for Unreleased. */
	date?: string;
	/** Markdown without the heading. */
	notes: string;
}

const HEADING = /^## \[(?<name>[^\]]+)\](?: - (?<date>\d{4}-\d{2}-\d{2}))?$/;
const LINK = /^\[[^\]]+\]: /;

/** Reads a changelog in the form of Keep a Changelog: its sections by version, links left out. */
export function readChangelog(text: string): Map<string, ChangelogSection> {
	const sections = new Map<string, ChangelogSection>();
	let current: ChangelogSection | undefined;
	for (const line of text.split('\n')) {
		const heading = HEADING.exec(line)?.groups;
		if (heading?.name !== undefined) {
			current = { date: heading.date, notes: '' };
			sections.set(heading.name, current);
		} else if (current && !LINK.test(line)) {
			current.notes += `${line}\n`;
		}
	}
	for (const section of sections.values()) section.notes = section.notes.trim();
	return sections;
}

/**
 * The notes of the release that a tag stands for.
 *
 * @param tag such as v1.0.0
 * @param version of package.json
 * @param changelog text of CHANGELOG.md
 * @throws Error when tag, version and changelog do not tell of the same release
 */
export function releaseNotes(tag: string, version: string, changelog: string): string {
	if (tag !== `v${version}`) {
		throw new Error(`The tag is ${tag}, and package.json has the version ${version}.`);
	}
	const sections = readChangelog(changelog);
	const section = sections.get(version);
	if (!section?.date || section.notes === '') {
		throw new Error(`CHANGELOG.md has no section "## [${version}] - <date>" with a text.`);
	}
	if (sections.get('Unreleased')?.notes) {
		throw new Error(`CHANGELOG.md still has lines under Unreleased: move them to ${version}.`);
	}
	return section.notes;
}
