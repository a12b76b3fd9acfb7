import type { IncomingMessage, RequestListener } from 'node:http';
import { inspect } from 'node:util';
import type { INodeParameters } from 'n8n-workflow';

import { startEngine, type Engine } from '../../dev/engine/engine';
import { CREDENTIAL_TYPE, NODE_TYPE } from '../../dev/packageNames';
import { shortenPauses } from '../quickSleep';
import { byKey, NODE, workflowOf } from './bucketAndEngine';
import { serve } from './localServer';
import { tracesOf } from './secretTraces';

/**
 * A gateway that repeats what it received, without a word that would tell what it is: only by its value can
 * it be known to be secret.
 */

const KEYS = {
	secretId: 'Xw7qTn2LbV9sKc4RzJ6mYd8F',
	secretKey: 'Zk3vQ9xWmB7tR2pLcY5nHdJ8sGfT4aUe',
	securityToken: 'mR4tYx8Kq2Wv/Nc7Jz+Hb5Lp9Fd3Gs6Ta1Ue0Bw-Xy_Oi=Qr',
};
const IMAGE_KEY = 'Pw5Hn8Xc2Vk7Bt4Mz9Lq3Rd6Jf1Gs0Ya';
const MASK_KEY = 'Tc6Yw1Qe9Ru4Io7Pa2Sd5Fg8Hj3Kl0Zx';
const IMAGE_URL = `http://127.0.0.1:9/image.png?k=${IMAGE_KEY}`;
const MASK_URL = `http://127.0.0.1:9/mask.png?k=${MASK_KEY}`;

beforeAll(() => shortenPauses(100));
let engine: Engine;
let server: Awaited<ReturnType<typeof serve>>;
let respond: RequestListener;

beforeAll(async () => {
	engine = await startEngine();
	server = await serve((request, response) => {
		request.resume();
		respond(request, response);
	});
});
afterAll(async () => {
	server.close();
	await engine.close();
});

const credential = () => ({
	...KEYS,
	bucket: 'examplebucket-1250000000',
	region: 'ap-guangzhou',
	endpoint: 'custom',
	customDomain: server.url.replace(/\/$/, ''),
});

const signatureIn = (text: string) => /q-signature=([0-9a-f]{40})/.exec(text)?.[1] ?? '';
const fromBase64 = (text: string) => Buffer.from(text, 'base64url').toString();

/** The links in a request, which the service fetches images from. */
function linksIn({ url = '', headers }: IncomingMessage): string[] {
	const query = new URL(url, server.url).searchParams;
	const rules = String(headers['pic-operations'] ?? '').match(/(?<=MaskPic=)[\w-]+/g) ?? [];
	const masks = [...query.getAll('MaskPic'), ...rules].map(fromBase64);
	return [...masks, ...query.getAll('detect-url')];
}

/** What a request carries that nobody may see. */
function secretsIn(request: IncomingMessage): { repeated: string[]; canaries: string[] } {
	const { authorization = '', 'x-cos-security-token': token = '' } = request.headers;
	const links = linksIn(request);
	const signatures = [authorization, ...links].map(signatureIn).filter((text) => text !== '');
	const canaries = [...Object.values(KEYS), ...signatures, IMAGE_KEY, MASK_KEY];
	return { repeated: [...signatures, String(token), ...links, KEYS.secretId], canaries };
}

const toBase64 = (text: string) => Buffer.from(text).toString('base64');
const FORMS: Readonly<Record<string, (text: string) => string>> = {
	'as it is': (text) => text,
	'percent-encoded': encodeURIComponent,
	'percent-encoded twice': (text) => encodeURIComponent(encodeURIComponent(text)),
	'in Base64': toBase64,
	'in Base64, percent-encoded': (text) => encodeURIComponent(toBase64(text)),
	'cut short': (text) => text.slice(-24),
	'in Base64, cut short': (text) => toBase64(text).slice(-40),
};

const inXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const errorXml = (code: string, message: string) =>
	`<Error><Code>${inXml(code)}</Code><Message>${inXml(message)}</Message></Error>`;
const uploadXml = (object: string) =>
	'<UploadResult><OriginalInfo><Key>a.png</Key><Location>h/a.png</Location></OriginalInfo>' +
	`<ProcessResults><Object>${object}</Object></ProcessResults></UploadResult>`;

/** Where a response can repeat something, and the words around it that are to stay. */
type Echo = (text: string) => {
	status: number;
	headers?: Record<string, string>;
	body: string;
	stays?: string;
};
const MESSAGES: Readonly<Record<string, Echo>> = {
	'the message of a refusal': (text) => ({
		status: 400,
		body: errorXml('InvalidArgument', `Something is wrong: ${text} was sent`),
		stays: 'Something is wrong: …',
	}),
	// With the id, it is a refusal: nothing is looked for that may have been stored.
	'the page of a gateway': (text) => ({
		status: 400,
		headers: { 'x-cos-request-id': 'some id' },
		body: `<html><p>Nothing came of ${text} here</p></html>`,
		stays: '<p>Nothing came of …',
	}),
	'the code of a refusal': (text) => ({ status: 400, body: errorXml(text, 'It is refused') }),
	'the request id in a header': (text) => ({
		status: 400,
		headers: { 'x-cos-request-id': text },
		body: errorXml('InvalidArgument', 'It is refused'),
	}),
	'the request id in a document': (text) => ({
		status: 400,
		body: `<Error><Code>InvalidArgument</Code><RequestId>${inXml(text)}</RequestId></Error>`,
	}),
	'X-ErrNo': (text) => ({ status: 200, headers: { 'x-errno': text }, body: '' }),
};
const DOWNLOADS: Readonly<Record<string, Echo>> = {
	'the content type of what is no image': (text) => ({
		status: 200,
		headers: { 'content-type': text },
		body: 'no image',
	}),
	'the content type of an unknown image': (text) => ({
		status: 200,
		headers: { 'content-type': `image/${text}` },
		body: 'no image',
	}),
};
const RESULTS: Readonly<Record<string, Echo>> = {
	'the message of a result': (text) => ({
		status: 200,
		body: uploadXml(
			`<Key>a-repaired.png</Key><Code>Failed</Code><Message>The mask ${inXml(text)} is none</Message>`,
		),
		stays: '(Failed: The mask …',
	}),
	'the code of a result': (text) => ({
		status: 200,
		body: uploadXml(`<Key>a-repaired.png</Key><Code>${inXml(text)}</Code>`),
	}),
	'the request id of a repair with results missing': (text) => ({
		status: 200,
		headers: { 'x-cos-request-id': text },
		body: uploadXml('<Key>a-repaired.png</Key><Code>Failed</Code>'),
	}),
};

