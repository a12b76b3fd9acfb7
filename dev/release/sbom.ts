/** The software bill of materials: which libraries are inside the package. */
import { Enums, Models, Serialize, Spec, SPDX } from '@cyclonedx/cyclonedx-library';
import { createHash } from 'node:crypto';

import type { BundledLibrary } from './bundled';

/** What package.json says of the package. */
export interface Package {
	name: string;
	version: string;
	license: string;
	description: string;
	homepage: string;
	repository: { url: string };
}

/** What package-lock.json says of installed libraries, by their folders from the root. */
export interface Lock {
	packages: Record<string, { integrity?: string } | undefined>;
}

/** The address of a package among all kinds of packages: https://github.com/package-url/purl-spec. */
const purl = (name: string, version: string) =>
	`pkg:npm/${name.replace('@', '%40')}@${encodeURIComponent(version)}`;

function licenseOf(license: string): Models.License {
	return SPDX.isSupportedSpdxId(license)
		? new Models.SpdxLicense(license)
		: new Models.LicenseExpression(license);
}

interface Described {
	name: string;
	version: string;
	license: string;
}

function component({ name, version, license }: Described): Models.Component {
	const [, group, ownName = name] = /^(@[^/]+)\/(.+)$/.exec(name) ?? [];
	const address = purl(name, version);
	return new Models.Component(Enums.ComponentType.Library, ownName, {
		group,
		version,
		purl: address,
		bomRef: address,
		licenses: new Models.LicenseRepository([licenseOf(license)]),
	});
}

/** `sha512-<Base64>`, as npm writes checksums, for a bill of materials. */
function hashesOf(integrity: string): Models.HashDictionary {
	const [, digest] = /^sha512-([A-Za-z0-9+/]{86}==)$/.exec(integrity) ?? [];
	if (digest === undefined) throw new Error(`"${integrity}" is not the checksum of a package.`);
	return new Models.HashDictionary([
		[Enums.HashAlgorithm['SHA-512'], Buffer.from(digest, 'base64').toString('hex')],
	]);
}

/** Where package-lock.json has a library. Its folder may be linked to from the root. */
const placeInLock = (folder: string) =>
	folder.replaceAll('\\', '/').replace(/^.*?\/(?=node_modules\/)/, '');

function libraryComponent(library: BundledLibrary, lock: Lock): Models.Component {
	const integrity = lock.packages[placeInLock(library.folder)]?.integrity;
	if (integrity === undefined) {
		throw new Error(`package-lock.json has no checksum of ${library.name} ${library.version}.`);
	}
	const listed = component(library);
	listed.scope = Enums.ComponentScope.Required;
	listed.hashes = hashesOf(integrity);
	return listed;
}

/**
 * A bill of materials in CycloneDX's JSON. The checksum of a library is that of the package from
 * which the build took a part. The same package always gives the same text: no time, no random number.
 *
 * @param about package.json
 * @param tarball what is published, whose checksum ties the bill to it
 * @param libraries that the build has put into it
 */
export function billOfMaterials(
	about: Package,
	tarball: Uint8Array,
	libraries: readonly BundledLibrary[],
	lock: Lock,
): string {
	const subject = component(about);
	subject.description = about.description;
	subject.hashes.set(
		Enums.HashAlgorithm['SHA-512'],
		createHash('sha512').update(tarball).digest('hex'),
	);
	for (const [type, url] of [
		[Enums.ExternalReferenceType.VCS, about.repository.url],
		[Enums.ExternalReferenceType.Website, about.homepage],
	] as const) {
		subject.externalReferences.add(new Models.ExternalReference(url, type));
	}
	// By name and version, of which a bill may hold one: npm sometimes installs a library twice.
	const byName = new Map(libraries.map((one) => [purl(one.name, one.version), one]));
	const components = [...byName.values()].map((library) => libraryComponent(library, lock));
	for (const { bomRef } of components) subject.dependencies.add(bomRef);
	const bom = new Models.Bom({
		metadata: new Models.Metadata({ component: subject }),
		components: new Models.ComponentRepository(components),
	});
	const normalizers = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
	return `${new Serialize.JsonSerializer(normalizers).serialize(bom, { sortLists: true, space: 2 })}\n`;
}
