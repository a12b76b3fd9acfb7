import * as http from 'node:http';

import type { EndlessList } from '../../../dev/sandbox/http/exchange';
import type { Fault } from '../../../dev/sandbox/faults/faultRules';
import { spawnSandbox, type SpawnedSandbox } from '../../../dev/sandbox/spawn';
import { boxPolygon, markedImage } from './image';
import { send, type RawRequest, type RawResponse } from './send';
import { signedFor } from './signed';

const OTHER = 'other-1250000000';
const HOSTS = {
	main: 'examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com',
	other: `${OTHER}.cos.ap-guangzhou.myqcloud.com`,
};

let sandbox: SpawnedSandbox;
let image: Buffer;

beforeAll(async () => {
	sandbox = await spawnSandbox({ quick: true, buckets: [OTHER] });
	image = await markedImage();
});
afterAll(() => sandbox.close());
beforeEach(async () => {
	await sandbox.clearFaults();
	await sandbox.deleteObjects();
	await sandbox.putObject('a b.png', image, 'image/png');
	await sandbox.resetLedger();
	await sandbox.resetCalls();
});

const signed = (method: string, target: string, given?: Record<string, string>): RawRequest =>
	signedFor(sandbox, method, target, given);
const rule = `ci-process=ImageRepair&MaskPoly=${boxPolygon}`;
const info = () => signed('GET', '/a b.png?imageInfo');
const download = () => signed('GET', `/a b.png?${rule}`);
const cloud = (...rules: ReadonlyArray<readonly [fileid: string, bucket?: string]>) =>
	signed('POST', '/a b.png?image_process', {
		'Pic-Operations': JSON.stringify({
			rules: rules.map(([fileid, bucket]) => ({ bucket, fileid, rule })),
		}),
		'Content-Length': '0',
	});
const encoded = (request: RawRequest): RawRequest => ({
	...request,
	target: request.target.replace(' ', '%20'),
});

async function responseTo(request: RawRequest, fault: Fault): Promise<RawResponse> {
	await sandbox.setFaults([{ fault }]);
	return await send(sandbox.url, encoded(request));
}
const lastEntry = async () => (await sandbox.ledger()).calls.at(-1);
/** The texts of all elements with this name. */
const texts = (xml: string, name: string) =>
	[...xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))].map(([, text = '']) => text);

describe('X-ErrNo', () => {
	it('of a status stands beside an empty body, and is a refusal', async () => {
		const fault = { fault: 'status', status: 403, errNo: -164, body: 'empty' } as const;
		const response = await responseTo(download(), fault);
		expect([response.status, response.headers['x-errno'], response.body.length]).toEqual([
			403,
			'-164',
			0,
		]);
		expect(await lastEntry()).toMatchObject({ answered: 'refused', code: '', billed: false });
	});

	it('stands beside an error document that says something else', async () => {
		const response = await responseTo(download(), {
			...({ fault: 'status', status: 404, code: 'NoSuchKey' } as const),
			errNo: -46614,
		});
		expect([response.headers['x-errno'], response.code]).toEqual(['-46614', 'NoSuchKey']);
	});

	it('from a gateway without a request ID is no refusal of the service', async () => {
		await responseTo(download(), {
			...({ fault: 'status', status: 403, body: 'html' } as const),
			errNo: -164,
			requestId: false,
		});
		expect(await lastEntry()).toMatchObject({ answered: 'fault', named: false });
	});

	it('is not sent unless asked for', async () => {
		const response = await responseTo(download(), { fault: 'status', status: 403 });
		expect(response.headers['x-errno']).toBeUndefined();
	});

	it('can be added to a right response with status 200', async () => {
		const headers = { 'X-ErrNo': '-108' };
		const response = await responseTo(download(), { fault: 'headers', headers });
		expect([response.status, response.headers['x-errno']]).toEqual([200, '-108']);
		expect(response.headers['content-type']).toBe('image/png');
		expect(await lastEntry()).toMatchObject({ answered: 'changed', billed: true });
	});
});

