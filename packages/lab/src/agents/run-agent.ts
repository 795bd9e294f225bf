import { rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { probe } from './probes.ts';
import type { AgentConfig, Order, Outcome } from './protocol.ts';
import { type DnsServer, startServers } from './servers.ts';

/**
 * Runs inside one network namespace of a lab: serves, and sends what it is ordered to. An order is a line of JSON on the
 * agent's socket, and so is what came of it. Ends when its namespace is removed. The one argument is an `AgentConfig` as JSON.
 */
export async function runAgent(argument: string): Promise<void> {
  const config = JSON.parse(argument) as AgentConfig;
  const dns = await startServers(config);
  rmSync(config.socket, { force: true });
  createServer((socket) => takeOrders(socket, dns)).listen(config.socket);
}

function takeOrders(socket: Socket, dns: DnsServer): void {
  socket.on('error', () => socket.destroy());
  createInterface({ input: socket }).on('line', (line) => {
    void carryOut(JSON.parse(line) as Order, dns).then((outcome) =>
      socket.write(`${JSON.stringify(outcome)}\n`),
    );
  });
}

async function carryOut(order: Order, dns: DnsServer): Promise<Outcome> {
  switch (order.kind) {
    case 'probe':
      return await probe(order);
    case 'stop-dns':
      dns.stop();
      return { ok: true };
    case 'start-dns':
      await dns.start();
      return { ok: true };
    case 'hello':
      return { ok: true };
  }
}
