/**
 * Runs inside one network namespace: receives datagrams on the ports it is told, and sends those it is told.
 * Commands come as lines of JSON on standard input, events go as lines of JSON to standard output.
 */
import { createSocket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { createInterface } from 'node:readline';

interface Listen {
  readonly kind: 'listen';
  /** Beside those of interfaces that are up. */
  readonly address: string;
  readonly ports: readonly number[];
}

interface Send {
  readonly kind: 'send';
  readonly id: number;
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
}

function tell(event: object): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

function listen({ address: own, ports }: Listen): void {
  const found = Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .filter(({ family }) => family === 'IPv4')
    .map(({ address }) => address);
  const addresses = [...new Set([own, ...found])];
  let open = addresses.length * ports.length;
  for (const address of addresses) {
    for (const port of ports) {
      const socket = createSocket('udp4');
      socket.on('message', (message, from) => {
        const id = Number(message.toString());
        tell({ kind: 'received', id, address, port, source: from.address });
        socket.send(message, from.port, from.address);
      });
      socket.bind(port, address, () => {
        if (--open === 0) tell({ kind: 'listening' });
      });
    }
  }
}

function send({ id, source, sourcePort, destination, destinationPort }: Send): void {
  const socket = createSocket('udp4');
  const done = (result: string): void => tell({ kind: 'sent', id, result });
  socket.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? 'error'));
  socket.on('message', (_message, from) => {
    if (from.address === destination && from.port === destinationPort) tell({ kind: 'answered', id });
  });
  socket.bind(sourcePort, source, () => {
    socket.send(String(id), destinationPort, destination, (error) => {
      done(error === null ? 'sent' : ((error as NodeJS.ErrnoException).code ?? 'error'));
    });
  });
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const command = JSON.parse(line) as Listen | Send;
  if (command.kind === 'listen') listen(command);
  else send(command);
});
