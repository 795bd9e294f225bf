import type { Cluster, NodePlan } from '../cluster/plan.ts';
import type { Family, TableRules } from '../firewall/restore.ts';
import { modeById } from '../modes/index.ts';
import { endpointChains, policyChains } from './endpoint-chains.ts';
import { MARKS } from './marks.ts';
import { felixRule } from './rule.ts';
import { setName } from './sets.ts';

const CHAINS = [
  'cali-FORWARD',
  'cali-INPUT',
  'cali-OUTPUT',
  'cali-wl-to-host',
  'cali-from-wl-dispatch',
  'cali-to-wl-dispatch',
];
const accepted = `-m mark --mark ${MARKS.accept}/${MARKS.accept}`;

/** Felix's part of the table `filter`. */
export function filterRules(cluster: Cluster, node: NodePlan, family: Family): TableRules {
  const { policies } = cluster;
  const pods = cluster.pods.filter((pod) => pod.node === node);
  const endpoints = pods.map((pod) => endpointChains(pod, policies));
  const policy = policyChains(policies, family);
  const profiles = [...new Set(pods.map(({ namespace }) => namespace))].flatMap((namespace) => [
    `cali-pri-kns.${namespace}`,
    `cali-pro-kns.${namespace}`,
  ]);
  const hosts = pods.map(({ hostInterface }) => hostInterface);
  return {
    chains: [...CHAINS, ...endpoints.flatMap(({ chains }) => chains), ...profiles, ...policy.chains],
    rules: [
      felixRule('-I', 'FORWARD', '-j cali-FORWARD'),
      felixRule('-I', 'INPUT', '-j cali-INPUT'),
      felixRule('-I', 'OUTPUT', '-j cali-OUTPUT'),
      felixRule('-A', 'FORWARD', `${accepted} -j ACCEPT`, 'Policy explicitly accepted packet.'),
      felixRule('-A', 'FORWARD', `-j MARK --set-xmark ${MARKS.accept}/${MARKS.accept}`),
      felixRule('-A', 'cali-FORWARD', `-j MARK --set-xmark 0x0/${MARKS.allButAccept}`),
      felixRule('-A', 'cali-FORWARD', '-i cali+ -j cali-from-wl-dispatch'),
      felixRule('-A', 'cali-FORWARD', '-o cali+ -j cali-to-wl-dispatch'),
      ...inputRules(cluster, family),
      ...outputRules(cluster, family),
      felixRule('-A', 'cali-wl-to-host', '-j cali-from-wl-dispatch'),
      felixRule('-A', 'cali-wl-to-host', '-j ACCEPT', 'Configured DefaultEndpointToHostAction'),
      ...dispatch('cali-from-wl-dispatch', '-i', 'cali-fw-', hosts),
      ...dispatch('cali-to-wl-dispatch', '-o', 'cali-tw-', hosts),
      ...endpoints.flatMap(({ rules }) => rules),
      ...profiles.flatMap((chain) => [
        felixRule(
          '-A',
          chain,
          `-j MARK --set-xmark ${MARKS.accept}/${MARKS.accept}`,
          `Profile ${chain.slice(9)}`,
        ),
        felixRule('-A', chain, `${accepted} -j RETURN`),
      ]),
      ...policy.rules,
    ],
  };
}

/** How packets of the tunnel are told from others, and the set of nodes that may send them. */
function tunnelMatch(
  { options }: Cluster,
  family: Family,
): { readonly match: string; readonly set: string } | undefined {
  const { tunnel } = modeById(options.mode);
  if (tunnel === undefined || family === 6) return undefined;
  return tunnel.kind === 'vxlan'
    ? { match: '-p udp -m multiport --dports 4789', set: setName('all-vxlan-net', family) }
    : { match: '-p ipencap', set: setName('all-hosts-net', family) };
}

function inputRules(cluster: Cluster, family: Family): readonly string[] {
  const tunnel = tunnelMatch(cluster, family);
  const local = '-m addrtype --dst-type LOCAL';
  return [
    ...(tunnel === undefined
      ? []
      : [
          felixRule(
            '-A',
            'cali-INPUT',
            `${tunnel.match} -m set --match-set ${tunnel.set} src ${local} -j ACCEPT`,
            'Allow tunnel packets from Calico hosts',
          ),
          felixRule(
            '-A',
            'cali-INPUT',
            `${tunnel.match} ${local} -j DROP`,
            'Drop tunnel packets from non-Calico hosts',
          ),
        ]),
    felixRule('-A', 'cali-INPUT', '-i cali+ -g cali-wl-to-host'),
    felixRule('-A', 'cali-INPUT', `${accepted} -j ACCEPT`),
    felixRule('-A', 'cali-INPUT', `-j MARK --set-xmark 0x0/${MARKS.all}`),
  ];
}

function outputRules(cluster: Cluster, family: Family): readonly string[] {
  const tunnel = tunnelMatch(cluster, family);
  return [
    felixRule('-A', 'cali-OUTPUT', `${accepted} -j ACCEPT`),
    felixRule('-A', 'cali-OUTPUT', '-o cali+ -j RETURN'),
    ...(tunnel === undefined
      ? []
      : [
          felixRule(
            '-A',
            'cali-OUTPUT',
            `${tunnel.match} -m set --match-set ${tunnel.set} dst -m addrtype --src-type LOCAL -j ACCEPT`,
            'Allow tunnel packets to other Calico hosts',
          ),
        ]),
    felixRule('-A', 'cali-OUTPUT', `-j MARK --set-xmark 0x0/${MARKS.all}`),
  ];
}

function dispatch(
  chain: string,
  direction: string,
  prefix: string,
  hosts: readonly string[],
): readonly string[] {
  return [
    ...hosts.map((host) => felixRule('-A', chain, `${direction} ${host} -g ${prefix}${host}`)),
    felixRule('-A', chain, '-j DROP', 'Unknown interface'),
  ];
}
