import type { IptablesChain } from '../../../../parsers/iptables-save/index.ts';
import { nftRulesetProbe } from '../../../../probes/firewall.ts';
import { type FactDefinition, from, known, type Origin, unknown } from '../../../fact.ts';
import { at, missingObjects, type Reader } from '../../../reader.ts';
import { iptablesDumps } from '../../iptables-dumps/index.ts';
import { addressOrigin, localPods } from '../local-pods.ts';

/** The rules of one back end that send packets of pods to the chains of their interfaces, and drop all others. */
interface Dispatch {
  readonly file: string;
  readonly complete: boolean;
  readonly directions: readonly Direction[];
}

interface Direction {
  /** Beginning of the name of an interface's chain. */
  readonly chain: 'cali-fw-' | 'cali-tw-';
  /** Chains that are entered. */
  readonly targets: ReadonlySet<string>;
  readonly origin: Origin;
}

const DIRECTIONS = [
  ['from', 'cali-fw-'],
  ['to', 'cali-tw-'],
] as const;

/**
 * Running pods whose interface Calico's rules do not know, so that they drop its packets as those of an unknown
 * interface. Every back end that forwarded packets pass counts, as chains that were left in one drop as well.
 */
export const dispatchFaults: FactDefinition<readonly string[]> = {
  id: 'calico.dispatch-faults',
  title: "pods that Calico's rules do not know",
  level: 'node',
  format: (list) => list.slice(0, 5).join('; ') || 'none',
  compute(read) {
    const local = localPods(read);
    if ('missing' in local) return unknown(local.missing);
    const all = [...iptablesDispatch(read), ...nftDispatch(read)];
    const found = local.pods.flatMap((pod) => {
      const { link } = pod;
      if (link === undefined) return [];
      return all.flatMap(({ file, complete, directions }) => {
        const lost = directions.filter(({ chain, targets }) => !targets.has(`${chain}${link.name}`));
        if (!complete || lost.length === 0) return [];
        const ways = lost.map(({ chain }) => (chain === 'cali-fw-' ? 'from' : 'to')).join(' and ');
        const origins = [
          ...lost.map(({ origin }) => origin),
          addressOrigin(pod.stored),
          at(local.file, link),
        ];
        return [{ text: `packets ${ways} ${pod.name} (${link.name}) in ${file}`, origins }];
      });
    });
    if (found.length > 0) {
      return known(
        found.map(({ text }) => text),
        ...found.slice(0, 3).flatMap(({ origins }) => origins),
      );
    }
    if (!local.complete) return unknown(missingObjects('pods'));
    // Without such a chain Calico's rules may be those of eBPF, or not written at all.
    if (all.length === 0 || all.some(({ complete }) => !complete) || isHalfSeen(read)) return unknown(RULES);
    const files = all.flatMap(({ directions }) => directions.map(({ origin }) => origin));
    return known([], ...files, from(iptablesDumps));
  },
};

const RULES = {
  fact: "Calico's rules in the filter table",
  command: 'iptables-legacy-save; iptables-nft-save',
  where: 'node',
};

/** Whether only one of two back ends was collected. Hosts with the plain command alone have no other. */
function isHalfSeen(read: Reader): boolean {
  const fact = read.fact(iptablesDumps);
  const files = fact.state === 'known' ? fact.value.map(({ file }) => file) : [];
  return files.includes('iptables-legacy-save.txt') !== files.includes('iptables-nft-save.txt');
}

function iptablesDispatch(read: Reader): readonly Dispatch[] {
  const fact = read.fact(iptablesDumps);
  return (fact.state === 'known' ? fact.value : []).flatMap(({ family, save, file, complete }) => {
    const chains = save.tables.get('filter')?.chains;
    if (family !== 4 || chains === undefined || !leadsTo(chains.get('FORWARD'), 'cali-FORWARD')) return [];
    const directions = DIRECTIONS.flatMap(([way, chain]): readonly Direction[] => {
      const first = chains.get(`cali-${way}-wl-dispatch`);
      if (first === undefined || !leadsTo(chains.get('cali-FORWARD'), first.name)) return [];
      // Many interfaces are sorted into chains by the first digits of their names.
      const branches = [...chains.values()].filter(({ name }) => name.startsWith(first.name));
      const targets = branches.flatMap(({ rules }) => rules.flatMap(({ target }) => target ?? []));
      return [{ chain, targets: new Set(targets), origin: at(file, { line: first.line }) }];
    });
    return directions.length === 0 ? [] : [{ file, complete, directions }];
  });
}

function leadsTo(chain: IptablesChain | undefined, name: string): boolean {
  return chain?.rules.some(({ target }) => target === name) === true;
}

/** Felix's own tables: verdict maps from the interface to its chain, whose name has the layer in front. */
function nftDispatch(read: Reader): readonly Dispatch[] {
  const probe = read.probe(nftRulesetProbe);
  if (probe.state === 'missing') return [];
  const table = probe.value.tables.get('ip calico');
  if (table === undefined) return [];
  const maps = [...table.sets.values()].filter(({ dataType }) => dataType === 'verdict');
  const directions = DIRECTIONS.flatMap(([, chain]): readonly Direction[] => {
    const own = maps.filter(({ elements }) =>
      elements.some(({ verdict }) => verdict?.chain?.includes(chain) === true),
    );
    const [first] = own;
    if (first === undefined) return [];
    const targets = own.flatMap(({ elements }) => elements.map(({ verdict }) => chainOf(verdict?.chain)));
    return [{ chain, targets: new Set(targets), origin: at(probe.file, first) }];
  });
  return directions.length === 0
    ? []
    : [{ file: probe.file, complete: probe.complete && table.isComplete, directions }];
}

function chainOf(name = ''): string {
  return name.slice(Math.max(name.search(/cali-[ft]w-/), 0));
}
