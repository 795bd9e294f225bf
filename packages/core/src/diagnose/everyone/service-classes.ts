import type { Namespace } from '../../datapath/model/namespace.ts';
import type { Network } from '../../datapath/model/network.ts';
import type { Family } from '../../net/address.ts';
import { nftRulesetProbe } from '../../probes/firewall.ts';
import type { Interner } from './interner.ts';
import { iptablesTables } from './rule-mentions.ts';

/** Nodes by their rules for services: the nodes of one group do the same with packets for services. */
export function nodesByServiceRules(
  network: Network,
  interner: Interner,
  family: Family,
): readonly (readonly string[])[] {
  const rules = new Map<unknown, number>();
  const groups = new Map<number, string[]>();
  for (const { name, host } of network.nodes.values()) {
    const id = rulesOf(host, interner, family, rules);
    const known = groups.get(id);
    if (known === undefined) groups.set(id, [name]);
    else known.push(name);
  }
  return [...groups.values()];
}

/** `known` has the numbers of parts that several nodes have alike. */
function rulesOf(host: Namespace, interner: Interner, family: Family, known: Map<unknown, number>): number {
  let id = 0;
  const add = (part: unknown, number: () => number): void => {
    let own = known.get(part);
    if (own === undefined) {
      own = number();
      known.set(part, own);
    }
    id = interner.pair(id, own);
  };
  for (const { dump, table } of iptablesTables(host, family)) {
    id = interner.pair(id, interner.text(`${dump} ${table.name}`));
    add(table, () => {
      let own = 0;
      for (const { name, rules } of table.chains.values()) {
        // Rules of plugins are for pods, and differ from node to node.
        if (table.name !== 'nat' && !name.startsWith('KUBE-')) continue;
        own = interner.pair(own, interner.text(name));
        for (const { text } of rules) own = interner.pair(own, interner.text(text));
      }
      return own;
    });
  }
  for (const [name, table] of host.evidence.read(nftRulesetProbe)?.value.tables ?? []) {
    if (name.endsWith(' kube-proxy'))
      add(table, () => interner.text(JSON.stringify([name, describe(table)])));
  }
  const services = host.ipvs?.value;
  if (services !== undefined) add(services, () => interner.text(JSON.stringify(services, withoutPlaces)));
  return id;
}

function describe({
  chains,
  sets,
}: {
  chains: ReadonlyMap<string, { rules: readonly { text: string }[] }>;
  sets: ReadonlyMap<string, { elements: readonly unknown[] }>;
}): unknown {
  return [
    [...chains].map(([name, { rules }]) => [name, rules.map(({ text }) => text)]),
    [...sets].map(([name, { elements }]) => [name, JSON.stringify(elements, withoutPlaces)]),
  ];
}

function withoutPlaces(key: string, value: unknown): unknown {
  return ['line', 'pointer', 'packets', 'bytes', 'activeConnections', 'inactiveConnections'].includes(key)
    ? undefined
    : value;
}
