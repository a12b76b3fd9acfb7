import { existsSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import sharp from 'sharp';

import { readIdentity } from '../../../dev/release/identity';
import { anchors, PAGES, readPage, ROOT, targets } from './markdown';

const { picker } = readIdentity(JSON.parse(readPage('package.json')));

const isExternal = (target: string) => /^[a-z]+:/i.test(target);

/** The path of a target from the root of the repository, and its anchor. */
function resolved(page: string, target: string): { path: string; anchor?: string } {
	const [path = '', anchor] = target.split('#');
	return { path: path === '' ? page : posix.join(dirname(page), decodeURI(path)), anchor };
}

const links = PAGES.flatMap((page) => targets(page).map((target) => ({ page, target })));
const internal = links.filter(({ target }) => !isExternal(target));

test('there are links to check', () => {
	expect(internal.length).toBeGreaterThan(30);
});

test.each(internal)('$page: the target of $target exists', ({ page, target }) => {
	const { path, anchor } = resolved(page, target);
	expect(existsSync(join(ROOT, path))).toBe(true);
	if (anchor !== undefined) expect(anchors(path)).toContain(anchor);
});

/** Tests send no requests to the internet, so they can only notice a mistyped host. */
const HOSTS = [
	'cloud.tencent.com',
	'console.tencentcloud.com',
	'github.com',
	new URL(picker).host,
	'keepachangelog.com',
	'n8n.io',
	'docs.n8n.io',
	'docs.npmjs.com',
	'semver.org',
	'www.tencentcloud.com',
];

test('external links use https and known hosts', () => {
	for (const { target } of links.filter((link) => isExternal(link.target))) {
		const { protocol, host } = new URL(target);
		expect([protocol, HOSTS.includes(host) ? 'known' : host]).toEqual(['https:', 'known']);
	}
});

const images = internal.filter(({ target }) => /\.(png|jpg|webp|gif)$/.test(target));

test.each(images)(
	'$page: the image $target is large enough to be seen',
	async ({ page, target }) => {
		const { width, height } = await sharp(join(ROOT, resolved(page, target).path)).metadata();
		expect(Math.min(width, height)).toBeGreaterThan(100);
	},
);
