import type { IptablesChain, IptablesTable } from '../../../parsers/iptables-save/index.ts';

/** What the nat table does with one port of a cluster IP. */
export interface ProgrammedPort {
  readonly address: string;
  readonly protocol: string;
  readonly port: number;
  /** Chain that spreads the connections over the endpoints. */
  readonly chain: IptablesChain;
  /** `address:port` of each endpoint in it. */
  readonly targets: ReadonlySet<string>;
}

/**
 * The cluster IPs in `KUBE-SERVICES` whose chain holds all endpoints of the cluster (`KUBE-SVC-…`); those that keep to
 * endpoints of the node (`KUBE-SVL-…`) are left out.
 */
export function programmedPorts(nat: IptablesTable): readonly ProgrammedPort[] {
  const found: ProgrammedPort[] = [];
  for (const { target, text } of nat.chains.get('KUBE-SERVICES')?.rules ?? []) {
    if (target?.startsWith('KUBE-SVC-') !== true) continue;
    const chain = nat.chains.get(target);
    const address = / -d ([0-9a-f.:]+)(?:\/(?:32|128))? /i.exec(` ${text}`)?.[1];
    const protocol = / -p (\w+) /.exec(` ${text}`)?.[1];
    const port = / --dport (\d+) /.exec(` ${text} `)?.[1];
    if (chain === undefined || address === undefined || protocol === undefined || port === undefined)
      continue;
    found.push({
      address,
      protocol: protocol.toUpperCase(),
      port: Number(port),
      chain,
      targets: targetsOf(nat, chain),
    });
  }
  return found;
}

function targetsOf(nat: IptablesTable, chain: IptablesChain): ReadonlySet<string> {
  const targets = new Set<string>();
  for (const { target } of chain.rules) {
    if (target?.startsWith('KUBE-SEP-') !== true) continue;
    for (const rule of nat.chains.get(target)?.rules ?? []) {
      const destination = / --to-destination (\S+)/.exec(rule.text)?.[1];
      if (destination !== undefined) targets.add(destination.toLowerCase());
    }
  }
  return targets;
}

/**
 * Whether the Service chains of a table fit together: each chain jumped to is there, each endpoint chain has its target and
 * is used. A rule lost from a damaged dump leaves a chain without a target or without a user.
 */
export function isConsistent(nat: IptablesTable): boolean {
  const used = new Set<string>();
  for (const { rules } of nat.chains.values()) {
    for (const { target } of rules) {
      if (target === undefined || !/^KUBE-(SEP|SVC|SVL)-/.test(target)) continue;
      if (!nat.chains.has(target)) return false;
      used.add(target);
    }
  }
  return [...nat.chains.values()]
    .filter(({ name }) => name.startsWith('KUBE-SEP-'))
    .every(({ name, rules }) => used.has(name) && rules.some(({ target }) => target === 'DNAT'));
}
