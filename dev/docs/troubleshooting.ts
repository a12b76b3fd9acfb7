import type { InputField, InvalidReason } from '../../cos/invalidInput';
import { CLASS_OF_CODE, retryOf, type FailureClass } from '../../cos/responses/codes';
import { evidenceOf } from '../../nodes/shared/errors';
import {
	BILLED,
	CANCELLED,
	CONNECTION,
	CREDENTIAL_TEST,
	FAILURE,
	FIELD_ADVICE,
	FOREIGN_HOST,
	INPUT,
	LABELS,
	NOT_ALLOWED,
	MISSING_RESULTS,
	PARAMETER,
	RESULTS,
	RUN_SO_FAR,
	UNEXPECTED,
	UNSAFE_CONNECTION,
	type ConnectionReason,
	type Message,
} from '../../nodes/shared/messages';

type Topic = InvalidReason extends `${infer T}.${string}` ? T : never;

/** The fields that the reasons of a topic are about. */
const FIELDS: Readonly<Record<Topic, readonly InputField[]>> = {
	secret: ['secretId', 'secretKey'],
	bucket: ['bucket', 'destinationBucket'],
	region: ['region'],
	domain: ['customDomain'],
	text: ['objectKey', 'storeAs', 'maskObjectKey', 'resultKey', 'folder', 'temporaryMaskFolder'],
	path: ['objectKey', 'storeAs', 'maskObjectKey', 'resultKey', 'folder'],
	key: ['objectKey', 'storeAs', 'maskObjectKey', 'resultKey', 'temporaryMaskFolder'],
	objectUrl: ['objectKey', 'storeAs', 'maskObjectKey'],
	url: ['maskUrl', 'imageUrl'],
	prefix: ['folder'],
	fileid: ['resultKey'],
	results: ['results'],
	request: ['area', 'maskUrl', 'imageUrl', 'resultKey'],
	header: ['cacheControl', 'contentDisposition'],
	metadata: ['metadata'],
	tags: ['tags'],
	kmsKeyId: ['kmsKeyId'],
	kmsContext: ['kmsContext'],
	polygons: ['polygons'],
	polygon: ['polygons'],
	corner: ['polygons'],
	box: ['polygons'],
	rectangles: ['rectangles', 'searchRectangles'],
	shape: ['polygons'],
	labels: ['texts', 'logoNames'],
	rectangle: ['rectangles', 'searchRectangles'],
};

/** A text for a table's cell: … for each value, nothing that Markdown would take for its own. */
function cell(text: string): string {
	return text.replace(/<\w+>/g, '…').replace(/\|/g, '\\|').replace(/</g, '&lt;');
}

function row(...cells: string[]): string {
	return `| ${cells.join(' | ')} |`;
}

function messageRow({ message, advice }: Message, subject = ''): string {
	return row(`${subject}${cell(message)}`, cell(advice));
}

function inputRows(): string[] {
	return Object.entries(INPUT).map(([reason, message]) => {
		const topic = Object.entries(FIELDS).find(([name]) => reason.startsWith(`${name}.`));
		const labels = (topic?.[1] ?? []).map((field) => LABELS[field]);
		const besides = Object.entries(FIELD_ADVICE[reason as InvalidReason] ?? {}).map(
			([field, advice]) => ` *${LABELS[field as InputField]}*: ${advice}`,
		);
		const advice = message.advice + besides.join('');
		return messageRow({ ...message, advice }, `${labels.join(' / ')} `);
	});
}

/** What else is asked for, of which a refusal has advice of its own. */
const ASKED = [
	{ asked: 'list', what: 'a list' },
	{ asked: 'text', what: 'Found Text' },
	{ asked: 'logo', what: 'Found Logo' },
] as const;

const AGAIN = { never: 'no', later: 'yes', afterClock: 'once, with the clock set' };

/** What leads to a class besides its codes. */
const BESIDES: Readonly<Partial<Record<FailureClass, string>>> = {
	sourceOverLimit: 'status 302',
	notSetUp: '`AccessDenied`: permission denied',
	refererRule: '`AccessDenied`: referer',
	strictSignature: '`AccessDenied`: strict signature',
	expiredSignature: '`AccessDenied`: request has expired',
	notFound: 'status 404',
	refused: 'any other',
};

function codesOf(failure: FailureClass): string {
	const codes = Object.keys(CLASS_OF_CODE)
		.filter((code) => CLASS_OF_CODE[code] === failure)
		.map((code) => `\`${code}\``);
	const besides = BESIDES[failure] ?? (codes.length === 0 ? 'no code, no request ID' : undefined);
	return [...codes, ...(besides === undefined ? [] : [besides])].join(', ');
}

function failureRows(): string[] {
	return (Object.keys(FAILURE) as FailureClass[]).map((failure) => {
		const { message, advice } = FAILURE[failure];
		return row(cell(message), codesOf(failure), cell(advice), AGAIN[retryOf(failure)]);
	});
}

const SENT = { notSentPassing: 'no; yes', notSentLasting: 'no; no', lost: 'perhaps; see above' };

