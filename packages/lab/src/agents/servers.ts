import { createSocket, type Socket } from 'node:dgram';
import { createServer, type Server } from 'node:net';
import { dnsAnswer } from './dns.ts';
import { type AgentConfig, DNS_PORT } from './protocol.ts';

/** The DNS server of an agent; does nothing where the agent is none. */
export interface DnsServer {
  start(): Promise<void>;
  stop(): void;
}

/** Listens on the port of the agent and, for a DNS server, on port 53. */
export async function startServers(config: AgentConfig): Promise<DnsServer> {
  await listenTcp(config.name, '0.0.0.0', config.port);
  if (config.addresses.some((address) => address.includes(':')))
    await listenTcp(config.name, '::', config.port);
  for (const address of config.addresses) {
    await listenUdp(address, config.port, (_, from) => Buffer.from(identity(config.name, from)));
  }
  const server = dnsServer(config);
  await server.start();
  return server;
}

function dnsServer({ addresses, dns = {} }: AgentConfig): DnsServer {
  const served = Object.keys(dns).length === 0 ? [] : addresses;
  let sockets: readonly Socket[] = [];
  const stop = (): void => {
    for (const socket of sockets) socket.close();
    sockets = [];
  };
  return {
    stop,
    async start() {
      stop();
      sockets = await Promise.all(
        served.map((address) => listenUdp(address, DNS_PORT, (message) => dnsAnswer(message, dns))),
      );
    },
  };
}

/** Tells who answered, and whom the question seemed to come from. */
function identity(server: string, source: string): string {
  return `${JSON.stringify({ server, source })}\n`;
}

/** Each connection that sends a line gets one back. */
async function listenTcp(name: string, address: string, port: number): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', () =>
      socket.end(identity(name, (socket.remoteAddress ?? '').replace(/^::ffff:/, ''))),
    );
  });
  return await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: address, port, ipv6Only: address === '::' }, () => resolve(server));
  });
}

async function listenUdp(
  address: string,
  port: number,
  answer: (message: Buffer, from: string) => Buffer | undefined,
): Promise<Socket> {
  const socket = createSocket({
    type: address.includes(':') ? 'udp6' : 'udp4',
    ipv6Only: address.includes(':'),
  });
  socket.on('message', (message, from) => {
    const text = answer(message, from.address);
    // An answer that cannot be sent is one that does not arrive.
    if (text !== undefined) socket.send(text, from.port, from.address, () => undefined);
  });
  return await new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(port, address, () => {
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}
