import type { Reproduction } from '../reproduction.ts';

const SCHEDULERS = ['rr', 'wrr', 'sh'];

/** kube-proxy falls back to iptables where IPVS or one of these schedulers is missing. */
export const ipvsModules: Reproduction = {
  name: 'ipvs-modules',
  issues: ['kube-proxy/ipvs-prerequisites-missing'],
  method: 'makes an IPVS service with each scheduler that kube-proxy asks for; the kernel refuses one',
  async run(bed) {
    await bed.add('host');
    if ((await bed.try('host', 'command -v ipvsadm')) === undefined) {
      return { result: 'not-possible', measured: 'ipvsadm is not installed here' };
    }
    const refused: string[] = [];
    for (const [index, scheduler] of SCHEDULERS.entries()) {
      const made = await bed.try('host', `ipvsadm -A -t 10.96.0.${index + 1}:80 -s ${scheduler}`);
      if (made === undefined) refused.push(scheduler);
    }
    return refused.length > 0
      ? { result: 'present', measured: `IPVS services with ${refused.join(', ')} are refused` }
      : { result: 'absent', measured: `IPVS services with ${SCHEDULERS.join(', ')} are taken` };
  },
};