describe('a redirect to the original', () => {
	it.each([
		['imageInfo', info],
		['a download', download],
		['a repair in the bucket', () => cloud(['/out.png'])],
	])('of %s names the plain address of the object', async (_, request) => {
		const fault = { fault: 'redirect', to: 'original', errNo: -156 } as const;
		const response = await responseTo(request(), fault);
		expect(response.status).toBe(302);
		expect(response.headers.location).toBe(`${sandbox.url}/a%20b.png`);
		expect(response.headers['x-errno']).toBe('-156');
		expect(response.body).toHaveLength(0);
		expect(await lastEntry()).toMatchObject({ billed: false, code: '', status: 302 });
		expect(await sandbox.keys()).toEqual(['a b.png']);
	});

	it('names the host that the request was sent to', async () => {
		const request = signed('GET', `/a b.png?${rule}`, { Host: HOSTS.main });
		const { headers } = await responseTo(request, { fault: 'redirect', to: 'original' });
		expect(headers.location).toBe(`http://${HOSTS.main}/a%20b.png`);
		expect(headers['x-errno']).toBeUndefined();
	});

	it('of an image at a URL names that URL', async () => {
		const url = 'http://127.0.0.1:9/b.png';
		const request = signed('GET', `/?ci-process=ImageRepair&detect-url=${encodeURIComponent(url)}`);
		const { headers } = await responseTo(request, { fault: 'redirect', to: 'original' });
		expect(headers.location).toBe(url);
	});

	it('to another host says which, in an error document, with X-ErrNo if asked for', async () => {
		const location = 'https://elsewhere.example.com/';
		const response = await responseTo(info(), { fault: 'redirect', location, errNo: -1 });
		expect([response.status, response.code]).toEqual([307, 'TemporaryRedirect']);
		expect([response.headers.location, response.headers['x-errno']]).toEqual([location, '-1']);
	});
});

describe('the UploadResult', () => {
	const three = () => cloud(['/1.png'], ['/2.png', OTHER], ['/3.png']);
	const shapeOf = ({ body }: RawResponse) => {
		const xml = body.toString();
		const [original = ''] = texts(xml, 'OriginalInfo');
		return {
			original: texts(original, 'Location'),
			results: texts(xml, 'Object').map((object) => [
				texts(object, 'Key')[0],
				texts(object, 'Location')[0],
			]),
		};
	};
	const usual = {
		original: [`${HOSTS.main}/a%20b.png`],
		results: [
			['1.png', `${HOSTS.main}/1.png`],
			['2.png', `${HOSTS.other}/2.png`],
			['3.png', `${HOSTS.main}/3.png`],
		],
	};

	it('names the host of the bucket of each result, and of the original', async () => {
		expect(shapeOf(await send(sandbox.url, encoded(three())))).toEqual(usual);
	});

	it.each<[string, Omit<Extract<Fault, { fault: 'rules' }>, 'fault'>, object]>([
		[
			'an Object without Location',
			{ rules: [2], report: 'withoutLocation' },
			{ ...usual, results: [usual.results[0], ['2.png', undefined], usual.results[2]] },
		],
		[
			'the Objects in reverse order',
			{ rules: [], order: 'reversed' },
			{ ...usual, results: usual.results.toReversed() },
		],
		[
			'an original without Location',
			{ rules: [], originalWithoutLocation: true },
			{ ...usual, original: [] },
		],
		[
			'all of these at once',
			{ rules: [3], report: 'withoutLocation', order: 'reversed', originalWithoutLocation: true },
			{ original: [], results: [['3.png', undefined], usual.results[1], usual.results[0]] },
		],
	])('can have %s, while all rules are done and billed', async (_, fault, shape) => {
		expect(shapeOf(await responseTo(three(), { fault: 'rules', ...fault }))).toEqual(shape);
		expect(await sandbox.keys()).toEqual(['1.png', '3.png', 'a b.png']);
		expect(await sandbox.keys(OTHER)).toEqual(['2.png']);
		const entry = await lastEntry();
		expect(entry).toMatchObject({ answered: 'whole', billed: true });
		expect(entry?.results.map(({ failed }) => failed)).toEqual(['', '', '']);
	});

	it('can be reversed while a rule fails', async () => {
		const fault = { fault: 'rules', rules: [1], report: 'missing', order: 'reversed' } as const;
		const { results } = shapeOf(await responseTo(three(), fault));
		expect(results.map(([key]) => key)).toEqual(['3.png', '2.png']);
		expect((await lastEntry())?.results[0]?.failed).toBe('InternalError: Injected fault.');
	});
});

