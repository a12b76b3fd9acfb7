import { fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { generate } from 'selfsigned';
import { nextMessage } from '../nextMessage';

/** A TLS address of a server of this machine, at a distance. */
export interface Distance {
	/** `https://127.0.0.1:<port>`. */
	url: string;
	/** A PEM file with the certificate that it is trusted by. */
	certificate: string;
	/** How many connections were opened since the start or the last call. */
	connections(): Promise<number>;
	close(): Promise<void>;
}

type Message = { url: string; certificate: string } | { connections: number };

const LOCAL = '127.0.0.1';

async function listen(server: Server): Promise<number> {
	await new Promise<void>((resolve) => server.listen(0, LOCAL, resolve));
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('The server has no port');
	return address.port;
}

/**
 * Passes on what arrives after a delay, in order, and the end of it.
 *
 * @param notBefore by `performance.now()`
 */
function passOn(from: Socket, to: Socket, delay: number, notBefore = 0): void {
	let due = 0;
	const later = (act: () => void) => {
		due = Math.max(due, notBefore, performance.now() + delay);
		setTimeout(act, due - performance.now());
	};
	from.on('data', (chunk) => later(() => to.write(chunk)));
	from.on('end', () => later(() => to.end()));
	// The other side has gone, which ends a connection.
	from.on('error', () => to.destroy());
}

/**
 * Half of a round trip each way. On this machine a connection is open at once, where it would have cost a
 * round trip: so what the client sends first waits for one more.
 */
function delayed(port: number, roundTrip: number, onConnection: () => void): Server {
	return createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
		onConnection();
		const far = connect({ port, host: LOCAL, allowHalfOpen: true, noDelay: true });
		passOn(near, far, roundTrip / 2, performance.now() + roundTrip * 1.5);
		passOn(far, near, roundTrip / 2);
	});
}

/** The process: the sandbox's bare port, behind TLS, behind the delay. */
async function main(port: number, roundTrip: number): Promise<void> {
	const { private: key, cert } = await generate([{ name: 'commonName', value: LOCAL }], {
		extensions: [
			{ name: 'basicConstraints', cA: true },
			{ name: 'subjectAltName', altNames: [{ type: 7, ip: LOCAL }] },
		],
	});
	const folder = await mkdtemp(join(tmpdir(), 'image-repair-bench-'));
	const certificate = join(folder, 'ca.pem');
	await writeFile(certificate, cert);
	const tls = createTlsServer({ key, cert, noDelay: true }, (secured) => {
		const plain = connect({ port, host: LOCAL, noDelay: true });
		secured.pipe(plain).pipe(secured);
		secured.on('error', () => plain.destroy());
		plain.on('error', () => secured.destroy());
	});
	let connections = 0;
	const farAway = delayed(await listen(tls), roundTrip, () => connections++);
	const url = `https://${LOCAL}:${await listen(farAway)}`;
	const send = (message: Message) => process.send?.(message);
	process.on('message', () => {
		send({ connections });
		connections = 0;
	});
	process.on('disconnect', () => {
		void rm(folder, { recursive: true, force: true }).then(() => process.exit(0));
	});
	send({ url, certificate });
}

/**
 * Puts TLS and a distance before a server of this machine, in a process of its own.
 *
 * @param url `http://127.0.0.1:<port>`
 * @param roundTrip milliseconds
 */
export async function openDistance(url: string, roundTrip: number): Promise<Distance> {
	const { port } = new URL(url);
	const child = fork(__filename, [port, String(roundTrip)], { execArgv: ['--import', 'tsx'] });
	const next = async () => (await nextMessage(child)) as Message;
	const address = await next();
	if (!('url' in address)) throw new Error('The distance has no address');
	return {
		...address,
		async connections() {
			const answer = next();
			child.send('connections');
			const message = await answer;
			return 'connections' in message ? message.connections : NaN;
		},
		async close() {
			const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
			child.disconnect();
			await ended;
		},
	};
}

if (require.main === module) {
	const [port, roundTrip] = process.argv.slice(2);
	void main(Number(port), Number(roundTrip));
}
