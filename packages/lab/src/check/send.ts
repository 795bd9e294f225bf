import { callAgent } from '../agents/call.ts';
import { DNS_PORT, type Outcome, type ProbeOrder } from '../agents/protocol.ts';
import { type Cluster, SERVER_PORT } from '../cluster/plan.ts';
import { LabError } from '../errors.ts';
import { socketOf } from '../state/places.ts';
import type { Flow } from './flows.ts';

/** What a name in a flow stands for in a lab. */
interface End {
  /** Absent for addresses that nobody of the lab sends from. */
  readonly netns?: string;
  readonly address: string;
}

/** Sends a real packet, or opens a real connection, and tells what came back. */
export async function sendFlow(cluster: Cluster, flow: Flow, timeoutMs: number): Promise<Outcome> {
  const from = readEnd(cluster, flow.from);
  if (from.end.netns === undefined)
    throw new LabError('bad-option', `from: nobody in the lab is ${flow.from}`);
  const { end, port } = readEnd(cluster, flow.to);
  const isDns = port === DNS_PORT && flow.protocol === 'udp';
  const order: ProbeOrder = {
    kind: 'probe',
    protocol: isDns ? 'dns' : flow.protocol,
    address: end.address,
    port: port ?? SERVER_PORT,
    timeoutMs,
    ...(flow.size === undefined ? {} : { size: flow.size }),
    ...(isDns ? { name: 'kube-dns.kube-system.svc.cluster.local' } : {}),
  };
  return await callAgent(socketOf(cluster.options.name, from.end.netns), order);
}

/** Whether the agents can send such a flow: a TCP connection to a DNS server says nothing that it answers. */
export function isSendable(cluster: Cluster, flow: Flow): boolean {
  return !(flow.protocol === 'tcp' && readEnd(cluster, flow.to).port === DNS_PORT);
}

function readEnd(cluster: Cluster, text: string): { readonly end: End; readonly port?: number } {
  const [, name = text, port] = /^(.*?)(?::(\d+))?$/.exec(text) ?? [];
  const bracketed = /^\[(.+)\](?::(\d+))?$/.exec(text);
  if (bracketed !== null) {
    const [, address = '', number] = bracketed;
    return withPort({ address }, number);
  }
  const [kind, first, second] = name.split('/');
  const found =
    kind === 'pod'
      ? cluster.pods.find((pod) => pod.namespace === first && pod.name === second)
      : kind === 'node'
        ? cluster.nodes.find((node) => node.name === first)
        : kind === 'service'
          ? cluster.services.find((service) => service.namespace === first && service.name === second)
          : undefined;
  if (found !== undefined) return withPort(found, port);
  if (name.includes('/')) throw new LabError('bad-option', `the lab has no ${name}`);
  return name.includes(':') && port !== undefined
    ? { end: { address: text } }
    : withPort({ address: name }, port);
}

function withPort(end: End, port: string | undefined): { readonly end: End; readonly port?: number } {
  return port === undefined ? { end } : { end, port: Number(port) };
}
