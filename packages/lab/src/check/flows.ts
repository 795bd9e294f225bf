import type { TraceQuestion } from '@netvet/core';
import { type Cluster, SERVER_PORT } from '../cluster/plan.ts';

/** A connection or a packet that is sent in a lab, as a question to the walk. */
export interface Flow extends TraceQuestion {
  readonly from: string;
  readonly to: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
}

/** The flows that show whether a lab is well: between pods and nodes, to Services, to DNS. */
export function usualFlows(cluster: Cluster): readonly Flow[] {
  const { nodes, pods, services } = cluster;
  const clients = pods.filter(({ labels }) => labels.app === 'client').map(podName);
  const servers = pods.filter(({ labels }) => labels.app === 'web').map(podName);
  const hosts = nodes.map(({ name }) => `node/${name}`);
  const senders = [...clients, ...hosts];
  return [
    ...pairs(clients, servers).flatMap(([from, to]) => everyProtocol(from, to)),
    ...pairs(hosts, servers).map(([from, to]) => tcp(from, `${to}:${SERVER_PORT}`)),
    ...pairs(clients, hosts).map(([from, to]) => tcp(from, `${to}:${SERVER_PORT}`)),
    ...pairs(hosts, hosts).flatMap(([from, to]) => (from === to ? [] : [tcp(from, `${to}:${SERVER_PORT}`)])),
    ...services.flatMap(({ namespace, name, ports }) =>
      ports.flatMap(({ protocol, port, nodePort }) => [
        ...senders.map((from) => ofProtocol(protocol, from, `service/${namespace}/${name}:${port}`)),
        ...(nodePort === undefined
          ? []
          : pairs(clients, hosts).map(([from, to]) => ofProtocol(protocol, from, `${to}:${nodePort}`))),
      ]),
    ),
    // A pod that reaches itself through its Service needs its node to send the packet back where it came from.
    ...servers.flatMap((from) => (services.length === 0 ? [] : [tcp(from, 'service/default/web:80')])),
  ];
}

function podName({ namespace, name }: Cluster['pods'][number]): string {
  return `pod/${namespace}/${name}`;
}

function pairs(left: readonly string[], right: readonly string[]): readonly (readonly [string, string])[] {
  return left.flatMap((from) => right.map((to) => [from, to] as const));
}

function tcp(from: string, to: string): Flow {
  return { from, to, protocol: 'tcp' };
}

function ofProtocol(protocol: 'TCP' | 'UDP', from: string, to: string): Flow {
  return { from, to, protocol: protocol === 'TCP' ? 'tcp' : 'udp' };
}

function everyProtocol(from: string, to: string): readonly Flow[] {
  const target = `${to}:${SERVER_PORT}`;
  return [tcp(from, target), { from, to: target, protocol: 'udp' }, { from, to, protocol: 'icmp' }];
}
