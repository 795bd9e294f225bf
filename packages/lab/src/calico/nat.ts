import type { Cluster } from '../cluster/plan.ts';
import type { Family, TableRules } from '../firewall/restore.ts';
import { modeById } from '../modes/index.ts';
import { MARKS } from './marks.ts';
import { felixRule } from './rule.ts';
import { setName } from './sets.ts';

/** Felix's part of the table `nat`; from 3.28.2 on its chain comes after that of kube-proxy. */
export function natRules({ options }: Cluster, family: Family): TableRules {
  const { tunnel } = modeById(options.mode);
  const device = family === 4 ? tunnel?.device : undefined;
  return {
    chains: ['cali-POSTROUTING', 'cali-PREROUTING', 'cali-nat-outgoing'],
    rules: [
      felixRule('-I', 'PREROUTING', '-j cali-PREROUTING'),
      felixRule('-A', 'POSTROUTING', '-j cali-POSTROUTING'),
      felixRule('-A', 'cali-POSTROUTING', '-j cali-nat-outgoing'),
      ...(device === undefined
        ? []
        : [
            felixRule(
              '-A',
              'cali-POSTROUTING',
              `-o ${device} -m addrtype ! --src-type LOCAL --limit-iface-out -m addrtype --src-type LOCAL -j MASQUERADE --random-fully`,
            ),
          ]),
      felixRule(
        '-A',
        'cali-nat-outgoing',
        `-m set --match-set ${setName('masq-ipam-pools', family)} src -m set ! --match-set ${setName('all-ipam-pools', family)} dst -j MASQUERADE --random-fully`,
      ),
    ],
  };
}

/** Felix's part of the table `raw`: pods may not use addresses of others, and outer packets of VXLAN are not tracked. */
export function rawRules({ options }: Cluster, family: Family): TableRules {
  const isVxlan = family === 4 && modeById(options.mode).tunnel?.kind === 'vxlan';
  const untracked = (chain: string): readonly string[] =>
    isVxlan ? [felixRule('-A', chain, '-p udp -m udp --dport 4789 -j NOTRACK')] : [];
  const fromWorkload = `${MARKS.fromWorkload}/${MARKS.fromWorkload}`;
  return {
    chains: ['cali-OUTPUT', 'cali-PREROUTING', 'cali-rpf-skip'],
    rules: [
      felixRule('-I', 'PREROUTING', '-j cali-PREROUTING'),
      felixRule('-I', 'OUTPUT', '-j cali-OUTPUT'),
      felixRule('-A', 'cali-PREROUTING', `-j MARK --set-xmark 0x0/${MARKS.all}`),
      ...untracked('cali-PREROUTING'),
      felixRule('-A', 'cali-PREROUTING', `-i cali+ -j MARK --set-xmark ${fromWorkload}`),
      felixRule('-A', 'cali-PREROUTING', `-m mark --mark ${fromWorkload} -j cali-rpf-skip`),
      felixRule(
        '-A',
        'cali-PREROUTING',
        `-m mark --mark ${fromWorkload} -m rpfilter --validmark --invert -j DROP`,
      ),
      felixRule('-A', 'cali-OUTPUT', `-j MARK --set-xmark 0x0/${MARKS.all}`),
      ...untracked('cali-OUTPUT'),
    ],
  };
}
