/**
 * Runs inside one network namespace: listens, by UDP and TCP, on the ports it is told, and sends what it is told.
 * Commands come as lines of JSON on standard input, events go as lines of JSON to standard output.
 */
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';

interface Listen {
  readonly kind: 'listen';
  readonly family: 4 | 6;
  readonly ports: readonly number[];
}

interface Send {
  readonly kind: 'send';
  readonly id: number;
  readonly protocol: 'udp' | 'tcp';
  readonly family: 4 | 6;
  /** The kernel picks one where it is not given. */
  readonly source?: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
}

/** A little less than it takes until the kernel sends a SYN again (`TCP_TIMEOUT_INIT`). */
const SEND_AGAIN_MS = 700;

/** What listeners answer; what is asked is the number of the question. */
const ANSWER = 'answer';

/** Bytes of a datagram with its headers, as the walk takes it where nobody says. */
const DATAGRAM_SIZE = 60;

function datagram(text: string, family: 4 | 6): string {
  return text.padEnd(DATAGRAM_SIZE - (family === 4 ? 28 : 48));
}

/** What `ip -j addr` prints. */
type Listed = readonly {
  readonly ifname: string;
  readonly addr_info: readonly { readonly family: string; readonly local: string; readonly scope: string }[];
}[];

function tell(event: object): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

function listen({ family, ports }: Listen): void {
  // os.networkInterfaces() leaves out interfaces without a carrier; their addresses are local all the same.
  const listed = JSON.parse(execFileSync('ip', ['-j', 'addr'], { encoding: 'utf8' })) as Listed;
  const addresses = listed.flatMap(({ ifname, addr_info }) =>
    addr_info
      .filter((entry) => entry.family === (family === 4 ? 'inet' : 'inet6'))
      .map(({ local, scope }) => (family === 6 && scope === 'link' ? `${local}%${ifname}` : local)),
  );
  const sockets = [...new Set(addresses)].flatMap((address) =>
    ports.flatMap((port) => [listenUdp(family, address, port), listenTcp(address, port)]),
  );
  Promise.all(sockets).then(() => tell({ kind: 'synced' }));
}

function listenUdp(family: 4 | 6, address: string, port: number): Promise<void> {
  const socket = createSocket(`udp${family}`);
  socket.on('message', (message, from) => {
    // An answer that rules have sent to a listener is not answered once more, and for ever.
    const text = message.toString().trim();
    if (text === ANSWER) return;
    const [own, source] = [address, from.address].map(withoutZone);
    tell({ kind: 'received', id: Number(text), address: own, port, source });
    // That an answer has no way is what the other side sees.
    socket.send(datagram(ANSWER, family), from.port, from.address, () => {});
  });
  return new Promise((resolve) => {
    // The address may be on an interface that is down.
    socket.on('error', () => resolve());
    socket.bind(port, address, resolve);
  });
}

/** Addresses of a link are told with the interface, as in `fe80::1%eth0`. */
function withoutZone(address: string): string {
  return address.replace(/%.*/, '');
}

function listenTcp(address: string, port: number): Promise<void> {
  const server = createServer((socket) => socket.on('error', () => {}));
  return new Promise((resolve) => {
    server.on('error', () => resolve());
    server.listen(port, address, resolve);
  });
}

function send(command: Send): void {
  if (command.protocol === 'udp') sendUdp(command);
  else sendTcp(command);
}

function sendUdp({ id, family, source, sourcePort, destination, destinationPort }: Send): void {
  const socket = createSocket(`udp${family}`);
  socket.on('error', (error) => tellError(id, error));
  socket.on('message', () => tell({ kind: 'answered', id }));
  socket.bind(sourcePort, source, () => {
    socket.connect(destinationPort, destination, (error?: Error) => {
      if (error !== undefined) return;
      socket.send(datagram(String(id), family), (failed) => {
        if (failed !== null) tellError(id, failed);
      });
    });
  });
}

function sendTcp({ id, family, source, sourcePort, destination, destinationPort }: Send): void {
  const socket = connect({
    host: destination,
    port: destinationPort,
    family,
    ...(source === undefined ? {} : { localAddress: source }),
    localPort: sourcePort,
  });
  socket.on('connect', () => tell({ kind: 'answered', id }));
  // After a second the kernel would send it again, and rules that know the connection may take that another way. What has come
  // in until then is looked at first.
  setTimeout(() => setImmediate(() => socket.destroy()), SEND_AGAIN_MS);
  socket.on('error', (error) => tellError(id, error));
}

function tellError(id: number, error: NodeJS.ErrnoException): void {
  tell({ kind: 'failed', id, error: error.code ?? 'error' });
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const command = JSON.parse(line) as Listen | Send | { readonly kind: 'sync' };
  if (command.kind === 'listen') listen(command);
  else if (command.kind === 'send') send(command);
  // After what has come in until now.
  else setImmediate(() => tell({ kind: 'synced' }));
});