const COMMON: INodeParameters = { area: 'mask', options: { retries: 0, checkAreaFirst: false } };
const CALLS: Readonly<Record<string, INodeParameters>> = {
	download: {
		...COMMON,
		operation: 'download',
		objectKey: byKey('a.png'),
		maskSource: 'object',
		maskObjectKey: byKey('mask.png'),
	},
	'download of a public image': {
		...COMMON,
		operation: 'download',
		objectKey: { __rl: true, mode: 'public', value: IMAGE_URL },
		maskSource: 'url',
		maskUrl: MASK_URL,
	},
	cloud: {
		...COMMON,
		operation: 'cloud',
		objectKey: byKey('a.png'),
		maskSource: 'object',
		maskObjectKey: byKey('mask.png'),
	},
	'cloud with a mask elsewhere': {
		...COMMON,
		operation: 'cloud',
		objectKey: byKey('a.png'),
		maskSource: 'url',
		maskUrl: MASK_URL,
	},
};

/** All but the node itself, whose parameters hold the links that a user has entered. */
const asJson = (value: unknown) =>
	JSON.stringify(value, (name, each: unknown) => (name === 'node' ? undefined : each));

/** Everything that is left of an execution when the server repeats one of the secrets it received. */
async function runWith(
	call: INodeParameters,
	echo: Echo,
	form: (text: string) => string,
	number: number,
): Promise<{ seen: string; canaries: string[]; count: number; stays?: string }> {
	const canaries: string[] = [];
	let count = 0;
	let stays: string | undefined;
	respond = (request, response) => {
		const { repeated, canaries: received } = secretsIn(request);
		canaries.push(...received);
		count = repeated.length;
		const { status, headers, body, ...more } = echo(form(repeated[number] ?? ''));
		stays = more.stays;
		response.writeHead(status, headers).end(body);
	};
	const seen: string[] = [];
	for (const onError of ['stopWorkflow', 'continueRegularOutput']) {
		const result = await engine.run(workflowOf(call, { node: { onError } }), {
			credentials: { bucket: credential() },
		});
		const { error } = result;
		seen.push(asJson(result.output(NODE)), asJson(error), inspect(error?.cause));
		seen.push(String(error), String(error?.description), String(error?.stack));
	}
	return { seen: seen.join('\n'), canaries, count, stays };
}

const forCalls = (echoes: Readonly<Record<string, Echo>>, calls: readonly string[]) =>
	calls.flatMap((call) =>
		Object.entries(echoes).map(([name, echo]) => [name, call, echo] as const),
	);

test.each([
	...forCalls(MESSAGES, Object.keys(CALLS)),
	...forCalls(DOWNLOADS, ['download', 'download of a public image']),
	...forCalls(RESULTS, ['cloud', 'cloud with a mask elsewhere']),
])('%s shows no secret of a %s, in no form', async (_, call, echo) => {
	const leaks: string[] = [];
	for (const [name, form] of Object.entries(FORMS)) {
		for (let number = 0, count = 1; number < count; number++) {
			const run = await runWith(CALLS[call] ?? {}, echo, form, number);
			({ count } = run);
			expect(count).toBeGreaterThan(3);
			leaks.push(...tracesOf(run.seen, run.canaries).map((trace) => `${name}: …${trace}…`));
			if (run.stays !== undefined) expect(run.seen).toContain(run.stays);
		}
	}
	expect(leaks).toEqual([]);
});

test.each(Object.keys(FORMS))('the editor shows no secret that is repeated %s', async (name) => {
	const form = FORMS[name] ?? String;
	const leaks: string[] = [];
	for (const echo of [
		...Object.values(MESSAGES),
		(text: string) => ({
			status: 200,
			body: `<ListBucketResult><Name>${inXml(text)}</Name></ListBucketResult>`,
		}),
	]) {
		for (let number = 0; number < 3; number++) {
			let canaries: string[] = [];
			respond = (request, response) => {
				const found = secretsIn(request);
				({ canaries } = found);
				const { status, headers, body }: ReturnType<Echo> = echo(
					form(found.repeated[number] ?? ''),
				);
				response.writeHead(status, headers).end(body);
			};
			const listed: unknown = await engine
				.listSearch({
					nodeType: NODE_TYPE,
					method: 'searchImages',
					nodeParameters: {},
					credentials: { bucket: credential() },
				})
				.catch((error: unknown) => error);
			leaks.push(...tracesOf(`${inspect(listed)}${JSON.stringify(listed)}`, canaries));
			const tested = await engine.testCredential(CREDENTIAL_TYPE, credential());
			expect(tested.status).toBe('Error');
			leaks.push(...tracesOf(tested.message, canaries));
		}
	}
	expect(leaks).toEqual([]);
});
