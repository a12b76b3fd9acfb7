import { EXPLANATIONS } from '../../../cos/responses/failure';
import { allMessages, type Message } from './messages';

function cell(text: string): string {
	return text.replace(/\|/g, '\\|').replace(/</g, '&lt;');
}

function rows(kind: Message['kind']): string[] {
	return allMessages()
		.filter((one) => one.kind === kind)
		.map(({ message, advice }) => `| ${cell(message)} | ${cell(advice)} |`);
}

function serviceRows(): string[] {
	const byMessage = new Map<string, { codes: string[]; advice: string; again: string }>();
	for (const [code, { what, advice, retry }] of Object.entries(EXPLANATIONS)) {
		const again = { never: 'no', later: 'yes', afterClock: 'once, with the clock set' }[retry];
		const row = byMessage.get(what) ?? { codes: [], advice, again };
		row.codes.push(`\`${code}\``);
		byMessage.set(what, row);
	}
	return [...byMessage].map(
		([what, { codes, advice, again }]) =>
			`| ${cell(what)} | ${codes.join(', ')} | ${cell(advice)} | ${again} |`,
	);
}

/** docs/troubleshooting.md, made from the messages in the code. */
export function troubleshootingPage(): string {
	return [
		'# Troubleshooting',
		'',
		'Every message the node and the credential can show, why, and what to do. "…" stands for a value; the',
		'item is named at the end as `[item N]`, counted from 0. With *Continue* as the node’s *On Error*',
		'setting the same text stands in the item’s `error` field, with `code`, `requestId` and `itemIndex`.',
		'',
		'This page is made from the code by `npm run docs`; a test holds it to that.',
		'',
		'## Before anything is sent',
		'',
		'Why: a value cannot be sent. Nothing was sent, nothing was billed.',
		'',
		'| what you see | what to do |',
		'|---|---|',
		...rows('input'),
		'',
		'## What the service says',
		'',
		'Why: the service refused the call or did not finish it. The description ends with its own words and',
		'its request ID, which Tencent Cloud’s support asks for. Codes that are not listed are shown whole.',
		'*Tried again* tells whether the node does so by itself (Options, Retries).',
		'',
		'| what you see | code | what to do | tried again |',
		'|---|---|---|---|',
		...serviceRows(),
		'',
		'## On the way',
		'',
		'Why: no answer came, or none that can be read. Calls that were certainly not made are tried again, and',
		'so are calls that cost nothing. A lost upload or repair in the bucket is looked for first and only',
		'made again when its result is not there; a lost download is made again only with *Retry Lost',
		'Downloads*, since it may have been billed.',
		'',
		'| what you see | what to do |',
		'|---|---|',
		...rows('connection'),
		'| The execution was canceled | Calls that had begun were ended; they may have been billed. |',
		'',
		'## When Test in the credential does not pass',
		'',
		'Test lists one object of the bucket. It shows the messages above and, besides:',
		'',
		'| what you see | what to do |',
		'|---|---|',
		'| Secret ID and Secret Key are valid, but this account is not allowed to list the bucket | If the bucket is your own, save the credential: the node works without listing. For "From list", allow the action `cos:GetBucket`. |',
		'| The domain belongs to the bucket "…", not to "…" | Correct Bucket or Custom Domain. |',
		'| … does not answer as a bucket does | Check Endpoint and Custom Domain. |',
		'| … cannot be reached | Check Region, Bucket and Endpoint, and the network connection of the machine that runs n8n. |',
		'| This credential signs requests to its own bucket only, not to … | In the HTTP Request node, use an address of the bucket in the credential. |',
		'',
	].join('\n');
}