function connectionRows(): string[] {
	return (Object.keys(CONNECTION) as ConnectionReason[]).map((reason) => {
		const { message, advice } = CONNECTION[reason];
		return row(cell(message), SENT[evidenceOf(reason)], cell(advice));
	});
}

const { cannotList, otherBucket, notBucket, inBetween } = CREDENTIAL_TEST;

/** docs/troubleshooting.md. */
export function troubleshootingPage(): string {
	return [
		'# Troubleshooting',
		'',
		'Every message that the nodes and the credential can show, and what to do. "…" stands for a value; the',
		'item is named at the end as `[item N]`, counted from 0. With *Continue* as the node’s *On Error*',
		'setting, the same text is in the item’s `error` field, with `code`, `requestId`, `itemIndex` and what is',
		'known of the repair: `billed` (`no`, `yes` or `perhaps`) and, where results are stored, `results` with key,',
		'bucket and `status` (`stored`, `missing` or `unknown`) of each.',
		'',
		'This page is printed from `nodes/shared/messages.ts` by `npm run docs`.',
		'',
		'## Before anything is sent',
		'',
		'A value is invalid. Nothing was sent and nothing was billed.',
		'',
		'| what you see | what to do |',
		'|---|---|',
		...inputRows(),
		...Object.values(PARAMETER).map((message) => messageRow(message, '*Field* ')),
		'',
		'## What the service says',
		'',
		'The service refused the call or did not finish it. The description ends with the service’s own words and',
		'its request ID, which Tencent Cloud’s support asks for. *Tried again* tells whether the node does so by',
		'itself (Options, Retries). A negative number is what Cloud Infinite sends in the header `X-ErrNo`. A',
		'response without a code and a request ID comes from something between n8n and the service.',
		'',
		'| what you see | code | what to do | tried again |',
		'|---|---|---|---|',
		...failureRows(),
		...ASKED.map(({ asked, what }) =>
			row(
				cell(NOT_ALLOWED[asked].message),
				`\`AccessDenied\`, for ${what}`,
				cell(NOT_ALLOWED[asked].advice),
				AGAIN.never,
			),
		),
		'',
		'## On the way',
		'',
		'No response came, or none that is complete and readable. The node repeats what certainly did not leave,',
		'and calls that cost nothing. A repair that left may have been done and billed: the node looks for the',
		'result of an upload or a repair in the bucket for about half a minute, and makes the call again only with',
		'*Retry Lost Calls*.',
		'',
		'*Sent* tells whether the request left n8n; what was not sent is not billed, and is tried again where the',
		'reason may pass.',
		'',
		'| what you see | sent; tried again | what to do |',
		'|---|---|---|',
		...connectionRows(),
		row(cell(CANCELLED.message), 'perhaps; no', cell(CANCELLED.advice)),
		row(cell(MISSING_RESULTS.message), 'yes; no', cell(MISSING_RESULTS.advice)),
		row(UNEXPECTED, 'perhaps; no', 'Read the description: it is what n8n or Node.js reported.'),
		'',
		'## What was paid for',
		'',
		'The description of a repair that did not become an output item ends with what is known of it:',
		'',
		'| what you read | when |',
		'|---|---|',
		row(cell(BILLED.no), 'nothing left this machine, or the service refused it'),
		row(cell(BILLED.yes), 'the service responded in full, and something failed afterwards'),
		row(cell(BILLED.perhaps), 'the request left, and no complete response came'),
		row(cell(RESULTS.stored), 'these results are in the bucket'),
		row(
			cell(RESULTS.missing),
			'the service did not make these results; its reason stands behind the key',
		),
		row(cell(RESULTS.unknown), 'these results may be in the bucket, or come yet'),
		row(cell(RESULTS.notStored), 'a download was lost'),
		row(cell(RESULTS.storedOriginal), 'an upload of which a result is missing'),
		row(cell(RESULTS.original), 'an upload reached the service, which stores the original first'),
		row(cell(RESULTS.temporaryMasks), 'a mask from a binary field could not be deleted'),
		'',
		'When an item stops the run, its description also tells what the others have paid for, because n8n shows',
		'no output of such a run:',
		'',
		'| what you read | what it tells |',
		'|---|---|',
		row(
			cell(RUN_SO_FAR.repaired),
			'images that other items have repaired, and where the results are',
		),
		row(cell(RUN_SO_FAR.earlier), 'results of an earlier try of *Retry On Fail*'),
		row(cell(RUN_SO_FAR.originals), 'uploads that were refused at the same time'),
		'',
		'## When Test in the credential does not pass',
		'',
		'Test lists one object of the bucket. It shows the messages above, and these:',
		'',
		'| what you see | what to do |',
		'|---|---|',
		...[cannotList, otherBucket, notBucket, inBetween].map((message) => messageRow(message)),
		'',
		'## When the HTTP Request node uses the credential',
		'',
		'| what you see | what to do |',
		'|---|---|',
		...[FOREIGN_HOST, ...Object.values(UNSAFE_CONNECTION)].map((message) => messageRow(message)),
		'',
	].join('\n');
}