describe('a list that never ends', () => {
	interface Page {
		readonly marker: string;
		readonly keys: readonly string[];
		readonly prefixes: readonly string[];
		readonly truncated: boolean;
		readonly next: string;
	}

	/** Follows the markers, as a client does. */
	async function walk(as: EndlessList, pages: number, query = 'max-keys=2'): Promise<Page[]> {
		await sandbox.setFaults([{ kind: 'list', fault: { fault: 'list', as } }]);
		const walked: Page[] = [];
		let marker = '';
		for (let page = 0; page < pages; page++) {
			const target = `/?${query}&marker=${encodeURIComponent(marker)}`;
			const xml = (await send(sandbox.url, signed('GET', target))).body.toString();
			const contents = texts(xml, 'Contents');
			const [next = ''] = texts(xml, 'NextMarker');
			walked.push({
				marker,
				keys: contents.flatMap((entry) => texts(entry, 'Key')),
				prefixes: texts(xml, 'CommonPrefixes').flatMap((entry) => texts(entry, 'Prefix')),
				truncated: xml.includes('<IsTruncated>true</IsTruncated>'),
				next,
			});
			marker = next;
		}
		return walked;
	}
	const grows = (pages: readonly Page[]) => pages.every(({ marker, next }) => next > marker);

	beforeEach(async () => {
		await sandbox.deleteObjects();
		const bytes = Buffer.from('x');
		const keys = ['a.png', 'b.png', 'c/1.png', 'c/2.png', 'd.png'];
		await sandbox.putObjects(
			keys.map((key) => ({ key, bytes })),
			'image/png',
		);
	});

	it('sameMarker: the marker stays as it is', async () => {
		const pages = await walk('sameMarker', 4);
		expect(pages.map(({ next }) => next)).toEqual(['b.png', 'b.png', 'b.png', 'b.png']);
		expect(pages.map(({ keys }) => keys[0])).toEqual(['a.png', 'c/1.png', 'c/1.png', 'c/1.png']);
		expect(pages.every(({ truncated }) => truncated)).toBe(true);
	});

	it('pastMarker: the marker goes back to the first key', async () => {
		const pages = await walk('pastMarker', 5);
		expect(pages.map(({ next }) => next)).toEqual([
			'b.png',
			'a.png',
			'c/1.png',
			'a.png',
			'c/1.png',
		]);
		expect(pages.every(({ truncated }) => truncated)).toBe(true);
	});

	it('pastMarker: also without any object', async () => {
		await sandbox.deleteObjects();
		const pages = await walk('pastMarker', 4);
		expect(pages.some(({ marker, next }) => next < marker)).toBe(true);
		expect(pages.every(({ truncated, next }) => truncated && next !== '')).toBe(true);
	});

	it('endless: after the objects there are made-up ones, in order, each once', async () => {
		const pages = await walk('endless', 30);
		const keys = pages.flatMap((page) => page.keys);
		expect(keys.slice(0, 5)).toEqual(await sandbox.keys());
		expect(keys).toHaveLength(60);
		expect(new Set(keys).size).toBe(60);
		expect(keys.toSorted()).toEqual(keys);
		expect(grows(pages) && pages.every(({ truncated }) => truncated)).toBe(true);
	});

	it('endless: the made-up keys have the prefix, and belong to no folder', async () => {
		const inFolder = await walk('endless', 3, 'max-keys=2&prefix=c%2F&delimiter=%2F');
		const keys = inFolder.flatMap((page) => page.keys);
		expect(keys.slice(0, 2)).toEqual(['c/1.png', 'c/2.png']);
		expect(keys).toHaveLength(6);
		expect(keys.every((key) => key.startsWith('c/') && !key.includes('/', 2))).toBe(true);

		await sandbox.deleteObject('d.png');
		const byFolder = await walk('endless', 4, 'max-keys=2&delimiter=%2F');
		expect(byFolder.flatMap((page) => page.prefixes)).toEqual(['c/']);
		const made = byFolder.flatMap((page) => page.keys).slice(2);
		expect(made).toHaveLength(5);
		expect(made.some((key) => key.includes('/'))).toBe(false);
		expect(grows(byFolder)).toBe(true);
	});

	it('emptyPages: no page has contents, and the marker grows', async () => {
		const pages = await walk('emptyPages', 5, 'delimiter=%2F');
		expect(pages.flatMap(({ keys, prefixes }) => [...keys, ...prefixes])).toEqual([]);
		expect(grows(pages) && pages.every(({ truncated }) => truncated)).toBe(true);
	});

	it('other requests get the right response', async () => {
		await sandbox.putObject('a b.png', image, 'image/png');
		const response = await responseTo(download(), { fault: 'list', as: 'endless' });
		expect(response.status).toBe(200);
		expect(await lastEntry()).toMatchObject({ answered: 'whole', billed: true });
	});
});

