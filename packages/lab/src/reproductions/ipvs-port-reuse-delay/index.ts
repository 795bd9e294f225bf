import { buildBalancedService, PORT, SERVICE } from '../balanced-service.ts';
import type { Reproduction } from '../reproduction.ts';

const CLIENT_PORT = 33_333;
const TRIES = 3;
/** The first retransmission of a SYN comes after 1 s (`TCP_TIMEOUT_INIT`). */
const DELAY_SECONDS = 0.9;

/** `ip_vs_in` dropped the packet that reuses a port to get rid of its conntrack entry (net/netfilter/ipvs/ip_vs_core.c before 5.9). */
export const ipvsPortReuseDelay: Reproduction = {
  name: 'ipvs-port-reuse-delay',
  issues: ['kube-proxy/ipvs-port-reuse-one-second-delay'],
  method:
    'connects several times from one port to an IPVS service with conn_reuse_mode 1; the later connects take 1 s',
  async run(bed) {
    const problem = await buildBalancedService(bed, { conn_reuse_mode: 1 }, ['one']);
    if (problem !== undefined) return { result: 'not-possible', measured: problem };
    const first = await bed.connect('client', SERVICE, PORT, CLIENT_PORT);
    if (first.seconds === undefined) return { result: 'not-possible', measured: 'the first connect fails' };
    const times: number[] = [];
    for (let index = 0; index < TRIES; index++) {
      const { seconds } = await bed.connect('client', SERVICE, PORT, CLIENT_PORT);
      times.push(seconds ?? Number.POSITIVE_INFINITY);
    }
    const slowest = Math.max(...times);
    const shown = times.map((seconds) => `${seconds.toFixed(2)} s`).join(', ');
    return {
      result: slowest >= DELAY_SECONDS ? 'present' : 'absent',
      measured: `connects that reuse a port take ${shown}`,
    };
  },
};
