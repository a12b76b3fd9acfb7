'use strict';

/**
 * Who publishes: package.json says it once, in `repository`, and everything else follows from it.
 *
 * @typedef {object} Identity
 * @property {string} owner account or organization on GitHub
 * @property {string} repository name of the repository
 * @property {string} homepage of the repository, which links begin with
 * @property {string} picker address at which GitHub Pages serves docs/picker/
 */

const REPOSITORY =
	/^(?:git\+)?https:\/\/github\.com\/(?<owner>[A-Za-z0-9-]+)\/(?<repository>[\w.-]+?)(?:\.git)?$/;

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {unknown}
 */
const field = (value, name) =>
	typeof value === 'object' && value !== null
		? /** @type {Record<string, unknown>} */ (value)[name]
		: undefined;

/**
 * @param {unknown} packageJson as parsed
 * @returns {Identity}
 * @throws Error when `repository` does not name a repository on GitHub
 */
function readIdentity(packageJson) {
	const written = field(packageJson, 'repository');
	const url = typeof written === 'string' ? written : field(written, 'url');
	const { owner, repository } = REPOSITORY.exec(typeof url === 'string' ? url : '')?.groups ?? {};
	if (owner === undefined || repository === undefined) {
		throw new Error(
			`package.json: "repository" must have a URL such as git+https://github.com/owner/name.git, not ${url === undefined ? 'nothing' : JSON.stringify(url)}.`,
		);
	}
	return {
		owner,
		repository,
		homepage: `https://github.com/${owner}/${repository}`,
		picker: `https://${owner.toLowerCase()}.github.io/${repository}/picker/`,
	};
}

/**
 * Whether nobody publishes yet. GitHub gives no name that begins with a hyphen, so no stranger can
 * take the place that the links of a placeholder lead to.
 *
 * @param {string} owner
 */
const isPlaceholder = (owner) => owner.startsWith('-');

module.exports = { isPlaceholder, readIdentity };
