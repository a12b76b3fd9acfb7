import { homepage } from '../../package.json';

/** The area picker, as GitHub Pages serves it from the repository that package.json names. */
export const AREA_PICKER = homepage.replace(
	/^https:\/\/github\.com\/([^/]+)\/(.+)$/,
	(_, owner: string, repository: string) =>
		`https://${owner.toLowerCase()}.github.io/${repository}/picker/`,
);
