import { createReadStream } from 'node:fs';
import { loadSnapshot, Network, traceFlow } from '@netvet/core';
import { serviceAddress } from './service-rules.ts';

/** Loads one node with a large dump of rules, until the first packet went through it, then follows packets to many services. */
const [file = '', services = '0'] = process.argv.slice(2);
const TRACES = 2000;

const small = (path: string, text: string) => ({ path, chunks: [new TextEncoder().encode(text)] });

function question(service: number): { readonly from: string; readonly to: string } {
  return { from: 'node/n1', to: `${serviceAddress(service)}:80` };
}

const start = performance.now();
const snapshot = await loadSnapshot([
  small(
    'nodes/n1/ip-addr.txt',
    '1: lo: <LOOPBACK,UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n2: eth0: <BROADCAST,UP> mtu 1500\n    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff\n    inet 192.0.2.1/24 scope global eth0\n',
  ),
  small(
    'nodes/n1/ip-route.txt',
    'default via 192.0.2.254 dev eth0\n192.0.2.0/24 dev eth0 scope link src 192.0.2.1\n',
  ),
  small('nodes/n1/sysctl.txt', 'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\n'),
  { path: 'nodes/n1/iptables-legacy-save.txt', chunks: createReadStream(file, { highWaterMark: 1 << 20 }) },
]);
const network = new Network(snapshot);
const first = traceFlow(network, question(0));
const seconds = (performance.now() - start) / 1000;
const peakMiB = process.resourceUsage().maxRSS / 1024;
if ('error' in first || first.paths.length !== 5)
  throw new Error('the first service was not balanced over 5 ways');

const times: number[] = [];
for (let index = 0; index < TRACES; index++) {
  const asked = question((index * 7919) % Number(services));
  const before = performance.now();
  const answer = traceFlow(network, asked);
  times.push(performance.now() - before);
  if ('error' in answer || answer.paths.length !== 5) throw new Error(`no answer for ${asked.to}`);
}
times.sort((left, right) => left - right);
const medianMilliseconds = times[TRACES >> 1];
process.stdout.write(JSON.stringify({ seconds, peakMiB, medianMilliseconds }));
