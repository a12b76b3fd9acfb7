import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';

const ROOT = join(__dirname, '../../..');
const FOLDERS = ['cos', 'credentials', 'nodes', 'picker', 'dev', 'test'];

function sources(folder: string): string[] {
	return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => /\.tsx?$/.test(name))
		.map((name) => posix.join(folder, name.replaceAll('\\', '/')));
}

const files = FOLDERS.flatMap(sources);
const known = new Set(files);

/** The path of an imported file from the root of the repository; undefined for a package. */
function resolved(file: string, target: string): string | undefined {
	if (!target.startsWith('.')) return undefined;
	const path = relative(ROOT, join(ROOT, dirname(file), target.replace(/\.js$/, '')));
	return [`${path}.ts`, `${path}.tsx`, `${path}/index.ts`].find((one) => known.has(one));
}

const imports = new Map(
	files.map((file) => {
		const text = readFileSync(join(ROOT, file), 'utf8');
		const targets = [...text.matchAll(/(?:from|import|import\()\s*'([^']+)'/g)];
		return [file, targets.flatMap(([, target = '']) => resolved(file, target) ?? [])] as const;
	}),
);

/** The first path of imports that leads from a file back to itself. */
function cycleFrom(start: string): string[] | undefined {
	const seen = new Set<string>();
	const walk = (file: string, path: readonly string[]): string[] | undefined => {
		for (const next of imports.get(file) ?? []) {
			if (next === start) return [...path, next];
			if (seen.has(next)) continue;
			seen.add(next);
			const found = walk(next, [...path, next]);
			if (found) return found;
		}
		return undefined;
	};
	return walk(start, [start]);
}

test('there are no import cycles', () => {
	expect(files.length).toBeGreaterThan(200);
	expect(files.map(cycleFrom).filter((cycle) => cycle !== undefined)).toEqual([]);
});

/** What the files of a folder may import; see docs/architecture.md. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
	'cos/': ['cos/'],
	'credentials/': ['credentials/', 'cos/', 'nodes/shared/'],
	'nodes/shared/': ['nodes/shared/', 'cos/', 'credentials/'],
	'nodes/ImageRepair/': ['nodes/ImageRepair/', 'nodes/shared/', 'cos/', 'credentials/'],
	'nodes/ImageRepairTrigger/': [
		'nodes/ImageRepairTrigger/',
		'nodes/ImageRepair/parameters/',
		'nodes/shared/',
		'cos/',
		'credentials/',
	],
	// The page shows the messages of the node, and reads rectangles like the node.
	'picker/': [
		'picker/',
		'cos/',
		'nodes/shared/inputMessages.ts',
		'nodes/shared/explainInvalid.ts',
		'nodes/ImageRepair/parameters/rectangles.ts',
	],
	'dev/sandbox/': ['dev/sandbox/'],
};

test.each(Object.entries(ALLOWED))('%s imports only from %j', (folder, allowed) => {
	const own = files.filter((file) => file.startsWith(folder));
	expect(own.length).toBeGreaterThan(0);
	const forbidden = own.flatMap((file) =>
		(imports.get(file) ?? [])
			.filter((target) => !allowed.some((start) => target.startsWith(start)))
			.map((target) => `${file} → ${target}`),
	);
	expect(forbidden).toEqual([]);
});
