import type { NftElement, NftTable } from '../../parsers/nft/index.ts';
import type { CalledService } from './called-service.ts';

/** Commands that write the rules of a service into a node's table `kube-proxy` as another node has them; none where it has none. */
export function copyNftRules(
  service: CalledService,
  own: NftTable,
  others: readonly NftTable[],
): readonly string[] {
  for (const theirs of others) {
    const element = elementOf(theirs, service);
    const chains = chainsBelow(theirs, element?.verdict?.chain);
    if (element?.verdict?.chain === undefined || chains === undefined) continue;
    const table = `${own.family} ${own.name}`;
    const lost = chains.filter((name) => textsOf(own, name) !== textsOf(theirs, name));
    const created = lost.map((name) =>
      own.chains.has(name) ? `nft flush chain ${table} ${name}` : `nft add chain ${table} ${name}`,
    );
    const filled = lost.flatMap((name) =>
      (theirs.chains.get(name)?.rules ?? []).map(({ text }) => `nft add rule ${table} ${name} '${text}'`),
    );
    const { kind, chain } = element.verdict;
    const hasElement = elementOf(own, service)?.verdict?.chain === chain;
    const add = `nft add element ${table} ${mapOf(service)} '{ ${element.key} : ${kind} ${chain} }'`;
    return [...created, ...filled, ...(hasElement ? [] : [add])];
  }
  return [];
}

function mapOf({ isNodePort }: CalledService): string {
  return isNodePort ? 'service-nodeports' : 'service-ips';
}

function elementOf(table: NftTable, service: CalledService): NftElement | undefined {
  const { address, protocol, portNumber, isNodePort } = service;
  const key = [...(isNodePort ? [] : [address]), protocol, String(portNumber)].join(' . ');
  return table.sets.get(mapOf(service))?.elements.find((element) => element.parts.join(' . ') === key);
}

/** A chain and all below it; undefined where some hold only the endpoints of their own node (`local-…`). */
function chainsBelow(table: NftTable, first: string | undefined): readonly string[] | undefined {
  const found = new Set<string>(first === undefined ? [] : [first]);
  for (const name of found) {
    for (const { verdicts } of table.chains.get(name)?.rules ?? []) {
      for (const { chain } of verdicts)
        if (chain !== undefined && chain !== 'mark-for-masquerade') found.add(chain);
    }
  }
  return found.size === 0 || [...found].some((name) => name.startsWith('local-')) ? undefined : [...found];
}

function textsOf(table: NftTable, name: string): string | undefined {
  return table.chains
    .get(name)
    ?.rules.map(({ text }) => text)
    .join('\n');
}