describe('flood', () => {
	/** Reads this many bytes, then leaves. */
	async function readSome({ method, target, headers }: RawRequest, bytes: number) {
		const { hostname, port } = new URL(sandbox.url);
		return await new Promise<{ start: Buffer; length: number; headers: http.IncomingHttpHeaders }>(
			(resolve, reject) => {
				const request = http.request({
					hostname,
					port,
					method,
					path: target,
					headers: { ...headers },
				});
				request.on('error', reject);
				request.on('response', (response) => {
					let length = 0;
					let start: Buffer = Buffer.alloc(0);
					response.on('data', (chunk: Buffer) => {
						if (length === 0) start = chunk;
						length += chunk.length;
						if (length < bytes) return;
						response.destroy();
						resolve({ start, length, headers: response.headers });
					});
					response.on('end', () => reject(new Error(`It ended after ${length} bytes.`)));
					response.on('error', reject);
				});
				request.end();
			},
		);
	}
	/** Waits until the sandbox has noticed that the client has left. */
	const bytesSent = async () => {
		for (;;) {
			const before = (await sandbox.calls()).at(-1)?.bytesOut ?? 0;
			await new Promise((resolve) => setTimeout(resolve, 50));
			if ((await sandbox.calls()).at(-1)?.bytesOut === before) return before;
		}
	};
	const MANY = 20 * 1024 * 1024;

	it.each([
		['a download', download, '\x89PNG'],
		['a repair in the bucket', () => cloud(['/out.png']), '<?xml'],
		['imageInfo', info, '{"for'],
		['a list', () => signed('GET', '/'), '<?xml'],
		['a deletion', () => signed('DELETE', '/none.png'), '     '],
	])('%s: the body goes on until the client leaves', async (_, request, start) => {
		await sandbox.setFaults([{ fault: { fault: 'flood' } }]);
		const read = await readSome(encoded(request()), MANY);
		expect(read.start.subarray(0, start.length).toString('latin1')).toBe(start);
		expect(read.headers['content-length']).toBeUndefined();
		expect(await bytesSent()).toBeGreaterThanOrEqual(MANY);
		expect(await lastEntry()).toMatchObject({ answered: 'fault', fault: 'flood' });
	});

	it('without the work, nothing is billed', async () => {
		await sandbox.setFaults([{ fault: { fault: 'flood', processed: false } }]);
		await readSome(encoded(cloud(['/out.png'])), 1000);
		expect(await lastEntry()).toMatchObject({ billed: false, results: [] });
		await sandbox.setFaults([{ fault: { fault: 'flood' } }]);
		await readSome(encoded(cloud(['/out.png'])), 1000);
		expect(await lastEntry()).toMatchObject({ billed: true });
	});

	it('HEAD has no body', async () => {
		const response = await responseTo(signed('HEAD', '/a b.png'), { fault: 'flood' });
		expect([response.status, response.body.length]).toEqual([200, 0]);
	});
});
