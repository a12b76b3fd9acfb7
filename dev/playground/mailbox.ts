import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** An SMTP server of this machine that delivers to nobody, and keeps what it gets. */
export interface Mailbox {
	readonly port: number;
	/** The mails, as HTML or text, without their headers. */
	readonly mails: readonly string[];
	close(): Promise<void>;
}

/** A body in the encoding of quoted-printable, as senders write HTML. */
function decodeQuotedPrintable(text: string): string {
	const bytes = text
		.replace(/=\r?\n/g, '')
		.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
	return Buffer.from(bytes, 'latin1').toString('utf8');
}

function bodyOf(lines: readonly string[]): string {
	const end = lines.indexOf('');
	const headers = lines.slice(0, end).join('\n');
	const body = lines.slice(end + 1).join('\n');
	return /^content-transfer-encoding: *quoted-printable/im.test(headers)
		? decodeQuotedPrintable(body)
		: body;
}

const isGreeting = (command: string) => command === 'EHLO' || command === 'HELO';

/**
 * The few commands that a client needs for one mail of one part. A page in a browser can send a request to this port, in
 * whose body there are commands: it begins with something else than a client of SMTP, and is not read on.
 */
async function converse(socket: Socket, keep: (mail: string) => void): Promise<void> {
	const answer = (line: string) => socket.write(`${line}\r\n`);
	answer('220 playground');
	let mail: string[] | undefined;
	let isGreeted = false;
	for await (const line of createInterface({ input: socket, crlfDelay: Infinity })) {
		if (mail && line !== '.') {
			// A dot at the beginning is doubled on the way.
			mail.push(line.replace(/^\./, ''));
			continue;
		}
		if (mail) {
			keep(bodyOf(mail));
			mail = undefined;
			answer('250 Kept');
			continue;
		}
		const command = line.slice(0, 4).toUpperCase();
		isGreeted ||= isGreeting(command);
		if (!isGreeted) {
			socket.end('554 This is a mailbox: begin with EHLO, not with a request of a browser\r\n');
			return;
		}
		if (command === 'DATA') {
			mail = [];
			answer('354 Go on');
		} else if (command === 'QUIT') {
			answer('221 Bye');
			socket.end();
		} else {
			const isKnown = isGreeting(command) || ['MAIL', 'RCPT', 'RSET', 'NOOP'].includes(command);
			answer(isKnown ? '250 OK' : '502 Not implemented');
		}
	}
}

/** @param port 0 for any free port */
export async function openMailbox(port = 0): Promise<Mailbox> {
	const mails: string[] = [];
	const sockets = new Set<Socket>();
	const server = createServer((socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
		socket.on('error', () => socket.destroy());
		converse(socket, (mail) => mails.push(mail)).catch(() => socket.destroy());
	});
	server.listen(port, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('The server has no port.');
	return {
		port: address.port,
		mails,
		async close() {
			server.close();
			for (const socket of sockets) socket.destroy();
			await once(server, 'close');
		},
	};
}
