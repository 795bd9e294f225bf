import type { Reproduction } from '../reproduction.ts';

const RULE = '-t mangle -A OUTPUT -j MARK --set-xmark 0x4000/0x4000';

/** The target is registered for each family; the defect registered that of IPv6 as one of IPv4 (net/netfilter/xt_mark.c). */
export const ipv6MarkTarget: Reproduction = {
  name: 'ipv6-mark-target',
  issues: ['kernel/ipv6-xt-mark-regression'],
  method: 'adds a rule with the MARK target for IPv4 and for IPv6; the kernel refuses the one for IPv6',
  async run(bed) {
    await bed.add('host');
    const four = await bed.try('host', `iptables-nft ${RULE}`);
    if (four === undefined) {
      return { result: 'not-possible', measured: 'the kernel takes no rule with MARK for IPv4 either' };
    }
    const six = await bed.try('host', `ip6tables-nft ${RULE}`);
    return six === undefined
      ? { result: 'present', measured: 'MARK is taken for IPv4 and refused for IPv6' }
      : { result: 'absent', measured: 'MARK is taken for IPv4 and for IPv6' };
  },
};
